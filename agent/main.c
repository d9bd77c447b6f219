/* SPDX-License-Identifier: GPL-3.0-or-later
 * pacewatch-agent: arguments in, verb out. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/commands.h"
#include "agent/config.h"
#include "core/num.h"

enum { TIMEOUT_S = 60, TIMEOUT_MAX_S = 86400 };

static const char usage[] =
    "usage: pacewatch-agent HOME [--drain]                      watch the inbox and publish\n"
    "       pacewatch-agent HOME check FILE [--format F]        check a file; nothing is written\n"
    "       pacewatch-agent HOME send FILE [--timeout SECONDS]  send a file, wait for its receipt\n"
    "       pacewatch-agent HOME status [--format F]            what the daemon is doing\n"
    "       pacewatch-agent HOME fsck [--format F]              is what it holds whole? Only "
    "looks\n"
    "       pacewatch-agent HOME rotate [--timeout SECONDS]     change the key, over the old one\n"
    "       pacewatch-agent --sample                            a commented agent.yaml\n"
    "       pacewatch-agent --version | --help\n"
    "\n"
    "--drain   stop when the inbox is empty and every row has its receipt\n"
    "--format  table, csv or json (default: table on a terminal, else csv)\n"
    "\n"
    "check and send end with 0 all accepted, 1 accepted with questions, 2 something rejected,\n"
    "3 nothing written or nothing reached the collector, 64 wrong usage; status with 4 when the\n"
    "collector refuses us or is not the one we know; else 0 done, 1 failed.\n";

struct arguments {
    const char *home, *verb, *file;
    enum format format;
    int64_t timeout_s;
    bool is_drain, has_format, has_timeout;
};

static int
wrong(const char *what, const char *text)
{
    fprintf(stderr, "pacewatch-agent: %s%s%s\n\n%s", what, text ? ": " : "", text ? text : "",
            usage);
    return EXIT_USAGE;
}

static int
read_format(const char *text, enum format *ret_format)
{
    static const char *const names[] = { "table", "csv", "json" };
    for (size_t i = 0; text && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(text, names[i]) == 0) {
            *ret_format = (enum format)i;
            return 0;
        }
    }
    return wrong("--format is one of table, csv, json", text);
}

/* Takes option argv[*at]; 0 or the exit code. */
static int
read_option(char **argv, int *at, struct arguments *arguments)
{
    const char *option = argv[*at];
    const char *value = argv[*at + 1]; /* NULL behind the last */
    if (strcmp(option, "--drain") == 0) {
        arguments->is_drain = true;
        return 0;
    }
    ++*at;
    if (strcmp(option, "--format") == 0) {
        arguments->has_format = true;
        return read_format(value, &arguments->format);
    }
    if (strcmp(option, "--timeout") == 0) {
        arguments->has_timeout = true;
        if (value &&
            num_int_parse(value, strlen(value), 1, TIMEOUT_MAX_S, &arguments->timeout_s, NULL) == 0)
            return 0;
        return wrong("--timeout takes seconds, 1 to 86400", value);
    }
    return wrong("unknown option", option);
}

static int
read_arguments(int argc, char **argv, struct arguments *arguments)
{
    const char **const words[] = { &arguments->home, &arguments->verb, &arguments->file };
    size_t count = 0;
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '-' && argv[i][1] == '-') {
            int code = read_option(argv, &i, arguments);
            if (code)
                return code;
        } else if (count < sizeof words / sizeof words[0]) {
            *words[count++] = argv[i];
        } else {
            return wrong("too many arguments", argv[i]);
        }
    }
    return arguments->home && arguments->home[0] ? 0 : wrong("HOME is missing", NULL);
}

static int
run_verb(const struct arguments *arguments)
{
    const char *verb = arguments->verb ? arguments->verb : "";
    bool is_check = strcmp(verb, "check") == 0, is_send = strcmp(verb, "send") == 0;
    bool is_status = strcmp(verb, "status") == 0, is_fsck = strcmp(verb, "fsck") == 0;
    bool is_rotate = strcmp(verb, "rotate") == 0;
    if (verb[0] && !is_check && !is_send && !is_status && !is_fsck && !is_rotate)
        return wrong("unknown verb", verb);
    if ((is_check || is_send) != (arguments->file != NULL))
        return wrong(arguments->file ? "too many arguments" : "FILE is missing", arguments->file);
    if (arguments->is_drain && verb[0])
        return wrong("--drain is for the daemon", NULL);
    if (arguments->has_timeout && !is_send && !is_rotate)
        return wrong("--timeout is for send and rotate", NULL);
    if (arguments->has_format && !is_check && !is_status && !is_fsck)
        return wrong("--format is for check, status and fsck", NULL);
    if (is_check)
        return command_check(arguments->home, arguments->file, arguments->format);
    if (is_send)
        return command_send(arguments->home, arguments->file, (int)arguments->timeout_s);
    if (is_rotate)
        return command_rotate(arguments->home, (int)arguments->timeout_s);
    if (is_status)
        return command_status(arguments->home, arguments->format);
    if (is_fsck)
        return command_fsck(arguments->home, arguments->format);
    return command_run(arguments->home, arguments->is_drain);
}

int
main(int argc, char **argv)
{
    (void)signal(SIGPIPE, SIG_IGN); /* writes report EPIPE instead, */
    (void)signal(SIGXFSZ, SIG_IGN); /* and EFBIG at RLIMIT_FSIZE, as any full disk */
    struct arguments arguments = { .timeout_s = TIMEOUT_S };
    arguments.format = isatty(STDOUT_FILENO) ? FORMAT_TABLE : FORMAT_CSV;
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        printf("pacewatch-agent %s\n", PACEWATCH_VERSION);
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "--sample") == 0) {
        agent_config_sample(stdout);
        return 0;
    }
    int code = read_arguments(argc, argv, &arguments);
    return code ? code : run_verb(&arguments);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * pacewatch-collector SITE: the daemon in the city. */
#include <getopt.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "collector/ledger.h"
#include "collector/collector.h"
#include "collector/painter.h"
#include "collector/site.h"
#include "platform/file.h"
#include "platform/log.h"

static const char usage[] =
    "usage: pacewatch-collector [options] SITE\n"
    "Receives, keeps, projects, judges, alerts and serves pages for the site in folder SITE, in "
    "the foreground.\n"
    "  -n, --check          read settings and catalogue, print the settings' normal form, and "
    "exit\n"
    "  -g, --graph PROGRAM  the drawing worker (default: pacewatch-graph beside this program)\n"
    "  -v, --verbose        log more\n"
    "  -V, --version        print the version\n"
    "  -h, --help           this text\n"
    "TERM and INT stop it, HUP reads settings and catalogue again. Exit: 0 done, 1 failed, 2 wrong "
    "usage.\n";

static const struct option long_options[] = {
    { "check", no_argument, NULL, 'n' },   { "graph", required_argument, NULL, 'g' },
    { "verbose", no_argument, NULL, 'v' }, { "version", no_argument, NULL, 'V' },
    { "help", no_argument, NULL, 'h' },    { NULL, 0, NULL, 0 }
};

static int
check(const char *folder)
{
    struct site site;
    struct err_note note = { "" };
    if (site_open(folder, &site, &note) != 0) {
        (void)fprintf(stderr, "%s\n", note.text);
        return 1;
    }
    site_print_settings(stdout, &site.settings);
    site_close(&site);
    return 0;
}

/* Strangers who connect and say nothing use up descriptors (docs/libraries.md, Z-FDS): as many as
 * the system allows, and those that packaging/systemd asks for. */
static void
raise_descriptors(void)
{
    enum { WANTED = 65536 };
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= WANTED)
        return;
    limit.rlim_cur = limit.rlim_max < WANTED ? limit.rlim_max : WANTED;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        log_warning("collector", "the limit of descriptors could not be raised");
}

int
main(int argc, char **argv)
{
    char graph[FILE_PATH_MAX] = "";
    bool only_check = false;
    int option;
    while ((option = getopt_long(argc, argv, "ng:vVh", long_options, NULL)) != -1) {
        switch (option) {
        case 'n':
            only_check = true;
            break;
        case 'g':
            (void)snprintf(graph, sizeof graph, "%s",
                           optarg); /* a cut path is not found, and said so */
            break;
        case 'v':
            log_set_level(LOG_LEVEL_DEBUG);
            break;
        case 'V':
            (void)printf("pacewatch-collector %s\n", PACEWATCH_VERSION);
            return 0;
        case 'h':
            (void)fputs(usage, stdout);
            return 0;
        default:
            (void)fputs(usage, stderr);
            return 2;
        }
    }
    if (argc - optind != 1) {
        (void)fputs(usage, stderr);
        return 2;
    }
    if (only_check)
        return check(argv[optind]);
    if (!graph[0] && painter_program(graph) != 0) {
        (void)fputs("pacewatch-collector: cannot find pacewatch-graph; use --graph\n", stderr);
        return 1;
    }
    raise_descriptors();
    ledger_prepare();
    struct err_note note = { "" };
    struct collector_settings settings = { .folder = argv[optind], .graph_program = graph };
    if (collector_run(&settings, &note) != 0) {
        log_error("collector", "%s", note.text);
        return 1;
    }
    log_info("collector", "stopped");
    return 0;
}

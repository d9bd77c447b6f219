/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agent/commands.h"
#include "agent/config.h"
#include "agent/output.h"
#include "agent/spool.h"
#include "agent/status.h"
#include "agent/words.h"
#include "core/csv.h"
#include "platform/file.h"

/* No daemon runs: the spool says where things stand. It is only looked at, for a daemon may start
 * meanwhile. */
static int
status_at_rest(const char *home, const struct agent_config *config, struct status *status,
               struct err_note *note)
{
    char path[FILE_PATH_MAX];
    struct spool_standing standing = { .last = 0 };
    if (status_read(home, status, NULL))
        memset(status, 0, sizeof *status); /* never ran */
    int code = file_join(path, home, "spool");
    if (!code)
        code = spool_survey(path, &standing, note);
    if (code && code != ERR_ABSENT) /* without a spool nothing has come in yet */
        return code;
    words_say(status->daemon, sizeof status->daemon, config->lang, "未运行", "not running");
    status->state[0] = '\0';
    words_say(status->link, sizeof status->link, config->lang, "%s", "%s", "");
    words_say(status->session, sizeof status->session, config->lang, "%s", "%s", "");
    words_say(status->next_key, sizeof status->next_key, config->lang, "%s", "%s", "");
    words_say(status->publisher, sizeof status->publisher, config->lang, "%s", "%s",
              config->publisher);
    words_say(status->collector, sizeof status->collector, config->lang, "%s", "%s",
              config->collector);
    status->stream[0] = '\0';
    if (!code)
        hash_hex(standing.stream, WIRE_STREAM_ID, status->stream);
    (void)snprintf(status->spooled, sizeof status->spooled, "%" PRIu64, standing.last);
    (void)snprintf(status->cursor, sizeof status->cursor, "%" PRIu64, standing.cursor);
    (void)snprintf(status->waiting, sizeof status->waiting, "%" PRIu64,
                   standing.last - standing.cursor);
    return 0;
}

static void
pad_to(size_t columns, const char *text)
{
    for (size_t used = text_columns(text); used < columns; used++)
        fputc(' ', stdout);
}

static void
print_line(const struct status_line *line, enum format format, bool is_first)
{
    char cell[1024];
    if (format == FORMAT_JSON) {
        printf("%s  ", is_first ? "{\n" : ",\n");
        output_json_text(line->key);
        printf(": ");
        output_json_text(line->text);
    } else if (format == FORMAT_CSV) {
        (void)csv_quote(line->text, cell, sizeof cell);
        printf("%s%s,%s\n", is_first ? "key,value\n" : "", line->key, cell);
    } else if (line->text[0]) {
        printf("%s", line->label);
        pad_to(24, line->label);
        printf("%s\n", line->text);
    }
}

int
command_status(const char *home, enum format format)
{
    struct err_note note = { { 0 } };
    struct agent_config config;
    struct status status;
    int code = agent_config_read(home, false, &config, &note);
    if (!code) {
        int runs = file_folder_is_locked(home, &note);
        code = runs < 0 ? runs
               : runs   ? status_read(home, &status, &note)
                        : status_at_rest(home, &config, &status, &note);
    }
    if (code) {
        fprintf(stderr, "pacewatch-agent: %s\n", note.text);
        return 1;
    }
    struct status_line line;
    for (size_t i = 0; status_line(&status, i, config.lang, &line); i++)
        print_line(&line, format, i == 0);
    if (format == FORMAT_JSON)
        printf("\n}\n");
    if (fflush(stdout) != 0)
        return 1;
    return strcmp(status.state, STATUS_REFUSED) == 0 ||
                   strcmp(status.state, STATUS_WRONG_SERVER) == 0
               ? EXIT_REFUSED
               : 0;
}

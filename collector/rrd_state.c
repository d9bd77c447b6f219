/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/rrd_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/hash.h"

enum {
    STATE_MAX = 1024,
    READ_SECONDS = 60,
    DRAWN_AS = 2, /* counts up with every change of an archive's bytes */
};

static void
print_state(const struct site *site, struct ledger *ledger, int64_t position, bool is_clean,
            char text[STATE_MAX])
{
    uint8_t id[WIRE_STREAM_ID];
    uint64_t generation = 0;
    char hex[2 * WIRE_STREAM_ID + 1];
    ledger_identity(ledger, id, &generation);
    (void)snprintf(text, STATE_MAX,
                   "position %" PRId64 "\narchives %d\nledger %s %" PRIu64 "\ncatalogue %s\n%s\n",
                   position, DRAWN_AS, hash_hex(id, sizeof id, hex), generation,
                   catalogue_version(site->store),
                   is_clean ? "clean" : "running"); /* its parts are short */
}

struct rrd_state
rrd_state_read(const struct site *site, struct ledger *ledger)
{
    static const char word[] = "position ";
    const size_t length = sizeof word - 1;
    struct rrd_state state = { .position = 0 };
    char path[FILE_PATH_MAX], clean[STATE_MAX], running[STATE_MAX];
    char *text = NULL;
    size_t size = 0;
    if (site_path(site, "rrd/state", path) != 0 ||
        file_read(path, STATE_MAX, &text, &size, NULL) != 0)
        return state;
    if (strncmp(text, word, length) == 0 &&
        num_int_parse(text + length, strcspn(text + length, "\n"), 0, INT64_MAX, &state.position,
                      NULL) == 0) {
        print_state(site, ledger, state.position, true, clean);
        print_state(site, ledger, state.position, false, running);
        state.is_clean = strcmp(text, clean) == 0;
        state.is_ours = state.is_clean || strcmp(text, running) == 0;
    }
    free(text);
    return state;
}

int
rrd_state_write(const struct site *site, struct ledger *ledger, int64_t position,
                enum rrd_mark mark, struct err_note *note)
{
    char text[STATE_MAX], path[FILE_PATH_MAX];
    print_state(site, ledger, position, mark == RRD_CLEAN, text);
    int code = site_path(site, "rrd/state", path);
    if (code != 0)
        return code;
    return mark == RRD_RUNNING_FURTHER
               ? file_write_again(path, text, strlen(text), 0644, READ_SECONDS, note)
               : file_write(path, text, strlen(text), 0644, note);
}

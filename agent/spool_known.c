/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/spool_known.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void
known_done(struct known *known)
{
    free(known->files);
    memset(known, 0, sizeof *known);
}

int
known_add(struct known *known, const uint8_t *end, size_t size, uint64_t first, uint64_t last)
{
    struct record record;
    int code = record_unpack(end, size, &record, NULL);
    if (code || record.type != RECORD_FILE_END)
        return code == -ENOMEM ? code : 0;
    if (known->count == known->room) {
        size_t room = known->room ? known->room * 2 : 32;
        struct known_file *grown = realloc(known->files, room * sizeof *grown);
        if (!grown)
            return -ENOMEM;
        known->files = grown;
        known->room = room;
    }
    struct known_file *file = &known->files[known->count++];
    memcpy(file->sha256, record.as.end.sha256, RECORD_SHA256);
    file->first = first;
    file->last = last;
    return 0;
}

bool
known_find(const struct known *known, const uint8_t sha256[RECORD_SHA256], uint64_t *ret_first,
           uint64_t *ret_last)
{
    bool is_found = false;
    for (size_t i = 0; i < known->count; i++) {
        const struct known_file *file = &known->files[i];
        if (memcmp(file->sha256, sha256, RECORD_SHA256) != 0 || (is_found && file->first == 0))
            continue;
        is_found = true;
        *ret_first = file->first;
        *ret_last = file->last;
    }
    return is_found;
}

void
known_forget_places(struct known *known)
{
    for (size_t i = 0; i < known->count; i++)
        known->files[i].first = known->files[i].last = 0;
}

static int
survey_group(void *context, const struct spool_payload *payloads, size_t count, uint64_t first)
{
    (void)first;
    struct known *known = context;
    const struct spool_payload *last = &payloads[count - 1];
    return known ? known_add(known, last->bytes, last->size, 0, 0) : 0;
}

int
known_survey(const char *folder, const uint8_t id[WIRE_STREAM_ID], struct known *known,
             int64_t *ret_newest, uint64_t *ret_uptime)
{
    struct stream_walker walker = { .context = known, .group = survey_group };
    int code = stream_walk(folder, id, &walker, NULL);
    *ret_newest = walker.newest;
    *ret_uptime = walker.uptime;
    return code;
}

bool
known_may_pass(int code)
{
    bool is_systems = code < 0 && code > ERR_SYNTAX;
    return is_systems && code != -ENOENT && code != -ENOTDIR;
}

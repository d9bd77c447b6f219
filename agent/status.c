/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/status.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/words.h"
#include "platform/file.h"

static const struct status_field {
    const char *key;
    size_t offset, size;
    const char *zh, *en;
} fields[] = {
#define X(field, size, zh, en) { #field, offsetof(struct status, field), (size), (zh), (en) },
    STATUS_TABLE(X)
#undef X
};

enum { FIELD_COUNT = sizeof fields / sizeof fields[0], STATUS_MAX = 8192 };

static const char *
field_text(const struct status *status, const struct status_field *field)
{
    return (const char *)status + field->offset;
}

int
status_write(const char *home, const struct status *status, struct err_note *note)
{
    char path[FILE_PATH_MAX], text[STATUS_MAX];
    size_t used = 0;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        int n = snprintf(text + used, sizeof text - used, "%s: %s\n", fields[i].key,
                         field_text(status, &fields[i]));
        used += n > 0 ? (size_t)n : 0; /* the fields together are far smaller */
    }
    int code = file_join(path, home, "status.txt");
    if (code)
        return err_set(note, code, "the path of the home is too long");
    return file_write(path, text, used, 0644, note);
}

/* Takes one "key: value". */
static void
take_line(struct status *status, const char *line)
{
    const char *colon = strstr(line, ": ");
    size_t length = colon ? (size_t)(colon - line) : 0;
    for (size_t i = 0; colon && i < FIELD_COUNT; i++) {
        if (strlen(fields[i].key) != length || memcmp(fields[i].key, line, length) != 0)
            continue;
        const char *text = colon + 2;
        text_clean(text, strlen(text), (char *)status + fields[i].offset, fields[i].size);
    }
}

int
status_read(const char *home, struct status *ret_status, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    char *text = NULL;
    size_t size = 0;
    int code = file_join(path, home, "status.txt");
    if (!code)
        code = file_read(path, STATUS_MAX, &text, &size, note);
    if (code)
        return code;
    memset(ret_status, 0, sizeof *ret_status);
    for (char *line = text, *end; *line; line = end) {
        end = line + strcspn(line, "\n");
        if (*end)
            *end++ = '\0';
        take_line(ret_status, line);
    }
    free(text);
    return 0;
}

int
status_line(const struct status *status, size_t index, enum lang lang, struct status_line *ret_line)
{
    if (index >= FIELD_COUNT)
        return 0;
    const struct status_field *field = &fields[index];
    *ret_line = (struct status_line){ field->key, words_pick(lang, field->zh, field->en),
                                      field_text(status, field) };
    return 1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/err.h"

#include <stdio.h>
#include <string.h>

#include "core/pure.h"

const char *
err_text(int code)
{
    switch (code) {
#define X(name, value, text) \
    case name:               \
        return text;
        ERR_TABLE(X)
#undef X
    default:
        return code < 0 && code > -2000 ? strerror(-code) : "no error";
    }
}

int
err_set(struct err_note *note, int code, const char *format, ...)
{
    if (!note)
        return code;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(note->text, sizeof note->text, format, args); /* a cut text is still a text */
    va_end(args);
    return code;
}

int
err_prefix(struct err_note *note, int code, const char *format, ...)
{
    if (!note)
        return code;
    char old[sizeof note->text];
    memcpy(old, note->text, sizeof old);
    va_list args;
    va_start(args, format);
    int n = vsnprintf(note->text, sizeof note->text, format, args);
    va_end(args);
    if (n >= 0 && (size_t)n < sizeof note->text - 3) {
        int room = (int)sizeof note->text - n - 3; /* what does not fit is cut */
        (void)snprintf(note->text + n, sizeof note->text - (size_t)n, ": %.*s", room,
                       old[0] ? old : err_text(code));
    }
    return code;
}

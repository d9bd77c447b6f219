/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/call.h"

#include <stdarg.h>

static void complain(const struct call *call, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void
complain(const struct call *call, const char *format, va_list args)
{
    char words[2048];
    (void)vsnprintf(words, sizeof words, format, args); /* a cut text is still a text */
    (void)fflush(call->out); /* what was listed stands before the complaint */
    (void)fprintf(stderr, "pacewatch %s: %s\n", call->usage->words, words);
}

int
call_fail(const struct call *call, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    complain(call, format, args);
    va_end(args);
    return CALL_FAILED;
}

int
call_misuse(const struct call *call, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    complain(call, format, args);
    va_end(args);
    (void)fprintf(stderr,
                  SAY(call->lang, "用法见：pacewatch %s --help\n", "see: pacewatch %s --help\n"),
                  call->usage->words);
    return CALL_USAGE;
}

int
call_fail_note(const struct call *call, int code, const struct err_note *note)
{
    return call_fail(call, "%s", note->text[0] ? note->text : err_text(code));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/cal.h"
#include "core/text.h"
#include "platform/clock.h"

enum { LINE_MAX_BYTES = 1024 }; /* with the newline */

/* The sink is one of the mutable globals that ARCHITECTURE.md lists. */
static _Atomic int highest = LOG_LEVEL_INFO;
static pthread_mutex_t sink_lock = PTHREAD_MUTEX_INITIALIZER;
static void (*sink_function)(void *context, enum log_level level, const char *line);
static void *sink_context;

void
log_set_level(enum log_level level)
{
    atomic_store(&highest, (int)level);
}

void
log_set_sink(void (*sink)(void *context, enum log_level level, const char *line), void *context)
{
    (void)pthread_mutex_lock(&sink_lock);
    sink_function = sink;
    sink_context = context;
    (void)pthread_mutex_unlock(&sink_lock);
}

/* Length of the readable character at `text`, or 0 when its first byte has to be escaped. */
static size_t
character_length(const char *text, size_t left)
{
    unsigned char lead = (unsigned char)text[0];
    size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return length <= left && text_is_clean(text, length, length) ? length : 0;
}

/* Appends `text` to line[size] from `at`, escaping what a terminal or a log reader could misread;
 * never cuts a character. */
static size_t
append_escaped(char *line, size_t size, size_t at, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        size_t length = character_length(text, left);
        size_t needed = length > 0 ? length : 4;
        if (at + needed >= size)
            break;
        if (length > 0) {
            memcpy(line + at, text, length);
        } else {
            static const char digits[] = "0123456789abcdef";
            unsigned char byte = (unsigned char)*text;
            memcpy(line + at, "\\x", 2);
            line[at + 2] = digits[byte >> 4];
            line[at + 3] = digits[byte & 15];
            length = 1;
        }
        at += needed;
        text += length;
        left -= length;
    }
    line[at] = '\0';
    return at;
}

static const char *
level_word(enum log_level level)
{
    switch (level) {
    case LOG_LEVEL_ERROR:
        return "error";
    case LOG_LEVEL_WARNING:
        return "warning";
    case LOG_LEVEL_INFO:
        return "info";
    case LOG_LEVEL_DEBUG:
        return "debug";
    }
    return "?";
}

/* One write(2) a line, so that lines of several threads do not mix. */
static void
write_line(const char *line, size_t length)
{
    while (length > 0) {
        ssize_t n = write(STDERR_FILENO, line, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return; /* nowhere left to say it */
        line += n;
        length -= (size_t)n;
    }
}

/* Makes the line and hands it on; `message` is still as it was formatted. */
static void
log_line(enum log_level level, const char *module, const char *message)
{
    int64_t now = clock_wall_ms();
    char stamp[CAL_TEXT_MAX];
    (void)cal_instant_print((struct wall_time){ now / 1000 }, stamp);
    stamp[strcspn(stamp, "Z")] = '\0';

    char line[LINE_MAX_BYTES + 1];
    int n =
        snprintf(line, LINE_MAX_BYTES, "%s.%03dZ %s ", stamp, (int)(now % 1000), level_word(level));
    size_t at = n > 0 ? (size_t)n : 0;
    at = append_escaped(line, LINE_MAX_BYTES, at, module);
    at = append_escaped(line, LINE_MAX_BYTES, at, " ");
    at = append_escaped(line, LINE_MAX_BYTES, at, message);

    (void)pthread_mutex_lock(&sink_lock);
    if (sink_function) {
        sink_function(sink_context, level, line);
    } else {
        line[at++] = '\n';
        write_line(line, at);
    }
    (void)pthread_mutex_unlock(&sink_lock);
}

#define LOG_FUNCTION(name, level)                                                                \
    void name(const char *module, const char *format, ...)                                       \
    {                                                                                            \
        if ((int)(level) > atomic_load(&highest))                                                \
            return;                                                                              \
        int saved_errno = errno;                                                                 \
        char message[LINE_MAX_BYTES] = "";                                                       \
        va_list args;                                                                            \
        va_start(args, format);                                                                  \
        (void)vsnprintf(message, sizeof message, format, args); /* a cut text is still a text */ \
        va_end(args);                                                                            \
        log_line(level, module, message);                                                        \
        errno = saved_errno;                                                                     \
    }

LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)
LOG_FUNCTION(log_warning, LOG_LEVEL_WARNING)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG)

/* SPDX-License-Identifier: GPL-3.0-or-later
 * The programs' log: one line on stderr each: time, level, module, message, key=value. error =
 * someone must act; warning = we went on, and how; info = rare changes; debug = for developers.
 * Libraries return errors; programs log them, once. */
#ifndef PACEWATCH_PLATFORM_LOG_H
#define PACEWATCH_PLATFORM_LOG_H

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Lines above this level are dropped. Default: info. */
void log_set_level(enum log_level level);

/* For tests: hands each finished line (without '\n') to `sink` instead of stderr; NULL restores
 * stderr. */
void log_set_sink(void (*sink)(void *context, enum log_level level, const char *line),
                  void *context);

/* Control characters in the text are escaped; a line is cut at 1 KiB. Safe from any thread. */
void log_error(const char *module, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_warning(const char *module, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_info(const char *module, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_debug(const char *module, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif

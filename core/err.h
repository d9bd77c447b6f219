/* SPDX-License-Identifier: GPL-3.0-or-later
 * Errors: one table of our codes, and a note that carries words for people.
 *
 * A function that can fail returns 0 or a negative code: -errno for the system's, ERR_... for ours.
 * Words travel beside the code in an optional `struct err_note *`; each level prefixes where it
 * was: "open catalogue: targets.csv line 12: unknown unit 'mou'". */
#ifndef PACEWATCH_CORE_ERR_H
#define PACEWATCH_CORE_ERR_H

#include <stdarg.h>
#include <stddef.h>

/* Ours start at -2000, below any errno. */
#define ERR_TABLE(X)                                            \
    X(ERR_SYNTAX, -2001, "cannot be read as what it should be") \
    X(ERR_RANGE, -2002, "out of range")                         \
    X(ERR_UNKNOWN, -2003, "unknown name")                       \
    X(ERR_CONFLICT, -2004, "contradicts something else")        \
    X(ERR_FULL, -2005, "no room left in a bounded place")       \
    X(ERR_DAMAGED, -2006, "stored data is damaged")             \
    X(ERR_REFUSED, -2007, "not allowed")                        \
    X(ERR_VERSION, -2008, "version not supported")              \
    X(ERR_BUSY, -2009, "in use by another process")             \
    X(ERR_LIBRARY, -2010, "a library failed")                   \
    X(ERR_TIMEOUT, -2011, "took too long")                      \
    X(ERR_ABSENT, -2012, "not there")

enum err_code {
#define X(name, value, text) name = (value),
    ERR_TABLE(X)
#undef X
};

/* Words for people. Zero-initialise; `text` is always terminated. */
struct err_note {
    char text[512];
};

/* Short English text of any code, ours or -errno. Never NULL. */
const char *err_text(int code);

/* Sets the note (if not NULL) and returns `code`, so that `return err_set(note, ERR_RANGE, "...")`
 * reads well. Text that does not fit is cut. */
int err_set(struct err_note *note, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "prefix: " in front of what the note says, and returns `code`. */
int err_prefix(struct err_note *note, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif

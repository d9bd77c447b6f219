/* SPDX-License-Identifier: GPL-3.0-or-later
 * Text from outside: is it UTF-8 that people can read, and how is it cut. */
#ifndef PACEWATCH_CORE_TEXT_H
#define PACEWATCH_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The two languages every message, page and picture speaks. */
enum lang { LANG_ZH, LANG_EN };

/* Is it well-formed UTF-8 (no overlong forms, no surrogates)? */
bool text_is_utf8(const char *text, size_t length);

/* Is it UTF-8 of at most `max` bytes without NUL, control characters (C0, C1, DEL) or bidirectional
 * overrides? */
bool text_is_clean(const char *text, size_t length, size_t max);

/* The longest prefix of at most `max` bytes that does not cut a character. */
size_t text_cut(const char *text, size_t length, size_t max);

/* Compares two names as a clerk writes them: blanks (also full-width) are ignored, full-width ASCII
 * and brackets equal half-width ones. */
bool text_same_name(const char *a, const char *b);

/* A hash under which names that text_same_name calls equal are equal. */
uint64_t text_name_hash(const char *name);

/* Copies text[length] so that text_is_clean holds for the copy: '?' for what is no UTF-8 and for
 * control characters (blank for line ends and tabs), cut to fit `size` bytes with its NUL. Returns
 * `copy`. */
char *text_clean(const char *text, size_t length, char *copy, size_t size);

enum { TEXT_QUOTE_MAX = 64 };

/* Text from outside for a message: cut to fit `quoted` (TEXT_QUOTE_MAX bytes) at a character, "..."
 * where cut, and '?' for every control character and every byte that is no UTF-8. Returns `quoted`.
 */
char *text_quote(const char *text, size_t length, char *quoted);

/* Is `text` a catalogue id: 1..48 bytes of [a-z0-9-], with '+' between the members of a joint area?
 */
bool text_is_id(const char *text, size_t length);

/* Number of columns `text` takes on a terminal: East Asian wide characters count two. */
size_t text_columns(const char *text);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 * A growing text, and the one way into it. Markup comes from literals only; every string argument
 * is escaped, so text from outside cannot become markup: html_put(html, "<td title=\"%s\">%s</td>",
 * note, name). The same escape serves text and quoted attributes. */
#ifndef PACEWATCH_PAGES_HTML_H
#define PACEWATCH_PAGES_HTML_H

#include <stdbool.h>
#include <stddef.h>

enum { HTML_MAX = 16 << 20 }; /* bytes of one page */

/* Zero-initialise. Once out of memory or over HTML_MAX it is broken and stays so; writing to it is
 * harmless. */
struct html {
    char *bytes; /* ends with NUL unless NULL */
    size_t size;
    size_t capacity;
    bool is_broken;
};

/* Writes the format as it stands; the conversions are %s (escaped), %d, %u, %ld, %lld, %zu and %%,
 * bare. Any other breaks the text. */
void html_put(struct html *html, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Escapes & < > " ' and replaces control characters by U+FFFD. */
void html_text(struct html *html, const char *text);

/* One component of a URL: everything but letters, digits and -._~ is percent-encoded. The result
 * needs no further escape. */
void html_url(struct html *html, const char *text);

/* Bytes as they are: for what is not HTML (metrics, plain text, pictures). */
void html_bytes(struct html *html, const char *bytes, size_t size);

void html_done(struct html *html);

#endif

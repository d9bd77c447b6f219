/* SPDX-License-Identifier: GPL-3.0-or-later
 * The frame of every page, and the pieces they share. Each writes to page->out. */
#ifndef PACEWATCH_PAGES_LAYOUT_H
#define PACEWATCH_PAGES_LAYOUT_H

#include "collector/pages/model.h"

/* From the doctype to the open <main>; `here` is the entry of the navigation this page belongs to
 * (W_MATRIX, W_ALERTS, W_FEEDS). */
void layout_begin(struct page *page, enum word here, const char *title);
void layout_end(struct page *page);

/* ` href="/a/b/c?..."`: segments that are NULL end the path; month, as_of and lang are carried on
 * when the request gave them. */
void layout_href(const struct page *page, const char *a, const char *b, const char *c);

/* `<a href="/area/AREA/INDICATOR...">`; the caller closes it. */
void layout_target_link(const struct page *page, const struct cat_target *target);

/* What a picture's address asks for. NULL: what the address means without it. */
struct layout_picture {
    const char *area, *indicator;
    const char *format; /* "svg", "png" */
    const char *chart;
    const char *size;
    const char *theme;
};

/* The address, without attribute, for the page's month and day. */
void layout_picture(const struct page *page, const struct layout_picture *picture);

/* Month (where the page speaks of one), day and button. */
void layout_selector(struct page *page, bool has_month);

#endif

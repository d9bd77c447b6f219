/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pieces the pages are put together from. Each writes to page->out. */
#ifndef PACEWATCH_PAGES_PIECES_H
#define PACEWATCH_PAGES_PIECES_H

#include "collector/pages/model.h"

/* Number of targets by level, as sign, word and number. */
void piece_counts(struct page *page, const struct model *model);

/* The notice for a page with simulated values; nothing without. */
void piece_simulated_notice(struct page *page, bool has_simulated);

/* `<span class="lv lv-warn">▲ 预警</span>` */
void piece_level(struct page *page, enum level level);

/* The head of a column; that of numbers stands right, as they do. */
void piece_head(struct page *page, enum word word, bool is_number);

/* The latest value with unit, its data month where it is older than the month shown, and the mark
 * of a simulated one. */
void piece_latest(struct page *page, const struct verdict *verdict);

/* Is it printed as a phrase of the text, and not as a cell of a table? */
bool piece_is_phrase(const struct cat_target *target);

/* The cell as printed, or what an empty cell is called. */
void piece_printed(struct page *page, const struct cat_target *target);

/* Value and unit in small letters. */
void piece_with_unit(struct page *page, const char *value, const struct cat_unit *unit);

/* A wall time for people, with the UTC instant behind it. */
void piece_moment(struct page *page, struct wall_time when);

/* A table of targets, one a row: what /area and the list of city targets show. */
enum piece_columns { PIECE_BY_INDICATOR, PIECE_BY_AREA };
void piece_targets_begin(struct page *page, enum piece_columns columns, const char *caption);
void piece_targets_group(struct page *page, const char *group);
void piece_targets_row(struct page *page, enum piece_columns columns,
                       const struct verdict *verdict);
void piece_targets_end(struct page *page);

/* A section with a picture: small screens and dark ones get their own, and below are the addresses
 * of the large one, the one for paper and the one for mail. `chart` NULL: the trend. */
void piece_picture(struct page *page, enum word heading, const struct cat_area *area,
                   const struct cat_indicator *indicator, const char *chart, const char *alt);

#endif

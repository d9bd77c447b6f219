/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a new version of a catalogue changes, as data and in words. Objects are the same when their
 * ids are; versions of a target are compared in their order, and one that the old catalogue has not
 * with the version before it. A field is called as its column (data/README.md). What has no effect
 * is no difference: the order of rows, how a number's unit bracket is written.
 */
#ifndef PACEWATCH_CORE_CATALOGUE_DIFF_H
#define PACEWATCH_CORE_CATALOGUE_DIFF_H

#include "core/catalogue.h"

/* X(enum, id, zh, en) */
#define CAT_CHANGE_TABLE(X)                      \
    X(CAT_CHANGED, "changed", "修改", "changed") \
    X(CAT_ADDED, "added", "新增", "added")       \
    X(CAT_REMOVED, "removed", "删除", "removed")

enum cat_change {
#define X(name, id, zh, en) name,
    CAT_CHANGE_TABLE(X)
#undef X
};

const char *cat_change_name(enum cat_change change);

/* What one row of a table is: "target", "indicator", ...; in words "目标", "target". */
const char *cat_object_name(enum cat_table table);
const char *cat_object_word(enum cat_table table, enum lang lang);

/* All texts live as long as the visit; those of old and new are "" where there is nothing. */
struct cat_difference {
    enum cat_table table;
    const char *id;
    enum cat_change change;
    const char *field; /* the column; "" for an object added or removed */
    struct cat_name field_name;
    const char *old_text; /* as in the table; of a whole object its name, of a whole target its */
    const char *new_text; /* text as printed */
    const struct cat_name *old_name; /* of what the text is the id of, else NULL */
    const struct cat_name *new_name;
    const struct cal_date *since; /* a new version of a target: in force from this day; else NULL */
    const void *object;           /* the struct cat_target, ... : the new one, or the one removed */
};

/* Anything but 0 ends the walk. */
typedef int cat_difference_visitor(void *context, const struct cat_difference *difference);

/* Visits every difference: table by table as catalogue_parse reads them, in a table the objects of
 * the old version in their order, changed (by column) or removed, then those added, then aliases
 * taken away and given. Returns what the last visit returned. Lists longer than CAT_DIFF_LIST_MAX
 * are told by their beginning and a check sum. */
int catalogue_diff(const struct catalogue *old_catalogue, const struct catalogue *new_catalogue,
                   cat_difference_visitor *visit, void *context);

enum { CAT_DIFF_LIST_MAX = 3072, CAT_DIFF_WORDS_MAX = 4096 };

/* "目标 f1-2-anji（安吉 规上工业增加值增长）：目标值 5 → 6",
 * "target f1-2-anji (Anji County, Growth of ...): value 5 -> 6". `text` has CAT_DIFF_WORDS_MAX
 * bytes; what does not fit is cut. Returns `text`. */
char *cat_difference_words(const struct cat_difference *difference, enum lang lang, char *text);

#endif

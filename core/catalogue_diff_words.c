/* SPDX-License-Identifier: GPL-3.0-or-later
 * Differences in words. */
#include "core/catalogue_diff.h"

#include <stdio.h>
#include <string.h>

#include "core/pure.h"

enum { PIECE_MAX = CAT_DIFF_WORDS_MAX / 2, SINCE_MAX = CAL_TEXT_MAX + 8 };

/* Cuts what snprintf had no room for, at a character. */
static void
trim(char *text, size_t size, int printed)
{
    if (printed < 0)
        text[0] = '\0';
    else if ((size_t)printed >= size)
        text[text_cut(text, size - 1, size - 2)] = '\0';
}

static const struct cat_name *
object_name(enum cat_table table, const void *object)
{
    switch (table) {
    case CAT_AREAS:
        return &((const struct cat_area *)object)->name;
    case CAT_UNITS:
        return &((const struct cat_unit *)object)->name;
    case CAT_OWNERS:
        return &((const struct cat_owner *)object)->name;
    case CAT_CALENDARS:
        return &((const struct cat_calendar *)object)->name;
    case CAT_HOLIDAYS:
        return &((const struct cat_holiday *)object)->name;
    case CAT_INDICATORS:
        return &((const struct cat_indicator *)object)->name;
    case CAT_PROFILES:
        return &((const struct cat_profile *)object)->name;
    case CAT_BANDS:
        return &((const struct cat_bands *)object)->name;
    case CAT_PUBLISHERS:
        return &((const struct cat_publisher *)object)->name;
    case CAT_TARGETS:
    case CAT_REMARKS: /* its name is the whole remark */
    case CAT_TABLE_COUNT:
        break;
    }
    return NULL;
}

/* "目标 f1-2-anji（安吉 规上工业增加值增长）" */
static void
print_title(const struct cat_difference *difference, enum lang lang, char *text)
{
    const struct cat_name *name = object_name(difference->table, difference->object);
    const struct cat_name *more = NULL;
    if (difference->table == CAT_TARGETS) {
        const struct cat_target *target = difference->object;
        name = &target->area->name;
        more = &target->indicator->name;
    }
    if (difference->table == CAT_REMARKS) {
        const struct cat_remark *remark = difference->object;
        name = &remark->area->name;
        more = remark->indicator ? &remark->indicator->name : NULL;
    }
    bool is_en = lang == LANG_EN;
    int n = snprintf(text, PIECE_MAX, is_en ? "%s %s (%s%s%s)" : "%s %s（%s%s%s）",
                     cat_object_word(difference->table, lang), difference->id,
                     name ? cat_name(name, lang) : "",
                     !more   ? ""
                     : is_en ? ", "
                             : " ",
                     more ? cat_name(more, lang) : "");
    trim(text, PIECE_MAX, n);
}

/* What stands on one side of the arrow. */
static const char *
side(const char *text, const struct cat_name *name, enum lang lang)
{
    if (name)
        return cat_name(name, lang);
    return text[0] ? text : lang == LANG_EN ? "none" : "无";
}

/* "2023-07-01起 ", "from 2023-07-01 " */
static void
print_since(const struct cal_date *since, enum lang lang, char *text)
{
    char day[CAL_TEXT_MAX];
    text[0] = '\0';
    if (since)
        (void)snprintf(text, SINCE_MAX, lang == LANG_EN ? "from %s " : "%s起 ",
                       cal_date_print(*since, day));
}

char *
cat_difference_words(const struct cat_difference *difference, enum lang lang, char *text)
{
    char title[PIECE_MAX];
    char since[SINCE_MAX];
    print_title(difference, lang, title);
    print_since(difference->since, lang, since);
    bool is_en = lang == LANG_EN;
    const char *what =
        difference->change == CAT_ADDED ? (is_en ? "added" : "新增") : (is_en ? "removed" : "删除");
    const char *whole =
        difference->change == CAT_ADDED ? difference->new_text : difference->old_text;
    int n = 0;
    if (difference->change == CAT_CHANGED)
        n = snprintf(text, CAT_DIFF_WORDS_MAX, is_en ? "%s: %s%s %s -> %s" : "%s：%s%s %s → %s",
                     title, since, cat_name(&difference->field_name, lang),
                     side(difference->old_text, difference->old_name, lang),
                     side(difference->new_text, difference->new_name, lang));
    else if (difference->table == CAT_TARGETS && whole[0])
        n = snprintf(text, CAT_DIFF_WORDS_MAX, is_en ? "%s: %s, \"%s\"" : "%s：%s，“%s”", title,
                     what, whole);
    else
        n = snprintf(text, CAT_DIFF_WORDS_MAX, is_en ? "%s: %s" : "%s：%s", title, what);
    trim(text, CAT_DIFF_WORDS_MAX, n);
    return text;
}

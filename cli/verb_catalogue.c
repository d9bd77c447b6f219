/* SPDX-License-Identifier: GPL-3.0-or-later
 * A catalogue's folder without a site: is it right, what does a new version change, where does the
 * document contradict itself? */
#include <stdio.h>
#include <unistd.h>

#include "cli/call.h"
#include "cli/listing.h"
#include "core/catalogue_consistency.h"
#include "core/catalogue_diff.h"
#include "platform/catalogue_load.h"

/* ---- catalogue check ---- */

int
verb_catalogue_check(struct call *call)
{
    struct catalogue_store *store = NULL;
    struct err_note note = { { 0 } };
    int code = catalogue_load(call->options.operand[0], &store, &note);
    if (code < 0)
        return call_fail_note(call, code, &note);
    const struct catalogue *c = catalogue_of(store);
    (void)fprintf(
        call->out,
        SAY(call->lang,
            "ok：地区 %zu，计量单位 %zu，责任单位 %zu，日历 %zu，节假日 %zu，指标 %zu，"
            "进度曲线 %zu，等级线 %zu，目标 %zu，批注 %zu，填报单位 %zu；版本 %s\n",
            "ok: %zu areas, %zu units, %zu owners, %zu calendars, %zu holidays, %zu indicators, "
            "%zu profiles, %zu bands, %zu targets, %zu remarks, %zu publishers; version %s\n"),
        c->area_count, c->unit_count, c->owner_count, c->calendar_count, c->holiday_count,
        c->indicator_count, c->profile_count, c->bands_count, c->target_count, c->remark_count,
        c->publisher_count, catalogue_version(store));
    catalogue_free(store);
    return CALL_DONE;
}

/* A cell: NULL (no value) for an empty text. */
static const char *
cell(const char *text)
{
    return text[0] ? text : NULL;
}

/* ---- catalogue diff ---- */

static const struct listing_column difference_columns[] = {
    { "object", "对象", "object", false }, { "id", "代码", "id", false },
    { "change", "变动", "change", false }, { "field", "栏目", "field", false },
    { "old", "原为", "old", false },       { "new", "现为", "new", false },
    { "words", "说明", "words", false },
};

enum { DIFFERENCE_COLUMNS = sizeof difference_columns / sizeof difference_columns[0] };

static int
list_difference(void *context, const struct cat_difference *difference)
{
    struct listing *listing = context;
    char words[CAT_DIFF_WORDS_MAX];
    const char *const cells[DIFFERENCE_COLUMNS] = {
        cat_object_name(difference->table),
        difference->id,
        cat_change_name(difference->change),
        cell(difference->field),
        cell(difference->old_text),
        cell(difference->new_text),
        cat_difference_words(difference, listing->lang, words),
    };
    return listing_add(listing, cells);
}

struct telling {
    FILE *out;
    enum lang lang;
    size_t count;
};

static int
tell_difference(void *context, const struct cat_difference *difference)
{
    struct telling *telling = context;
    char words[CAT_DIFF_WORDS_MAX];
    (void)fprintf(telling->out, "%s\n", cat_difference_words(difference, telling->lang, words));
    telling->count++;
    return 0;
}

/* Without --format in sentences, else as a listing. */
static int
print_differences(const struct call *call, const struct catalogue *before,
                  const struct catalogue *after)
{
    const char *format = call->options.value[OPTION_FORMAT];
    if (format) {
        struct listing listing;
        listing_open(&listing, call->out, listing_format_of(format, false), call->lang,
                     difference_columns, DIFFERENCE_COLUMNS);
        int code = catalogue_diff(before, after, list_difference, &listing);
        int closed = listing_close(&listing);
        return code < 0 ? code : closed;
    }
    struct telling telling = { call->out, call->lang, 0 };
    (void)catalogue_diff(before, after, tell_difference, &telling); /* never stopped */
    if (telling.count == 0)
        (void)fprintf(call->out, "%s\n", SAY(call->lang, "没有差别", "no difference"));
    return 0;
}

int
verb_catalogue_diff(struct call *call)
{
    struct catalogue_store *before = NULL;
    struct catalogue_store *after = NULL;
    struct err_note note = { { 0 } };
    int code = catalogue_load(call->options.operand[0], &before, &note);
    if (code == 0)
        code = catalogue_load(call->options.operand[1], &after, &note);
    if (code == 0)
        code = print_differences(call, catalogue_of(before), catalogue_of(after));
    catalogue_free(before);
    catalogue_free(after);
    return code < 0 ? call_fail_note(call, code, &note) : CALL_DONE;
}

/* ---- catalogue consistency ---- */

static const struct listing_column finding_columns[] = {
    { "kind", "类别", "kind", false },
    { "place", "出处", "place", false },
    { "other_place", "对照出处", "other place", false },
    { "area", "地区", "area", false },
    { "indicator", "指标代码", "indicator", false },
    { "left", "甲", "left", true },
    { "right", "乙", "right", true },
    { "words", "说明", "words", false },
};

enum { FINDING_COLUMNS = sizeof finding_columns / sizeof finding_columns[0] };

static int
list_finding(void *context, const struct cat_finding *finding)
{
    struct listing *listing = context;
    char words[FINDING_WORDS_MAX];
    const char *const cells[FINDING_COLUMNS] = {
        finding_name(finding->kind),
        cell(finding_place(finding)),
        cell(finding_other_place(finding)),
        finding->area->id,
        finding->indicator ? finding->indicator->id : NULL,
        cell(finding->left_text),
        cell(finding->right_text),
        finding_words(finding, listing->lang, words),
    };
    return listing_add(listing, cells);
}

int
verb_catalogue_consistency(struct call *call)
{
    struct catalogue_store *store = NULL;
    struct err_note note = { { 0 } };
    int code = catalogue_load(call->options.operand[0], &store, &note);
    if (code < 0)
        return call_fail_note(call, code, &note);
    struct listing listing;
    listing_open(&listing, call->out,
                 listing_format_of(call->options.value[OPTION_FORMAT], isatty(STDOUT_FILENO) == 1),
                 call->lang, finding_columns, FINDING_COLUMNS);
    code = catalogue_consistency(catalogue_of(store), list_finding, &listing);
    int closed = listing_close(&listing);
    catalogue_free(store);
    code = code < 0 ? code : closed;
    return code < 0 ? call_fail_note(call, code, &note) : CALL_DONE;
}

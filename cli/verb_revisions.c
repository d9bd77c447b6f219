/* SPDX-License-Identifier: GPL-3.0-or-later
 * `pacewatch revisions`: how much first published values were revised. */
#include <stdio.h>

#include "cli/reading.h"
#include "collector/revision_stats.h"
#include "platform/clock.h"

static const struct listing_column columns[] = {
    { "publisher", "发布者", "publisher", false },
    { "indicator", "指标代码", "indicator", false },
    { "months", "月数", "months", true },
    { "periods", "期数", "periods", true },
    { "revised", "修订期数", "revised", true },
    { "mean", "平均修订", "mean revision", true },
    { "mean_absolute", "平均绝对修订", "mean absolute revision", true },
    { "relative", "相对修订", "relative", true },
    { "unit", "单位", "unit", false },
    { "name", "指标", "name", false },
};

enum { COLUMNS = sizeof columns / sizeof columns[0], RATIO_DECIMALS = 4, MORE_DECIMALS = 2 };

static int
add_row(struct listing *listing, const struct revision_row *row, int horizon)
{
    const struct revision_sum *sum = &row->sums[horizon];
    int decimals = row->indicator->decimals + MORE_DECIMALS;
    char months[16], periods[24], revised[24], numbers[3][NUM_TEXT_MAX];
    (void)snprintf(months, sizeof months, "%d", REVISION_MONTHS[horizon]);
    (void)snprintf(periods, sizeof periods, "%zu", sum->count);
    (void)snprintf(revised, sizeof revised, "%zu", sum->revised);
    const char *const cells[COLUMNS] = {
        row->publisher,
        row->indicator->id,
        months,
        periods,
        revised,
        reading_cell(num_print_short(revision_mean(sum), decimals, numbers[0])),
        reading_cell(num_print_short(revision_mean_absolute(sum), decimals, numbers[1])),
        reading_cell(num_print_short(revision_relative(sum), RATIO_DECIMALS, numbers[2])),
        cat_name(&row->indicator->unit->name, listing->lang),
        cat_name(&row->indicator->name, listing->lang),
    };
    return listing_add(listing, cells);
}

static int
list(struct call *call, const struct reading *reading, const struct revision_filter *filter)
{
    struct revision_table table;
    struct err_note note = { { 0 } };
    int code = revision_stats(reading->ledger, reading->site.catalogue, filter, &reading->as_of,
                              cal_date_at(clock_wall()), &table, &note);
    if (code < 0)
        return call_fail_note(call, code, &note);
    struct listing listing;
    listing_open(&listing, call->out, reading->format, call->lang, columns, COLUMNS);
    for (size_t i = 0; code == 0 && i < table.count * REVISION_HORIZONS; i++)
        code = add_row(&listing, &table.rows[i / REVISION_HORIZONS], (int)(i % REVISION_HORIZONS));
    int closed = listing_close(&listing);
    code = code < 0 ? code : closed;
    revision_stats_done(&table);
    return code < 0 ? call_fail_note(call, code, &note) : CALL_DONE;
}

int
verb_revisions(struct call *call)
{
    struct reading reading;
    struct revision_filter filter = { NULL, NULL };
    int exit_code = reading_open(call, &reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    const char *area = call->options.value[OPTION_AREA];
    const char *indicator = call->options.value[OPTION_INDICATOR];
    if (area && !(filter.area = reading_area(call, &reading, area)))
        exit_code = CALL_USAGE;
    if (exit_code == CALL_DONE && indicator &&
        !(filter.indicator = reading_indicator(call, &reading, indicator)))
        exit_code = CALL_USAGE;
    if (exit_code == CALL_DONE)
        exit_code = list(call, &reading, &filter);
    reading_close(&reading);
    return exit_code;
}

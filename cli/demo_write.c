/* SPDX-License-Identifier: GPL-3.0-or-later
 * The demonstration feed as files. */
#include "cli/demo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/csv.h"
#include "platform/file.h"

static void
put_row(FILE *out, const struct demo_row *row)
{
    char period[CAL_TEXT_MAX];
    char released[CAL_TEXT_MAX];
    char note[2 * SAMPLE_NOTE_MAX + 8];
    (void)csv_quote(row->note, note, sizeof note); /* every byte doubled, and the quotes */
    (void)fprintf(out, "%s,%s,%s,%s,%c,%s,%s,%s,%s,%s\n", row->area->id, row->indicator->id,
                  cal_period_print(row->period, period), row->value, row->status,
                  cumulation_name(row->cumulation), row->unit->id,
                  cal_date_print(row->released, released), note,
                  row->publisher ? row->publisher->id : "");
}

/* The month of release, as the file is called. */
static struct cal_period
release_month(const struct demo_row *row)
{
    int year = 0;
    int month = 0;
    cal_civil(row->released, &year, &month, NULL);
    return cal_month(year, month);
}

/* Rows that go into one file with the first of `rows`. */
static size_t
file_length(const struct demo_row *rows, size_t count)
{
    size_t length = 1;
    while (length < count && rows[length].sender == rows[0].sender &&
           cal_period_equal(release_month(&rows[length]), release_month(&rows[0])))
        length++;
    return length;
}

static int
file_path(const char *folder, const struct demo_row *row, char *path, struct err_note *note)
{
    char own[FILE_PATH_MAX];
    char month[CAL_TEXT_MAX];
    char name[CAL_TEXT_MAX + 8];
    (void)snprintf(name, sizeof name, "%s.csv", cal_period_print(release_month(row), month));
    int code = file_join(own, folder, row->sender->id);
    if (code == 0)
        code = file_join(path, own, name);
    if (code < 0)
        return err_set(note, code, "%s: the path is too long", folder);
    return file_make_folder(own, note);
}

static int
write_file(const char *folder, const struct demo_row *rows, size_t count, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    int code = file_path(folder, rows, path, note);
    if (code < 0)
        return code;
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);
    if (!out)
        return err_set(note, -ENOMEM, "out of memory");
    (void)fputs("area,indicator,period,value,status,cumulation,unit,released,note,publisher\n",
                out);
    for (size_t i = 0; i < count; i++)
        put_row(out, &rows[i]);
    code = file_close_text(out, &bytes) == 0 ? file_write(path, bytes, size, 0644, note)
                                             : err_set(note, -ENOMEM, "out of memory");
    free(bytes);
    return code;
}

static void
count_row(const struct demo_row *row, struct demo_count *count)
{
    count->rows++;
    count->published += row->publisher ? 0 : 1;
    count->revised += row->publisher && row->note[0] ? 1 : 0;
}

int
demo_write(const struct catalogue *catalogue, const char *folder, const struct demo_rows *rows,
           struct demo_count *counts, struct err_note *note)
{
    for (size_t i = 0; i < catalogue->publisher_count; i++)
        counts[i] = (struct demo_count){ .sender = &catalogue->publishers[i] };
    size_t length = 0;
    for (size_t at = 0; at < rows->count; at += length) {
        const struct demo_row *first = &rows->rows[at];
        length = file_length(first, rows->count - at);
        int code = write_file(folder, first, length, note);
        if (code < 0)
            return code;
        struct demo_count *count = &counts[first->sender - catalogue->publishers];
        count->files++;
        for (size_t i = 0; i < length; i++)
            count_row(&first[i], count);
    }
    return 0;
}

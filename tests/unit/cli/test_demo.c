/* SPDX-License-Identifier: GPL-3.0-or-later
 * The demonstration feed, made from the real catalogue. */
#include "cli/demo.h"

#include "core/csv.h"
#include "core/verdict.h"
#include "platform/catalogue_load.h"
#include "platform/file.h"
#include "tests/unit/core/check.h"
#include "tests/unit/platform/folder.h"

#define CATALOGUE PACEWATCH_SOURCE_DIR "/data/huzhou-2023"

enum { FILE_MAX = 1 << 20, PERIODS_MAX = 64 };

struct world {
    struct catalogue_store *store;
    const struct catalogue *catalogue;
    struct demo_rows figures;
    struct demo_rows rows;
};

static int
make_world(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    char *bytes = NULL;
    size_t size = 0;
    struct err_note note = { { 0 } };
    if (!world || catalogue_load(CATALOGUE, &world->store, &note) != 0)
        return -1;
    world->catalogue = catalogue_of(world->store);
    if (file_read(CATALOGUE "/figures.csv", FILE_MAX, &bytes, &size, &note) != 0 ||
        demo_read_figures(world->catalogue, "figures.csv", bytes, size, &world->figures, &note) !=
            0 ||
        demo_generate(world->catalogue, &world->figures, &world->rows, &note) != 0) {
        print_error("%s\n", note.text);
        return -1;
    }
    free(bytes);
    *state = world;
    return 0;
}

static int
free_world(void **state)
{
    struct world *world = *state;
    demo_rows_done(&world->rows);
    demo_rows_done(&world->figures);
    catalogue_free(world->store);
    free(world);
    return 0;
}

static void
write_feed(const struct world *world, const char *folder)
{
    struct demo_count *counts = calloc(world->catalogue->publisher_count, sizeof *counts);
    struct err_note note = { { 0 } };
    struct demo_rows rows = { 0 };
    assert_non_null(counts);
    assert_int_equal(0, demo_generate(world->catalogue, &world->figures, &rows, &note));
    assert_int_equal(0, demo_write(world->catalogue, folder, &rows, counts, &note));
    size_t total = 0;
    for (size_t i = 0; i < world->catalogue->publisher_count; i++) {
        total += counts[i].rows;
        assert_int_equal(counts[i].sender->is_simulated, counts[i].files == 0);
    }
    assert_int_equal(world->rows.count, total);
    demo_rows_done(&rows);
    free(counts);
}

/* ---- bytes ---- */

typedef void file_fn(const struct world *world, const char *sender, const char *path);

static void
each_file(const struct world *world, const char *folder, file_fn *visit)
{
    struct file_list senders;
    assert_int_equal(0, file_list(folder, &senders, NULL));
    assert_int_equal(7, senders.count);
    for (size_t i = 0; i < senders.count; i++) {
        struct file_list files;
        char own[FILE_PATH_MAX];
        assert_int_equal(0, file_join(own, folder, senders.names[i]));
        assert_int_equal(0, file_list(own, &files, NULL));
        for (size_t k = 0; k < files.count; k++) {
            char path[FILE_PATH_MAX];
            assert_int_equal(0, file_join(path, own, files.names[k]));
            visit(world, senders.names[i], path);
        }
        file_list_free(&files);
    }
    file_list_free(&senders);
}

static char other_folder[64];

static void
compare_with_other(const struct world *world, const char *sender, const char *path)
{
    (void)world;
    char there[FILE_PATH_MAX];
    char own[FILE_PATH_MAX];
    char *one = NULL;
    char *other = NULL;
    size_t one_size = 0;
    size_t other_size = 0;
    assert_int_equal(0, file_join(own, other_folder, sender));
    assert_int_equal(0, file_join(there, own, strrchr(path, '/') + 1));
    assert_int_equal(0, file_read(path, FILE_MAX, &one, &one_size, NULL));
    assert_int_equal(0, file_read(there, FILE_MAX, &other, &other_size, NULL));
    CHECK_INT(path, (long long)one_size, (long long)other_size);
    CHECK(path, memcmp(one, other, one_size) == 0);
    free(one);
    free(other);
}

static void
test_two_runs_give_the_same_bytes(void **state)
{
    const struct world *world = *state;
    char folder[64];
    folder_make(folder);
    folder_make(other_folder);
    write_feed(world, folder);
    write_feed(world, other_folder);
    each_file(world, folder, compare_with_other);
    folder_remove(folder);
    folder_remove(other_folder);
}

/* The sample a file's row says. */
static struct sample
sample_of(const struct csv_reader *csv)
{
    struct sample sample = { .has_released = true };
    const struct csv_field *f = csv->fields;
    assert_int_equal(10, csv->field_count);
    (void)snprintf(sample.area, sizeof sample.area, "%s", f[0].text);
    (void)snprintf(sample.indicator, sizeof sample.indicator, "%s", f[1].text);
    assert_int_equal(0, cal_period_parse(f[2].text, f[2].length, &sample.period, NULL));
    (void)snprintf(sample.value, sizeof sample.value, "%s", f[3].text);
    sample.status = f[4].text[0];
    assert_int_equal(0, cal_date_parse(f[7].text, f[7].length, &sample.released, NULL));
    (void)snprintf(sample.note, sizeof sample.note, "%s", f[8].text);
    (void)snprintf(sample.publisher, sizeof sample.publisher, "%s", f[9].text);
    return sample;
}

static void
check_file(const struct world *world, const char *sender, const char *path)
{
    static struct csv_reader csv;
    const struct cat_publisher *publisher = catalogue_publisher(world->catalogue, sender);
    const struct cal_date today = cal_date_of(2026, 1, 1);
    char *bytes = NULL;
    size_t size = 0;
    assert_int_equal(0, file_read(path, FILE_MAX, &bytes, &size, NULL));
    csv_open(&csv, bytes, size);
    assert_int_equal(1, csv_next(&csv, NULL));
    CHECK_TEXT(path, "area", csv.fields[0].text);
    CHECK_TEXT(path, "publisher", csv.fields[9].text);
    int more;
    while ((more = csv_next(&csv, NULL)) == 1) {
        struct sample sample = sample_of(&csv);
        struct sample_place place;
        struct err_note note = { { 0 } };
        enum reject_code code =
            sample_check(world->catalogue, publisher, &sample, today, &place, &note);
        CHECK_TEXT(path, "", note.text);
        CHECK_INT(path, REJECT_NONE, code);
        CHECK_TEXT(path, cumulation_name(place.indicator->cumulation), csv.fields[5].text);
        CHECK(path, catalogue_unit(world->catalogue, csv.fields[6].text) == place.indicator->unit);
        CHECK(path, strncmp(strrchr(path, '/') + 1, csv.fields[7].text, 7) == 0);
        CHECK(path, sample.released.days >= cal_period_after(sample.period).days);
    }
    CHECK_INT(path, 0, more);
    free(bytes);
}

static void
test_every_row_would_be_taken(void **state)
{
    const struct world *world = *state;
    char folder[64];
    folder_make(folder);
    write_feed(world, folder);
    each_file(world, folder, check_file);
    folder_remove(folder);
}

/* ---- rows ---- */

static bool
same_place(const struct demo_row *a, const struct demo_row *b)
{
    return a->area == b->area && a->indicator == b->indicator &&
           cal_period_equal(a->period, b->period);
}

static void
test_calendars_are_kept(void **state)
{
    const struct world *world = *state;
    size_t quarters = 0;
    for (size_t i = 0; i < world->rows.count; i++) {
        const struct demo_row *row = &world->rows.rows[i];
        const struct cat_calendar *calendar = row->indicator->calendar;
        CHECK(row->indicator->id, calendar_is_due(calendar, row->period));
        CHECK(row->indicator->id, strcmp(calendar->id, "no-january") != 0 || row->period.index > 1);
        quarters += row->period.freq == CAL_QUARTER ? 1 : 0;
        if (row->publisher && !row->note[0])
            CHECK_INT(row->indicator->id, calendar_due_date(calendar, row->period).days,
                      row->released.days);
    }
    assert_true(quarters > 0);
}

static void
test_nothing_twice_and_little_revised(void **state)
{
    const struct world *world = *state;
    size_t revised = 0;
    for (size_t i = 0; i < world->rows.count; i++) {
        const struct demo_row *row = &world->rows.rows[i];
        size_t earlier = 0;
        for (size_t k = 0; k < world->rows.count; k++) {
            const struct demo_row *other = &world->rows.rows[k];
            if (k == i || !same_place(row, other))
                continue;
            CHECK(row->indicator->id, other->released.days != row->released.days);
            CHECK(row->indicator->id, strcmp(other->value, row->value) != 0);
            earlier += other->released.days < row->released.days ? 1 : 0;
        }
        bool is_revision = row->publisher && row->note[0];
        CHECK_INT(row->indicator->id, is_revision, (long long)earlier);
        revised += earlier;
    }
    assert_in_range(revised, world->rows.count / 50, world->rows.count / 25);
}

static void
test_figures_replace_what_is_made_up(void **state)
{
    const struct world *world = *state;
    assert_int_equal(10, world->figures.count);
    for (size_t i = 0; i < world->figures.count; i++) {
        const struct demo_row *figure = &world->figures.rows[i];
        size_t found = 0;
        for (size_t k = 0; k < world->rows.count; k++) {
            const struct demo_row *row = &world->rows.rows[k];
            if (!same_place(figure, row))
                continue;
            found++;
            CHECK_TEXT(figure->indicator->id, figure->value, row->value);
            CHECK(figure->indicator->id, row->publisher == NULL);
            CHECK(figure->indicator->id, strstr(row->note, "http") != NULL);
            CHECK(figure->indicator->id, publisher_may_write(row->sender, row->area));
        }
        CHECK_INT(figure->indicator->id, 1, (long long)found);
    }
    for (size_t i = 0; i < world->rows.count; i++) {
        const struct cat_publisher *publisher = world->rows.rows[i].publisher;
        assert_true(!publisher || strcmp(publisher->id, "demo") == 0);
    }
}

static bool
has_rows(const struct world *world, const struct cat_area *area,
         const struct cat_indicator *indicator)
{
    for (size_t i = 0; i < world->rows.count; i++)
        if (world->rows.rows[i].area == area && world->rows.rows[i].indicator == indicator)
            return true;
    return false;
}

static void
test_every_target_has_a_series(void **state)
{
    const struct world *world = *state;
    for (size_t i = 0; i < world->catalogue->target_count; i++) {
        const struct cat_target *target = &world->catalogue->targets[i];
        bool is_shown = target->status != TARGET_NOT_APPLICABLE && target->method != METHOD_MAN;
        if (target->period == TARGET_IN_YEAR && target->year == 2023)
            CHECK_INT(target->id, is_shown, has_rows(world, target->area, target->indicator));
    }
    const struct catalogue *catalogue = world->catalogue;
    assert_true(has_rows(world, catalogue_area(catalogue, "huzhou"),
                         catalogue_indicator(catalogue, "gdp-growth")));
}

/* What accumulates never falls within a year, as first published; and whole things are whole. */
static void
test_counts_rise(void **state)
{
    const struct world *world = *state;
    for (size_t i = 0; i < world->rows.count; i++) {
        const struct demo_row *row = &world->rows.rows[i];
        if (row->indicator->kind != 'F' || row->note[0])
            continue;
        CHECK(row->indicator->id, row->indicator->decimals > 0 || strchr(row->value, '.') == NULL);
        for (size_t k = 0; k < world->rows.count; k++) {
            const struct demo_row *later = &world->rows.rows[k];
            if (later->area == row->area && later->indicator == row->indicator &&
                later->period.year == row->period.year &&
                later->period.index == row->period.index + 1 && !later->note[0])
                CHECK(row->indicator->id, strtod(later->value, NULL) >= strtod(row->value, NULL));
        }
    }
}

/* ---- what the feed looks like once judged ---- */

static int
compare_points(const void *one, const void *other)
{
    const struct obs_point *a = one;
    const struct obs_point *b = other;
    return cal_period_compare(a->period, b->period);
}

static enum level
judge(const struct world *world, const struct cat_target *target, int month)
{
    struct obs_point points[PERIODS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < world->rows.count; i++) {
        const struct demo_row *row = &world->rows.rows[i];
        if (row->area != target->area || row->indicator != target->indicator ||
            (row->publisher && row->note[0]))
            continue;
        assert_true(count < PERIODS_MAX);
        points[count++] = (struct obs_point){ .period = row->period,
                                              .value = strtod(row->value, NULL),
                                              .has_value = true,
                                              .status = 'A' };
    }
    if (count > 0)
        qsort(points, count, sizeof points[0], compare_points);
    struct series_view view = { .points = points, .count = count };
    struct verdict_evidence evidence = { .series = &view };
    return verdict_judge(target, &evidence, cal_month(target->year, month)).level;
}

/* Targets of an area (NULL: of all) by level, for the methods that are judged. */
static size_t
count_levels(const struct world *world, const char *area, int month, size_t counts[LEVEL_COUNT])
{
    size_t all = 0;
    memset(counts, 0, LEVEL_COUNT * sizeof counts[0]);
    for (size_t i = 0; i < world->catalogue->target_count; i++) {
        const struct cat_target *target = &world->catalogue->targets[i];
        bool is_judged = target->method == METHOD_LIN || target->method == METHOD_GAP ||
                         target->method == METHOD_LVL;
        if (!is_judged || !target->is_primary || target->period != TARGET_IN_YEAR ||
            (area && strcmp(target->area->id, area) != 0))
            continue;
        counts[judge(world, target, month)]++;
        all++;
    }
    return all;
}

static void
test_levels_are_a_realistic_mix(void **state)
{
    const struct world *world = *state;
    static const int months[] = { 6, 12 };
    for (size_t i = 0; i < COUNT(months); i++) {
        size_t counts[LEVEL_COUNT];
        size_t all = count_levels(world, NULL, months[i], counts);
        size_t good = counts[LEVEL_NORMAL] + counts[LEVEL_REACHED];
        assert_true(all > 80);
        assert_in_range(good * 100, 40 * all, 65 * all);
        assert_in_range(counts[LEVEL_REMIND] * 100, 8 * all, 30 * all);
        assert_in_range(counts[LEVEL_WARN] * 100, 8 * all, 30 * all);
        assert_in_range(counts[LEVEL_SEVERE] * 100, 4 * all, 20 * all);
        assert_int_equal(0, counts[LEVEL_UNKNOWN]);

        size_t wuxing = count_levels(world, "wuxing", months[i], counts);
        assert_true(counts[LEVEL_NORMAL] + counts[LEVEL_REACHED] > wuxing * 3 / 4);
        size_t anji = count_levels(world, "anji", months[i], counts);
        assert_true(counts[LEVEL_NORMAL] + counts[LEVEL_REACHED] < anji / 3);
    }
}

/* ---- figures that cannot be read ---- */

static void
test_figures_that_are_refused(void **state)
{
    const struct world *world = *state;
    static const char head[] = "area,indicator,period,value,cumulation,unit,released,note,source\n";
    static const struct {
        const char *text;
        const char *note;
    } rows[] = {
        { "", "f.csv: the table is empty" },
        { "area,indicator\n", "f.csv: column 'period' is missing" },
        { "nix,iva-growth,2023-06,1,YTD,pct,2023-07-01,,\n", "f.csv line 2: unknown area 'nix'" },
        { "huzhou,nix,2023-06,1,YTD,pct,2023-07-01,,\n", "f.csv line 2: unknown indicator 'nix'" },
        { "huzhou,iva-growth,2023-06,1,YTD,nix,2023-07-01,,\n",
          "f.csv line 2: unknown unit 'nix'" },
        { "changhe,iva-growth,2023-06,1,YTD,pct,2023-07-01,,\n",
          "f.csv line 2: no publisher may report area 'changhe'" },
        { "huzhou,iva-growth,2023-06,1,SUM,pct,2023-07-01,,\n",
          "f.csv line 2: cumulation must be MONTH, YTD or STOCK" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[512];
        struct demo_rows figures = { 0 };
        struct err_note note = { { 0 } };
        (void)snprintf(text, sizeof text, "%s%s", i < 2 ? "" : head, rows[i].text);
        int code =
            demo_read_figures(world->catalogue, "f.csv", text, strlen(text), &figures, &note);
        CHECK(rows[i].note, code < 0);
        CHECK_TEXT(rows[i].note, rows[i].note, note.text);
        CHECK_INT(rows[i].note, 0, (long long)figures.count);
    }
}

static void
test_long_notes_are_cut_at_a_character(void **state)
{
    const struct world *world = *state;
    char text[1024] = "area,indicator,period,value,cumulation,unit,released,note,source\n"
                      "huzhou,iva-growth,2023-06,1,YTD,pct,2023-07-01,";
    size_t length = strlen(text);
    for (int i = 0; i < 80; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "注");
    (void)snprintf(text + length, sizeof text - length, ",https://example.org\n");
    struct demo_rows figures = { 0 };
    assert_int_equal(
        0, demo_read_figures(world->catalogue, "f.csv", text, strlen(text), &figures, NULL));
    const char *note = figures.rows[0].note;
    assert_true(text_is_clean(note, strlen(note), SAMPLE_NOTE_MAX));
    assert_int_equal(SAMPLE_NOTE_MAX / 3 * 3, strlen(note));
    demo_rows_done(&figures);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_runs_give_the_same_bytes),
        cmocka_unit_test(test_every_row_would_be_taken),
        cmocka_unit_test(test_calendars_are_kept),
        cmocka_unit_test(test_nothing_twice_and_little_revised),
        cmocka_unit_test(test_figures_replace_what_is_made_up),
        cmocka_unit_test(test_every_target_has_a_series),
        cmocka_unit_test(test_counts_rise),
        cmocka_unit_test(test_levels_are_a_realistic_mix),
        cmocka_unit_test(test_figures_that_are_refused),
        cmocka_unit_test(test_long_notes_are_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, make_world, free_world);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every chart as docs/pictures.md shows it, against what was seen to be right: its texts and kinds
 * of marks, and how light and dark its PNG is, in golden/NAME.txt. With PACEWATCH_GOLDEN=write the
 * files are written anew: look at the pictures first. And all charts in all sizes, themes and
 * languages: nothing leaves the picture. */
#include <ctype.h>
#include <math.h>
#include <zlib.h>

#include "example.h"
#include "graphs/chart.h"
#include "graphs/draw.h"
#include "graphs/measure.h"
#include "tests/unit/core/check.h"
#include "tests/unit/platform/folder.h"
#include "xml.h"

enum { SVG_MAX = 20000, FACTS_MAX = 16 << 10, COLUMNS = 32, ROWS = 12 };

/* Mean difference of the shades (0..15) of two pictures alike but for their fonts' hinting, and the
 * largest of one cell. */
static const double SHADE_MEAN = 0.25, SHADE_MAX = 4;

static char folder[64];

static char *
draw(struct picture *picture, enum picture_format format, size_t *ret_size)
{
    struct err_note note = { "" };
    char *bytes = NULL;
    picture->format = format;
    int rc = draw_picture(picture, folder, &bytes, ret_size, &note);
    CHECK_TEXT("draw", "", note.text);
    CHECK_INT("draw", 0, rc);
    return bytes;
}

/* ---- facts of an SVG ---- */

static void __attribute__((format(printf, 2, 3))) add(char *facts, const char *format, ...)
{
    const size_t used = strlen(facts);
    va_list args;
    va_start(args, format);
    int n = vsnprintf(facts + used, FACTS_MAX - used, format, args);
    va_end(args);
    assert_true(n >= 0 && used + (size_t)n < FACTS_MAX);
}

static int
count_of(const char *text, const char *piece)
{
    int count = 0;
    for (const char *at = text; (at = strstr(at, piece)); at += strlen(piece))
        count++;
    return count;
}

/* Size, how many of which element, and all texts in the order they are painted. */
static void
svg_facts(const char *svg, char *facts)
{
    static const char *const marks[] = { "<path ", "stroke-dasharray", "<pattern",
                                         "<svg ",  "<rect ",           "<text" };
    const char *size = strstr(svg, " width=");
    add(facts, "size%.*s\n", (int)(strstr(size, " viewBox") - size), size);
    for (size_t i = 0; i < COUNT(marks); i++)
        add(facts, "%s %d\n", marks[i], count_of(svg, marks[i]));
    for (const char *at = svg; (at = strstr(at, "<text"));) {
        const char *text = strchr(at, '>') + 1;
        const char *end = strstr(text, "</text>");
        add(facts, "text %.*s\n", (int)(end - text), text);
        at = end;
    }
}

/* ---- shades of a PNG ---- */

static unsigned
u32_big(const unsigned char *bytes)
{
    return (unsigned)bytes[0] << 24 | (unsigned)bytes[1] << 16 | (unsigned)bytes[2] << 8 | bytes[3];
}

/* The picture as a coarse grid of luminance, 0 black to 15 white: a hexadecimal digit a cell. Reads
 * what graphs/png_file.h writes: RGB rows without filter. */
static void
png_facts(const unsigned char *png, size_t size, char *facts)
{
    static double sums[ROWS][COLUMNS], counts[ROWS][COLUMNS];
    const unsigned width = u32_big(png + 16), height = u32_big(png + 20);
    uLongf room = (uLongf)height * (width * 3 + 1);
    unsigned char *rows = malloc(room);
    assert_non_null(rows);
    memset(sums, 0, sizeof sums);
    memset(counts, 0, sizeof counts);
    bool is_read = false;
    for (size_t at = 8; at + 12 <= size; at += u32_big(png + at) + 12)
        if (memcmp(png + at + 4, "IDAT", 4) == 0)
            is_read = uncompress(rows, &room, png + at + 8, u32_big(png + at)) == Z_OK;
    assert_true(is_read);
    for (unsigned y = 0; y < height; y++) {
        const unsigned char *row = rows + (size_t)y * (width * 3 + 1);
        assert_int_equal(0, row[0]);
        for (unsigned x = 0; x < width; x++) {
            const unsigned char *pixel = row + 1 + 3 * (size_t)x;
            sums[y * ROWS / height][x * COLUMNS / width] +=
                0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
            counts[y * ROWS / height][x * COLUMNS / width]++;
        }
    }
    free(rows);
    for (int y = 0; y < ROWS; y++) {
        add(facts, "shade ");
        for (int x = 0; x < COLUMNS; x++)
            add(facts, "%x", (unsigned)lround(sums[y][x] / counts[y][x] / 17));
        add(facts, "\n");
    }
}

static int
shade(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : c - 'a' + 10;
}

/* Compares line by line: all equal, but for shades, which are near. */
static void
compare(const char *name, const char *golden, const char *facts)
{
    double sum = 0, largest = 0;
    int cells = 0;
    while (*golden && *facts) {
        const size_t length = strcspn(golden, "\n"), now = strcspn(facts, "\n");
        const bool is_shade = strncmp(golden, "shade ", 6) == 0 && length == now;
        for (size_t i = 6; is_shade && i < length; i++, cells++) {
            const double difference = abs(shade(golden[i]) - shade(facts[i]));
            sum += difference;
            largest = fmax(largest, difference);
        }
        if (!is_shade && (length != now || memcmp(golden, facts, length) != 0))
            fail_msg("%s: wanted '%.*s', got '%.*s'", name, (int)length, golden, (int)now, facts);
        golden += length + (golden[length] == '\n');
        facts += now + (facts[now] == '\n');
    }
    CHECK_TEXT(name, golden, facts); /* both at their end */
    char words[128];
    (void)snprintf(words, sizeof words, "%s: shades differ by %.3f, at most %.0f", name,
                   sum / cells, largest);
    CHECK(words, cells == ROWS * COLUMNS && sum / cells <= SHADE_MEAN && largest <= SHADE_MAX);
}

static void
check_golden(const char *name, const char *facts)
{
    static char golden[FACTS_MAX];
    char path[512];
    const char *mode = getenv("PACEWATCH_GOLDEN");
    const bool is_written = mode && strcmp(mode, "write") == 0;
    (void)snprintf(path, sizeof path, "%s/%s.txt", PACEWATCH_GOLDEN_FOLDER, name);
    FILE *file = fopen(path, is_written ? "wb" : "rb");
    if (!file)
        fail_msg("%s: cannot be opened", path);
    if (is_written) {
        (void)fputs(facts, file);
    } else {
        golden[fread(golden, 1, sizeof golden - 1, file)] = '\0';
        compare(name, golden, facts);
    }
    assert_int_equal(0, fclose(file));
}

static void
test_examples_are_as_they_were_seen(void **state)
{
    (void)state;
    for (int i = 0; i < EXAMPLE_COUNT; i++) {
        static char facts[FACTS_MAX];
        struct picture picture;
        size_t size;
        facts[0] = '\0';
        example_read(PACEWATCH_EXAMPLES, EXAMPLE_NAMES[i], &picture);
        example_archive(&picture, folder);
        char *svg = draw(&picture, PICTURE_SVG, &size);
        const char *fault = xml_fault(svg);
        CHECK_TEXT(EXAMPLE_NAMES[i], "", fault ? fault : "");
        CHECK(EXAMPLE_NAMES[i], size <= SVG_MAX);
        svg_facts(svg, facts);
        free(svg);
        char *png = draw(&picture, PICTURE_PNG, &size);
        png_facts((const unsigned char *)png, size, facts);
        free(png);
        check_golden(EXAMPLE_NAMES[i], facts);
        picture_done(&picture);
    }
}

/* ---- every size, theme and language ---- */

static const char LONG[] =
    "高新技术产业增加值占规模以上工业增加值比重（含省级以上高新技术产业园区、科"
    "技型中小企业以及新认定的高新技术企业）较上年同期提高";
static const char LONG_EN[] =
    "Rise of the share of value added of high-technology industry (parks of provincial level "
    "included) in the value added of industry above scale, compared with the year before";

/* Draws nothing: what is ours is looked at alone. */
static int
no_data(void *context, struct rrd_args *args, char **ret_svg, struct err_note *note)
{
    (void)context;
    (void)args;
    (void)note;
    *ret_svg = strdup("");
    return *ret_svg ? 0 : -1;
}

static void
check_text_inside(const char *row, const struct scene *scene, const struct scene_mark *mark)
{
    static const double shares[] = { 0, 0.5, 1 };
    const char *text = scene->texts + mark->text;
    const struct scene_font *font = &mark->font;
    const double width = measure_text(text, strlen(text), font->px) * (font->is_bold ? 1.03 : 1);
    const double left = mark->box.x - shares[font->anchor] * width;
    char words[512];
    (void)snprintf(words, sizeof words, "%s: '%s' from %.1f to %.1f of %.0f", row, text, left,
                   left + width, scene->width);
    CHECK(words, left >= -0.5 && left + width <= scene->width + 0.5);
    CHECK(words, mark->box.y - font->px * 0.8 >= -0.5 && mark->box.y <= scene->height);
    CHECK(words, text_is_utf8(text, strlen(text)));
}

static void
check_inside(const char *row, const struct scene *scene)
{
    CHECK(row, !scene->has_failed && scene->width >= 100 && scene->height >= 36);
    CHECK(row, scene->height <= 3 * scene->width);
    for (size_t i = 0; i < scene->mark_count; i++)
        if (scene->marks[i].kind == SCENE_TEXT)
            check_text_inside(row, scene, &scene->marks[i]);
    for (size_t i = 0; i < scene->number_count; i++)
        CHECK(row, fabs(scene->numbers[i]) <= 4 * scene->width);
}

/* The longest names there are. */
static void
lengthen(struct picture *picture)
{
    const char *words = picture->lang == LANG_ZH ? LONG : LONG_EN;
    (void)snprintf(picture->title, sizeof picture->title, "%s", words);
    (void)snprintf(picture->area, sizeof picture->area, "%.90s", words);
    (void)snprintf(picture->unit, sizeof picture->unit, "%.45s", words);
    for (size_t i = 0; i < picture->area_count; i++)
        (void)snprintf(picture->areas[i].name, sizeof picture->areas[i].name, "%.90s", words);
    for (size_t i = 0; i < picture->fact_count; i++)
        (void)snprintf(picture->facts[i].text, sizeof picture->facts[i].text, "%.180s", words);
}

static void
check_everywhere(const char *name, bool is_long)
{
    static const struct chart_source source = { no_data, NULL, "x" };
    for (int variant = 0; variant < (PICTURE_SPARK + 1) * 4; variant++) {
        struct picture picture;
        struct content content;
        struct scene scene = { 0 };
        char row[96];
        example_read(PACEWATCH_EXAMPLES, name, &picture);
        if (picture.chart == CHART_SPARK || variant / 4 == PICTURE_SPARK)
            picture.chart = CHART_SPARK;
        picture.size =
            picture.chart == CHART_SPARK ? PICTURE_SPARK : (enum picture_size)(variant / 4);
        picture.theme = variant % 2 ? PICTURE_DARK : PICTURE_LIGHT;
        picture.lang = variant / 2 % 2 ? LANG_EN : LANG_ZH;
        if (is_long)
            lengthen(&picture);
        (void)snprintf(row, sizeof row, "%s %d %d %d%s", name, (int)picture.size,
                       (int)picture.theme, (int)picture.lang, is_long ? " long" : "");
        content_make(&picture, &content);
        CHECK_INT(row, 0, chart_draw(&picture, &content, &source, &scene, NULL));
        check_inside(row, &scene);
        scene_done(&scene);
        picture_done(&picture);
    }
}

static void
test_nothing_leaves_the_picture(void **state)
{
    (void)state;
    for (int i = 0; i < EXAMPLE_COUNT; i++)
        check_everywhere(EXAMPLE_NAMES[i], false);
}

static void
test_the_longest_names_do_not_either(void **state)
{
    (void)state;
    for (int i = 0; i < EXAMPLE_COUNT; i++)
        check_everywhere(EXAMPLE_NAMES[i], true);
}

/* Whatever people write stays text, wherever it stands. */
static void
test_hostile_texts_are_escaped(void **state)
{
    (void)state;
    static const char words[] = "</text><script>alert(\"1\")</script>&]]> <b>\\";
    for (int i = 0; i < EXAMPLE_COUNT; i++) {
        struct picture picture;
        size_t size;
        example_read(PACEWATCH_EXAMPLES, EXAMPLE_NAMES[i], &picture);
        example_archive(&picture, folder);
        (void)snprintf(picture.title, sizeof picture.title, "%s", words);
        (void)snprintf(picture.area, sizeof picture.area, "%s", words);
        (void)snprintf(picture.unit, sizeof picture.unit, "%.40s", words);
        for (size_t k = 0; k < picture.area_count; k++)
            (void)snprintf(picture.areas[k].name, sizeof picture.areas[k].name, "%s", words);
        for (size_t k = 0; k < picture.version_count; k++)
            (void)snprintf(picture.versions[k].label, sizeof picture.versions[k].label, "%.40s",
                           words);
        for (size_t k = 0; k < picture.milestone_count; k++)
            (void)snprintf(picture.milestones[k].text, sizeof picture.milestones[k].text, "%.40s",
                           words);
        char *svg = draw(&picture, PICTURE_SVG, &size);
        const char *fault = xml_fault(svg);
        CHECK_TEXT(EXAMPLE_NAMES[i], "", fault ? fault : "");
        CHECK(EXAMPLE_NAMES[i], !strstr(svg, "<script") && !strstr(svg, "<b>"));
        CHECK(EXAMPLE_NAMES[i], strstr(svg, "&lt;script&gt;") != NULL);
        free(svg);
        free(draw(&picture, PICTURE_PNG, &size)); /* no markup there either */
        picture_done(&picture);
    }
}

/* Nothing, one value, and values no scale expects. */
static void
test_empty_and_extreme(void **state)
{
    (void)state;
    static const double numbers[] = { 0, -1e15, 1e15, 1e-9 };
    for (int chart = CHART_TREND; chart < CHART_COUNT; chart++) {
        for (size_t k = 0; k <= COUNT(numbers); k++) {
            static const struct chart_source source = { no_data, NULL, "x" };
            struct picture_point point = { .from = cal_date_of(2023, 6, 1),
                                           .to = cal_date_of(2023, 7, 1),
                                           .label = "2023-06",
                                           .status = 'P',
                                           .is_revised = true };
            struct picture_area area = { .name = "安吉", .target = (double)NAN, .points = &point };
            struct picture_version version = { .label = "2023-07-12", .status = 'A' };
            struct picture picture = { .chart = (enum picture_chart)chart,
                                       .size = chart == CHART_SPARK ? PICTURE_SPARK : PICTURE_PHONE,
                                       .from = cal_date_of(2021, 1, 1),
                                       .to = cal_date_of(2023, 12, 31),
                                       .title = "指标",
                                       .kind = 'V',
                                       .cumulation = CUMULATION_YTD,
                                       .points = &point,
                                       .areas = &area,
                                       .versions = &version };
            if (k < COUNT(numbers)) {
                point.number = area.number = version.number = numbers[k];
                (void)num_print(numbers[k], 0, point.value);
                (void)num_print(numbers[k], 0, area.value);
                (void)num_print(numbers[k], 0, version.value);
                picture.point_count = picture.area_count = picture.version_count = 1;
                area.point_count = 1;
            }
            struct content content;
            struct scene scene = { 0 };
            char row[64];
            (void)snprintf(row, sizeof row, "chart %d, number %zu", chart, k);
            content_make(&picture, &content);
            CHECK_INT(row, 0, chart_draw(&picture, &content, &source, &scene, NULL));
            check_inside(row, &scene);
            scene_done(&scene);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples_are_as_they_were_seen),
        cmocka_unit_test(test_nothing_leaves_the_picture),
        cmocka_unit_test(test_the_longest_names_do_not_either),
        cmocka_unit_test(test_hostile_texts_are_escaped),
        cmocka_unit_test(test_empty_and_extreme),
    };
    draw_prepare();
    folder_make(folder);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    folder_remove(folder);
    return failed;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/picture.h"

#include <errno.h>

#include "tests/unit/core/check.h"

/* The example of graphs/picture.h. */
static const char EXAMPLE[] =
    "{\"format\":\"svg\",\"lang\":\"zh-CN\",\"size\":\"page\",\"archive\":\"00/00000012.rrd\","
    "\"from\":\"2021-01-01\",\"to\":\"2023-12-31\",\"title\":\"腾出用地面积\",\"area\":\"安吉\","
    "\"unit\":\"亩\",\"decimals\":0,\"cumulation\":\"YTD\",\"kind\":\"V\",\"simulated\":true,"
    "\"as_of\":\"2023-07-20\","
    "\"facts\":[{\"label\":\"最新值\",\"text\":\"980亩\"},"
    "{\"label\":\"差距\",\"text\":\"−20亩\",\"level\":\"warn\"}],"
    "\"points\":[{\"from\":\"2023-05-01\",\"to\":\"2023-06-01\",\"label\":\"2023-05\","
    "\"value\":\"750\",\"level\":\"remind\",\"status\":\"A\",\"simulated\":true},"
    "{\"from\":\"2023-06-01\",\"to\":\"2023-07-01\",\"label\":\"2023-06\",\"value\":\"980\","
    "\"level\":\"warn\",\"status\":\"P\",\"simulated\":false}],"
    "\"targets\":[{\"year\":2022,\"value\":\"1800\"},{\"year\":2023,\"value\":\"2000.5\",\"plan\":"
    "\"-3.5\"}],"
    "\"gaps\":[{\"from\":\"2023-07-01\",\"to\":\"2023-08-01\",\"label\":\"2023-07\","
    "\"state\":\"not-due\"}],"
    "\"projection\":{\"at\":\"2024-01-01\",\"value\":\"1851\",\"low\":\"1790\",\"high\":\"1905\"},"
    "\"zones\":[{\"high\":\"87\",\"level\":\"remind\"}],"
    "\"milestones\":[{\"at\":\"2023-07-01\",\"value\":\"65\",\"text\":\"65%\"}],"
    "\"areas\":[{\"name\":\"安吉\",\"self\":true,\"level\":\"warn\",\"value\":\"9\",\"points\":[]}]"
    ","
    "\"versions\":[{\"label\":\"7-12\",\"value\":\"960\",\"status\":\"P\"}]}";

static void
test_the_example(void **state)
{
    (void)state;
    struct picture picture;
    struct err_note note = { "" };
    int rc = picture_parse(EXAMPLE, strlen(EXAMPLE), &picture, &note);
    CHECK_TEXT("note", "", note.text);
    CHECK_INT("rc", 0, rc);
    CHECK_INT("format", PICTURE_SVG, picture.format);
    CHECK_INT("size", PICTURE_PAGE, picture.size);
    CHECK_INT("lang", LANG_ZH, picture.lang);
    CHECK_TEXT("archive", "00/00000012.rrd", picture.archive);
    CHECK_INT("from", cal_date_of(2021, 1, 1).days, picture.from.days);
    CHECK_INT("to", cal_date_of(2023, 12, 31).days, picture.to.days);
    CHECK_TEXT("title", "腾出用地面积", picture.title);
    CHECK_TEXT("area", "安吉", picture.area);
    CHECK_TEXT("unit", "亩", picture.unit);
    CHECK_INT("cumulation", CUMULATION_YTD, picture.cumulation);
    CHECK_INT("kind", 'V', picture.kind);
    CHECK("simulated", picture.is_simulated);
    CHECK_TEXT("as_of", "2023-07-20", picture.as_of);
    CHECK_INT("facts", 2, (long long)picture.fact_count);
    CHECK_INT("fact without level", LEVEL_COUNT, picture.facts[0].level);
    CHECK_INT("fact with level", LEVEL_WARN, picture.facts[1].level);
    CHECK_INT("points", 2, (long long)picture.point_count);
    CHECK_TEXT("value", "980", picture.points[1].value);
    CHECK_NEAR("number", 980, picture.points[1].number);
    CHECK_INT("status", 'P', picture.points[1].status);
    CHECK("point simulated", picture.points[0].is_simulated && !picture.points[1].is_simulated);
    CHECK_INT("targets", 2, (long long)picture.target_count);
    CHECK_NEAR("target", 2000.5, picture.targets[1].value);
    CHECK("no plan", isnan(picture.targets[0].plan));
    CHECK_NEAR("plan", -3.5, picture.targets[1].plan);
    CHECK_INT("trend", CHART_TREND, picture.chart);
    CHECK_INT("light", PICTURE_LIGHT, picture.theme);
    CHECK("gap", picture.gap_count == 1 && picture.gaps[0].state == GAP_NOT_DUE);
    CHECK("projection", picture.has_projection);
    CHECK_NEAR("projection", 1851, picture.projection.value);
    CHECK_TEXT("projection", "1905", picture.projection.high_text);
    CHECK("zone", picture.zone_count == 1 && isnan(picture.zones[0].low));
    CHECK_NEAR("zone", 87, picture.zones[0].high);
    CHECK("milestone", picture.milestone_count == 1);
    CHECK_TEXT("milestone", "65%", picture.milestones[0].text);
    CHECK("area", picture.area_count == 1 && picture.areas[0].is_self);
    CHECK("area", isnan(picture.areas[0].target) && picture.areas[0].point_count == 0);
    CHECK_NEAR("area", 9, picture.areas[0].number);
    CHECK("version", picture.version_count == 1 && picture.versions[0].status == 'P');
    picture_done(&picture);
    picture_done(&picture);
    picture_done(NULL);
}

/* The example with the first `old` replaced by `new`. */
static char *
example_with(const char *old, const char *new)
{
    const char *at = strstr(EXAMPLE, old);
    CHECK(old, at != NULL);
    const size_t room = sizeof EXAMPLE + strlen(new);
    char *text = malloc(room);
    assert_non_null(text);
    (void)snprintf(text, room, "%.*s%s%s", (int)(at - EXAMPLE), EXAMPLE, new, at + strlen(old));
    return text;
}

/* The example with one thing put wrong, and what is said of it. */
struct fault {
    const char *old, *new;
    int code;
    const char *note;
};

static void
check_faults(const struct fault *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char *text = example_with(rows[i].old, rows[i].new);
        struct picture picture = { .decimals = 77 };
        struct err_note note = { "" };
        CHECK_INT(rows[i].new, rows[i].code, picture_parse(text, strlen(text), &picture, &note));
        if (strncmp(rows[i].note, note.text, strlen(rows[i].note)) != 0)
            CHECK_TEXT(rows[i].new, rows[i].note, note.text);
        CHECK_INT("untouched", 77, picture.decimals);
        free(text);
    }
}

static void
test_faults_of_the_choices(void **state)
{
    (void)state;
    static const struct fault rows[] = {
        { "\"format\":\"svg\"", "\"format\":\"pdf\"", ERR_SYNTAX,
          "request: format: must be one of" },
        { "\"format\":\"svg\"", "\"format\":1", ERR_SYNTAX, "request: format: must be a text" },
        { "\"format\":\"svg\",", "", ERR_SYNTAX, "request: format: missing" },
        { "\"lang\":\"zh-CN\"", "\"lang\":\"de\"", ERR_SYNTAX, "request: lang: must be one of" },
        { "\"size\":\"page\"", "\"size\":\"huge\"", ERR_SYNTAX, "request: size: must be one of" },
        { "\"size\":\"page\"", "\"colour\":\"red\"", ERR_SYNTAX, "request: colour: unknown key" },
        { "\"size\":\"page\"", "\"chart\":\"pie\"", ERR_SYNTAX,
          "request: chart: must be one of \"trend\", \"overlay\", \"multiples\", \"ranking\", "
          "\"revisions\", \"spark\"" },
        { "\"size\":\"page\"", "\"theme\":\"pink\"", ERR_SYNTAX,
          "request: theme: must be one of \"light\", \"dark\"" },
        { "\"archive\":\"00/00000012.rrd\",", "", ERR_SYNTAX, "request: archive: missing" },
        { "\"size\":\"page\"", "\"lang\":\"en\"", ERR_SYNTAX, "request: line 1" },
    };
    check_faults(rows, COUNT(rows));
}

static void
test_faults_of_the_archive(void **state)
{
    (void)state;
    static const struct fault rows[] = {
        { "00/00000012.rrd", "../etc.rrd", ERR_SYNTAX, "request: archive: must be of" },
        { "00/00000012.rrd", "/00000012.rrd", ERR_SYNTAX, "request: archive: must be of" },
        { "00/00000012.rrd", "00//0012.rrd", ERR_SYNTAX, "request: archive: must be of" },
        { "00/00000012.rrd", "00/.rrd", ERR_SYNTAX, "request: archive: must be of" },
        { "00/00000012.rrd", ".rrd", ERR_SYNTAX, "request: archive: must be of" },
        { "00/00000012.rrd", "00/0:start=1.rrd", ERR_SYNTAX, "request: archive: must be of" },
        { "00/00000012.rrd", "00/1", ERR_SYNTAX, "request: archive: must be of" },
        { "00/00000012.rrd",
          "000000000000000000000000000000000000000000000000000000000000000000000000.rrd", ERR_RANGE,
          "request: archive: longer than 63 bytes" },
    };
    check_faults(rows, COUNT(rows));
}

static void
test_faults_of_the_days(void **state)
{
    (void)state;
    static const struct fault rows[] = {
        { "2021-01-01", "2021-02-29", ERR_RANGE, "request: from: " },
        { "2021-01-01", "1979-12-31", ERR_RANGE, "request: from: before 1980" },
        { "2021-01-01", "2024-01-01", ERR_RANGE, "request: to: lies before from" },
        { "2021-01-01", "2002-12-01", ERR_RANGE, "request: to: more than 21 years" },
        { "\"2021-01-01\"", "20210101", ERR_SYNTAX, "request: from: must be a date" },
        { "2023-12-31", "2181-01-01", ERR_RANGE, "request: to: after 2180" },
    };
    check_faults(rows, COUNT(rows));
}

static void
test_faults_of_texts(void **state)
{
    (void)state;
    static const struct fault rows[] = {
        { "\"腾出用地面积\"", "\"a\\u0007b\"", ERR_SYNTAX,
          "request: title: has control characters" },
        { "\"腾出用地面积\"", "\"a\\u202Eb\"", ERR_SYNTAX,
          "request: title: has control characters" },
        { "\"腾出用地面积\"", "\"a\xffz\"", ERR_SYNTAX, "request: line 1" },
        { "\"腾出用地面积\"", "[]", ERR_SYNTAX, "request: title: must be a text" },
        { "\"安吉\"", "null", ERR_SYNTAX, "request: area: must be a text" },
        { "\"亩\"", "7", ERR_SYNTAX, "request: unit: must be a text" },
    };
    check_faults(rows, COUNT(rows));
}

static void
test_faults_of_numbers_and_marks(void **state)
{
    (void)state;
    static const struct fault rows[] = {
        { "\"decimals\":0", "\"decimals\":10", ERR_RANGE,
          "request: decimals: must lie between 0 and 9" },
        { "\"decimals\":0", "\"decimals\":-1", ERR_RANGE,
          "request: decimals: must lie between 0 and 9" },
        { "\"decimals\":0", "\"decimals\":0.5", ERR_SYNTAX,
          "request: decimals: must be a whole number" },
        { "\"decimals\":0", "\"decimals\":99999999999999999999", ERR_SYNTAX, "request: line 1" },
        { "\"YTD\"", "\"WEEK\"", ERR_SYNTAX,
          "request: cumulation: must be one of \"MONTH\", \"YTD\", \"STOCK\"" },
        { "\"kind\":\"V\"", "\"kind\":\"X\"", ERR_SYNTAX, "request: kind: must be one letter of" },
        { "\"kind\":\"V\"", "\"kind\":\"\"", ERR_SYNTAX, "request: kind: must be one letter of" },
        { "\"kind\":\"V\"", "\"kind\":\"VV\"", ERR_SYNTAX, "request: kind: must be one letter of" },
        { "\"simulated\":true,\"as_of\"", "\"simulated\":1,\"as_of\"", ERR_SYNTAX,
          "request: simulated: must be true or false" },
    };
    check_faults(rows, COUNT(rows));
}

static void
test_faults_of_facts(void **state)
{
    (void)state;
    static const struct fault rows[] = {
        { "\"facts\":[", "\"facts\":[7,", ERR_SYNTAX, "request: facts: [0]: must be an object" },
        { "\"label\":\"最新值\",", "", ERR_SYNTAX, "request: facts: [0]: label: missing" },
        { "\"level\":\"warn\"}]", "\"level\":\"bad\"}]", ERR_SYNTAX,
          "request: facts: [1]: level: must be a level" },
        { "\"level\":\"warn\"}]", "\"ink\":\"warn\"}]", ERR_SYNTAX,
          "request: facts: [1]: ink: unknown key" },
    };
    check_faults(rows, COUNT(rows));
}

static void
test_faults_of_points(void **state)
{
    (void)state;
    static const struct fault rows[] = {
        { "\"points\":[{", "\"points\":{\"a\":{", ERR_SYNTAX, "request: line 1" },
        { "\"label\":\"2023-05\",", "", ERR_SYNTAX, "request: points: [0]: label: missing" },
        { "\"value\":\"980\"", "\"value\":980", ERR_SYNTAX,
          "request: points: [1]: value: must be a number written as a text" },
        { "\"value\":\"980\"", "\"value\":\"9e9\"", ERR_SYNTAX, "request: points: [1]: value: " },
        { "\"value\":\"980\"", "\"value\":\"nan\"", ERR_SYNTAX, "request: points: [1]: value: " },
        { "\"value\":\"980\"", "\"value\":\"1000000000000001\"", ERR_RANGE,
          "request: points: [1]: value: beyond 10^15" },
        { "\"status\":\"P\"", "\"status\":\"p\"", ERR_SYNTAX,
          "request: points: [1]: status: must be one letter" },
        { "\"level\":\"remind\"", "\"level\":2", ERR_SYNTAX,
          "request: points: [0]: level: must be a level" },
        { "\"to\":\"2023-07-01\"", "\"to\":\"2023-06-01\"", ERR_RANGE,
          "request: points: [1]: to: must come after from" },
        { "\"from\":\"2023-06-01\"", "\"from\":\"2022-06-01\"", ERR_RANGE,
          "request: points: [1]: to: more than a year" },
        { "\"from\":\"2023-06-01\",\"to\":\"2023-07-01\"",
          "\"from\":\"2023-04-01\",\"to\":\"2023-06-01\"", ERR_RANGE,
          "request: points: [1]: to: not in order" },
        { "\"simulated\":false}]", "\"simulated\":false,\"x\":0}]", ERR_SYNTAX,
          "request: points: [1]: x: unknown key" },
    };
    check_faults(rows, COUNT(rows));
}

static void
test_faults_of_targets(void **state)
{
    (void)state;
    static const struct fault rows[] = {
        { "\"year\":2022", "\"year\":1899", ERR_RANGE,
          "request: targets: [0]: year: must lie between" },
        { "\"year\":2022", "\"year\":2200", ERR_RANGE,
          "request: targets: [0]: year: must lie between" },
        { "\"year\":2022", "\"year\":2023", ERR_RANGE, "request: targets: [1]: year: must rise" },
        { "\"value\":\"1800\"", "\"value\":\"\"", ERR_SYNTAX, "request: targets: [0]: value: " },
        { "\"targets\":[", "\"targets\":7,\"x\":[", ERR_SYNTAX,
          "request: targets: must be a list" },
    };
    check_faults(rows, COUNT(rows));
}

static void
test_faults_of_what_charts_add(void **state)
{
    (void)state;
    static const struct fault rows[] = {
        { "\"not-due\"", "\"late\"", ERR_SYNTAX,
          "request: gaps: [0]: state: must be one of \"missing\", \"not-due\"" },
        { "\"to\":\"2023-08-01\"", "\"to\":\"2023-07-01\"", ERR_RANGE,
          "request: gaps: [0]: to: must come after from" },
        { ",\"high\":\"1905\"", "", ERR_RANGE, "request: projection: low and high: both or none" },
        { "\"high\":\"1905\"", "\"high\":\"1\"", ERR_RANGE,
          "request: projection: low and high: both or none" },
        { "\"1851\"", "1851", ERR_SYNTAX,
          "request: projection: value: must be a number written as a text" },
        { "\"high\":\"87\"", "\"low\":\"88\",\"high\":\"87\"", ERR_RANGE,
          "request: zones: [0]: high: must lie above low" },
        { "\"text\":\"65%\"", "\"text\":65", ERR_SYNTAX,
          "request: milestones: [0]: text: must be a text" },
        { "\"name\":\"安吉\",\"self\":true", "\"self\":true", ERR_SYNTAX,
          "request: areas: [0]: name: missing" },
        { "\"points\":[]}]", "\"points\":[{}]}]", ERR_SYNTAX,
          "request: areas: [0]: points: [0]: from: missing" },
        { "\"status\":\"P\"}]}", "\"status\":\"\"}]}", ERR_SYNTAX,
          "request: versions: [0]: status: must be one letter" },
    };
    check_faults(rows, COUNT(rows));
}

static void
test_spark_is_a_size_and_a_chart(void **state)
{
    (void)state;
    static const char *const words[] = { "\"size\":\"spark\"",
                                         "\"chart\":\"spark\",\"size\":\"screen\"" };
    for (size_t i = 0; i < COUNT(words); i++) {
        struct picture picture;
        char *text = example_with("\"size\":\"page\"", words[i]);
        CHECK_INT(words[i], 0, picture_parse(text, strlen(text), &picture, NULL));
        CHECK_INT(words[i], CHART_SPARK, picture.chart);
        CHECK_INT(words[i], PICTURE_SPARK, picture.size);
        picture_done(&picture);
        free(text);
    }
    struct picture picture;
    char *text = example_with("\"archive\":\"00/00000012.rrd\"", "\"chart\":\"ranking\"");
    CHECK_INT("needs no archive", 0, picture_parse(text, strlen(text), &picture, NULL));
    CHECK("needs no archive", !picture_needs_archive(&picture));
    picture_done(&picture);
    free(text);
}

/* `count` times `item`, separated by commas. */
static char *
list_of(const char *item, size_t count)
{
    const size_t room = count * (strlen(item) + 1) + 1;
    char *text = malloc(room);
    assert_non_null(text);
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(text + used, room - used, "%s%s", i ? "," : "", item);
    return text;
}

static void
test_lists_are_bounded(void **state)
{
    (void)state;
    static const struct {
        const char *key, *item;
        size_t max;
    } rows[] = {
        { "facts", "{\"label\":\"\",\"text\":\"\"}", PICTURE_FACTS_MAX },
        { "points", "7", PICTURE_POINTS_MAX },
        { "targets", "7", PICTURE_TARGETS_MAX },
        { "zones", "7", PICTURE_ZONES_MAX },
        { "milestones", "7", PICTURE_MILESTONES_MAX },
        { "areas", "7", PICTURE_AREAS_MAX },
        { "versions", "7", PICTURE_VERSIONS_MAX },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *items = list_of(rows[i].item, rows[i].max + 1);
        const size_t room = strlen(items) + sizeof EXAMPLE + 32;
        char *text = malloc(room), old[32], want[64];
        assert_non_null(text);
        (void)snprintf(old, sizeof old, "\"%s\":[", rows[i].key);
        const char *at = strstr(EXAMPLE, old);
        assert_non_null(at);
        /* the old list becomes a key nobody knows: lists are judged first */
        (void)snprintf(text, room, "%.*s%s%s],\"old\":[%s", (int)(at - EXAMPLE), EXAMPLE, old,
                       items, at + strlen(old));
        (void)snprintf(want, sizeof want, "request: %s: more than %zu", rows[i].key, rows[i].max);
        struct picture picture;
        struct err_note note = { "" };
        CHECK_INT(rows[i].key, ERR_RANGE, picture_parse(text, strlen(text), &picture, &note));
        CHECK_TEXT(rows[i].key, want, note.text);
        free(text);
        free(items);
    }
}

static void
test_what_is_no_request(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "", "[]", "7", "{", "{}", "null", "{\"format\":\"svg\"} x"
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct picture picture;
        struct err_note note = { "" };
        CHECK_INT(rows[i], ERR_SYNTAX, picture_parse(rows[i], strlen(rows[i]), &picture, &note));
        CHECK(rows[i], strncmp(note.text, "request: ", 9) == 0);
    }
    char *blanks = malloc(PICTURE_REQUEST_MAX + 1);
    assert_non_null(blanks);
    memset(blanks, ' ', PICTURE_REQUEST_MAX + 1);
    struct picture picture;
    CHECK_INT("too long", ERR_RANGE,
              picture_parse(blanks, PICTURE_REQUEST_MAX + 1, &picture, NULL));
    CHECK_INT("blank", ERR_SYNTAX, picture_parse(blanks, PICTURE_REQUEST_MAX, &picture, NULL));
    free(blanks);
}

static void
test_optional_fields_and_long_texts(void **state)
{
    (void)state;
    struct picture picture;
    char *text = example_with("\"size\":\"page\",", "");
    CHECK_INT("no size", 0, picture_parse(text, strlen(text), &picture, NULL));
    CHECK_INT("no size", PICTURE_PAGE, picture.size);
    picture_done(&picture);
    free(text);
    text = example_with("\"as_of\":\"2023-07-20\",", "");
    CHECK_INT("no as_of", 0, picture_parse(text, strlen(text), &picture, NULL));
    CHECK_TEXT("no as_of", "", picture.as_of);
    picture_done(&picture);
    free(text);
    char *words = list_of("指标", 100);
    text = example_with("腾出用地面积", words);
    CHECK_INT("long title", 0, picture_parse(text, strlen(text), &picture, NULL));
    CHECK("long title", strlen(picture.title) <= 255 && strlen(picture.title) > 250);
    CHECK("long title", text_is_utf8(picture.title, strlen(picture.title)));
    picture_done(&picture);
    free(text);
    free(words);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_example),
        cmocka_unit_test(test_faults_of_the_choices),
        cmocka_unit_test(test_faults_of_the_archive),
        cmocka_unit_test(test_faults_of_the_days),
        cmocka_unit_test(test_faults_of_texts),
        cmocka_unit_test(test_faults_of_numbers_and_marks),
        cmocka_unit_test(test_faults_of_facts),
        cmocka_unit_test(test_faults_of_points),
        cmocka_unit_test(test_faults_of_targets),
        cmocka_unit_test(test_faults_of_what_charts_add),
        cmocka_unit_test(test_spark_is_a_size_and_a_chart),
        cmocka_unit_test(test_lists_are_bounded),
        cmocka_unit_test(test_what_is_no_request),
        cmocka_unit_test(test_optional_fields_and_long_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

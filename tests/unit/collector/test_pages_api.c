/* SPDX-License-Identifier: GPL-3.0-or-later
 * JSON and metrics: the shapes others rely on. */
#include "tests/unit/collector/pages_fixture.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

static json_t *
ask_json(struct pages_fixture *f, const char *target, int status)
{
    struct answer answer = ask(f, target);
    if (answer.status != status)
        fail_msg("%s: %d %s", target, answer.status, answer.body.bytes);
    assert_string_equal("application/json", answer.type);
    json_t *root = json_loadb(answer.body.bytes, answer.body.size, 0, NULL);
    assert_non_null(root);
    answer_done(&answer);
    return root;
}

/* The one row of `target`'s answer. */
static json_t *
ask_rows(struct pages_fixture *f, const char *target, size_t count)
{
    json_t *root = ask_json(f, target, 200);
    assert_int_equal(2, json_object_size(root));
    assert_string_equal("success", json_string_value(json_object_get(root, "status")));
    json_t *data = json_incref(json_object_get(root, "data"));
    json_decref(root);
    assert_true(json_is_array(data));
    if (json_array_size(data) != count)
        fail_msg("%s: %zu rows, wanted %zu", target, json_array_size(data), count);
    return data;
}

static const char *
field(const json_t *rows, size_t row, const char *key)
{
    const json_t *value = json_object_get(json_array_get(rows, row), key);
    if (!value)
        fail_msg("no field '%s'", key);
    return json_is_null(value)     ? "(null)"
           : json_is_string(value) ? json_string_value(value)
                                   : "(other)";
}

static void
test_observations(void **state)
{
    json_t *rows = ask_rows(*state, "/api/v1/observations?area=anji&indicator=land-freed", 4);
    assert_string_equal("2022-06", field(rows, 0, "period"));
    assert_string_equal("2023-05", field(rows, 2, "period"));
    assert_string_equal("700", field(rows, 2, "value"));
    assert_string_equal("A", field(rows, 2, "status"));
    assert_string_equal("anji", field(rows, 2, "publisher"));
    assert_string_equal("2023-07-15T12:00:00Z", field(rows, 2, "received_at"));
    assert_string_equal("2023-06-20", field(rows, 2, "released"));
    assert_string_equal("核实后更正<script>&\"'", field(rows, 2, "reason"));
    assert_string_equal("(null)", field(rows, 3, "reason"));
    assert_int_equal(1, json_integer_value(json_object_get(json_array_get(rows, 2), "revision")));
    assert_int_equal(3, json_integer_value(json_object_get(json_array_get(rows, 2), "submission")));
    json_decref(rows);
}

static void
test_observations_ranges_and_vintages(void **state)
{
    static const struct {
        const char *more;
        size_t count;
    } cases[] = {
        { "&vintages=true", 5 },
        { "&vintages=false", 4 },
        { "&from=2023-01", 3 },
        { "&from=2023&to=2023-05", 2 },
        { "&from=2023-05-01&to=2023-05-31", 1 },
        { "&from=2023-05-02&to=2023-05-31", 0 },
        { "&as_of=2023-06-15", 3 },
        { "&as_of=2023-06-15T10:00:00Z", 3 },
        { "&received_as_of=2023-07-14", 0 },
        { "&to=2022-12-31&lang=en", 1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char target[160];
        (void)snprintf(target, sizeof target,
                       "/api/v1/observations?area=anji&indicator=land-freed%s", cases[i].more);
        json_decref(ask_rows(*state, target, cases[i].count));
    }
    json_decref(ask_rows(
        *state, "/api/v1/observations?area=wuxing+nantaihu&indicator=energy-intensity-fall", 1));
    json_decref(ask_rows(*state, "/api/v1/observations?area=deqing&indicator=land-freed", 0));
}

static void
test_targets(void **state)
{
    json_decref(ask_rows(*state, "/api/v1/targets", 263));
    json_decref(ask_rows(*state, "/api/v1/targets?year=2022", 0));
    json_t *rows = ask_rows(*state, "/api/v1/targets?year=2023&area=anji&indicator=land-freed", 1);
    static const char *const want[][2] = {
        { "target", "f1-14-anji" }, { "source", "附1-14" },
        { "area", "anji" },         { "indicator", "land-freed" },
        { "name", "腾出用地面积" }, { "unit", "亩" },
        { "text", "2000" },         { "value", "2000" },
        { "comparator", "≥" },      { "status", "issued" },
        { "method", "LIN" },        { "owner", "市经信局" },
        { "lead", "市经信局" },     { "accountable", "anji" },
        { "owner_id", "jxj" },      { "unit_id", "mu" },
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_string_equal(want[i][1], field(rows, 0, want[i][0]));
    json_decref(rows);
    rows = ask_rows(*state, "/api/v1/targets?area=deqing&indicator=zhejiang-made-standards&lang=en",
                    1);
    assert_string_equal("(null)", field(rows, 0, "value"));
    assert_string_equal("New Zhejiang Made standards", field(rows, 0, "name"));
    json_decref(rows);
}

static void
test_verdicts(void **state)
{
    json_decref(ask_rows(*state, "/api/v1/verdicts?at=2023-06", 348));
    json_t *rows =
        ask_rows(*state, "/api/v1/verdicts?at=2023-06&area=anji&indicator=land-freed", 1);
    static const char *const want[][2] = {
        { "target", "f1-14-anji" },
        { "area", "anji" },
        { "indicator", "land-freed" },
        { "period", "2023-06" },
        { "level", "normal" },
        { "actual", "980" },
        { "expected", "1000" },
        { "target_value", "2000" },
        { "completion", "0.49" },
        { "ratio", "0.98" },
        { "gap", "-1" },
        { "needed_pace", "1.02" },
        { "projection", "1960" },
        { "asked", "2023-06" },
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_string_equal(want[i][1], field(rows, 0, want[i][0]));
    assert_non_null(strstr(field(rows, 0, "reason"), "完成49%"));
    assert_string_equal("lin-band", field(rows, 0, "own_rule"));
    assert_string_equal("pace", field(rows, 0, "bands"));
    assert_string_equal("(null)", field(rows, 0, "version"));
    assert_null(json_object_get(json_array_get(rows, 0), "inputs"));
    json_t *arithmetic = json_object_get(json_array_get(rows, 0), "arithmetic");
    assert_string_equal("0.5", json_string_value(json_object_get(arithmetic, "year_share")));
    assert_string_equal("1960", json_string_value(json_object_get(arithmetic, "projection_pace")));
    assert_null(json_object_get(arithmetic, "reference")); /* it has none */
    json_decref(rows);
    rows = ask_rows(*state,
                    "/api/v1/verdicts?at=2023-06&area=anji&indicator=land-freed&inputs=true", 1);
    json_t *inputs = json_object_get(json_array_get(rows, 0), "inputs");
    assert_true(json_array_size(inputs) > 0);
    size_t last = 0;
    while (strcmp(field(inputs, last, "role"), "earlier") == 0)
        last++;
    assert_string_equal("judged", field(inputs, last, "role"));
    assert_string_equal("land-freed", field(inputs, last, "indicator"));
    assert_string_equal("2023-06", field(inputs, last, "period"));
    assert_string_equal("980", field(inputs, last, "value"));
    json_decref(rows);
    rows = ask_rows(*state, "/api/v1/verdicts?area=deqing&indicator=land-freed", 1);
    assert_string_equal("unknown", field(rows, 0, "level"));
    assert_string_equal("(null)", field(rows, 0, "actual"));
    assert_string_equal("(null)", field(rows, 0, "period"));
    json_decref(rows);
}

static void
test_alerts(void **state)
{
    json_decref(ask_rows(*state, "/api/v1/alerts", 2));
    json_decref(ask_rows(*state, "/api/v1/alerts?state=resolved", 1));
    json_decref(ask_rows(*state, "/api/v1/alerts?state=withdrawn", 0));
    json_decref(ask_rows(*state, "/api/v1/alerts?area=deqing", 0));
    json_t *rows = ask_rows(*state, "/api/v1/alerts?state=open&lang=en", 1);
    static const char *const want[][2] = {
        { "target", "f1-14-anji" },
        { "area", "anji" },
        { "indicator", "land-freed" },
        { "level", "warn" },
        { "state", "open" },
        { "opened_at", "2023-06-12" },
        { "last_change", "2023-06-12" },
        { "reason", "behind by May <b>" },
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_string_equal(want[i][1], field(rows, 0, want[i][0]));
    assert_true(json_is_integer(json_object_get(json_array_get(rows, 0), "id")));
    json_decref(rows);
}

static void
test_errors(void **state)
{
    static const struct {
        const char *target;
        int status;
        const char *type;
        const char *words;
    } cases[] = {
        { "/api/v1/observations?lang=en", 400, "bad_data", "parameter 'area' is missing" },
        { "/api/v1/observations?area=anji&lang=en", 400, "bad_data",
          "parameter 'indicator' is missing" },
        { "/api/v1/observations?area=atlantis&lang=en", 400, "bad_data",
          "'atlantis' is wrong; it should be an area's id: huzhou, wuxing" },
        { "/api/v1/observations?area=anji&indicator=x", 400, "bad_data", "参数 indicator" },
        { "/api/v1/observations?area=anji&indicator=land-freed&from=1-1", 400, "bad_data",
          "参数 from" },
        { "/api/v1/observations?area=anji&indicator=land-freed&vintages=1", 400, "bad_data",
          "参数 vintages" },
        { "/api/v1/targets?year=23", 400, "bad_data", "参数 year" },
        { "/api/v1/verdicts?at=june", 400, "bad_data", "参数 at" },
        { "/api/v1/verdicts?month=2023-06&lang=en", 400, "bad_data", "known here: at, as_of" },
        { "/api/v1/alerts?state=closed&lang=en", 400, "bad_data", "open, resolved or withdrawn" },
        { "/api/v1/nothing", 404, "not_found", "没有这个页面" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *root = ask_json(*state, cases[i].target, cases[i].status);
        assert_int_equal(3, json_object_size(root));
        assert_string_equal("error", json_string_value(json_object_get(root, "status")));
        assert_string_equal(cases[i].type, json_string_value(json_object_get(root, "errorType")));
        const char *words = json_string_value(json_object_get(root, "error"));
        if (!strstr(words, cases[i].words))
            fail_msg("%s: '%s'", cases[i].target, words);
        json_decref(root);
    }
}

/* Each line is a comment of the format, or "name{labels} number"; each family is declared before
 * its samples. */
static void
expect_open_metrics(const char *text)
{
    char family[96] = "";
    const char *end;
    for (const char *line = text; *line; line = end + 1) {
        end = strchr(line, '\n');
        assert_non_null(end);
        if (strncmp(line, "# TYPE ", 7) == 0) {
            (void)snprintf(family, sizeof family, "%.*s", (int)strcspn(line + 7, " "), line + 7);
        } else if (line[0] != '#') {
            if (strncmp(line, family, strlen(family)) != 0 || !family[0])
                fail_msg("'%.*s' is not of family %s", (int)(end - line), line, family);
        }
    }
    assert_string_equal("# EOF\n", text + strlen(text) - 6);
}

static void
test_metrics(void **state)
{
    struct answer answer = ask(*state, "/metrics");
    assert_int_equal(200, answer.status);
    assert_string_equal("application/openmetrics-text; version=1.0.0; charset=utf-8", answer.type);
    expect_open_metrics(answer.body.bytes);
    assert_non_null(strstr(answer.body.bytes, "pacewatch_observations_total 8\n"));
    assert_non_null(strstr(answer.body.bytes, "pacewatch_open_alerts 1\n"));
    /* The fixture's rows came with no records: that many fates are missing. */
    assert_non_null(strstr(answer.body.bytes, "pacewatch_counting_difference 8\n"));
    assert_non_null(strstr(answer.body.bytes, "pacewatch_spooled_records{publisher=\"anji\"} 0\n"));
    assert_non_null(
        strstr(answer.body.bytes, "pacewatch_targets{level=\"normal\",month=\"2023-06\"}"));
    assert_non_null(strstr(answer.body.bytes, "pacewatch_build_info{version=\""));
    assert_non_null(strstr(answer.body.bytes, "pacewatch_projected_position 1000\n"));
    answer_done(&answer);
}

static void
test_health(void **state)
{
    struct pages_fixture *f = *state;
    expect_answer(f, "/-/healthy", 200, "healthy\n");
    expect_answer(f, "/-/ready", 200, "ready\n");
    f->gauges.is_ready = false;
    expect_answer(f, "/-/ready", 503, "not ready\n");
    expect_answer(f, "/-/healthy", 200, NULL);
}

#define API_TEST(test) \
    cmocka_unit_test_setup_teardown(test, pages_fixture_setup, pages_fixture_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        API_TEST(test_observations), API_TEST(test_observations_ranges_and_vintages),
        API_TEST(test_targets),      API_TEST(test_verdicts),
        API_TEST(test_alerts),       API_TEST(test_errors),
        API_TEST(test_metrics),      API_TEST(test_health),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * The HTML pages over a small ledger: what stands where, in both languages, and what bad addresses
 * get. */
#include "tests/unit/collector/pages_fixture.h"

#include <stdio.h>
#include <string.h>

/* ---- every page ---- */

static void
test_every_page_is_well_formed_in_both_languages(void **state)
{
    static const char *const targets[] = {
        "/?lang=zh-CN",
        "/?lang=en",
        "/?month=2023-06&as_of=2023-07-15&lang=en",
        "/?month=2022-01",
        "/?month=2023-01",
        "/area/anji?lang=zh-CN",
        "/area/huzhou?lang=en",
        "/area/changhe",
        "/area/wuxing%2Bnantaihu",
        "/indicator/land-freed?lang=en",
        "/indicator/energy-intensity-fall",
        "/area/anji/land-freed?lang=zh-CN",
        "/area/anji/land-freed?lang=en&as_of=2023-06-15",
        "/area/huzhou/iva-growth",
        "/area/huzhou/land-freed",
        "/area/changhe/land-freed",
        "/area/nantaihu/energy-intensity-fall",
        "/alerts?lang=zh-CN",
        "/alerts?lang=en&as_of=2023-06-30",
        "/feeds?lang=zh-CN",
        "/feeds?lang=en&month=2023-03",
    };
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct answer answer = ask(*state, targets[i]);
        if (answer.status != 200)
            fail_msg("%s: %d", targets[i], answer.status);
        expect_well_formed(answer.body.bytes);
        assert_string_equal("text/html; charset=utf-8", answer.type);
        assert_int_equal(ANSWER_PAGE, answer.kind);
        assert_null(strstr(answer.body.bytes, "<script>")); /* the note of a value, unescaped */
        assert_null(strstr(answer.body.bytes, "style=\"")); /* the content policy forbids it */
        assert_null(strstr(answer.body.bytes, "onclick"));
        answer_done(&answer);
    }
}

static void
test_language_of_address_browser_and_site(void **state)
{
    struct answer answer = ask(*state, "/");
    assert_non_null(strstr(answer.body.bytes, "<html lang=\"zh-CN\">"));
    assert_string_equal("zh-CN", answer.language);
    answer_done(&answer);
    answer = ask_with(*state, "/", "en-US,en;q=0.9", NULL);
    assert_non_null(strstr(answer.body.bytes, "<html lang=\"en\">"));
    assert_null(
        strstr(answer.body.bytes, "lang=en\"")); /* links carry only what the address said */
    answer_done(&answer);
    answer = ask_with(*state, "/?lang=zh-CN&month=2023-05", "en", NULL);
    assert_non_null(strstr(answer.body.bytes, "href=\"/area/anji?month=2023-05&amp;lang=zh-CN\""));
    assert_non_null(strstr(answer.body.bytes, "href=\"/?month=2023-05&amp;lang=en\">English</a>"));
    answer_done(&answer);
}

/* ---- the matrix ---- */

/* The part of the page between two texts, cut off in place. */
static const char *
between(struct answer *answer, const char *from, const char *to)
{
    char *start = strstr(answer->body.bytes, from);
    assert_non_null(start);
    char *end = strstr(start, to);
    assert_non_null(end);
    *end = '\0';
    return start;
}

static void
expect_in(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is not in:\n%s", part, text);
}

static void
test_matrix_columns_in_printed_order(void **state)
{
    static const char *const names[] = { ">吴兴</a></th>",   ">南浔</a></th>",
                                         ">德清</a></th>",   ">长兴</a></th>",
                                         ">安吉</a></th>",   ">南太湖新区</a></th>",
                                         ">长合区</a></th>", ">全市</a></th>" };
    struct answer answer = ask(*state, "/");
    const char *at = answer.body.bytes;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        at = strstr(at, names[i]);
        assert_non_null(at);
    }
    answer_done(&answer);
}

static void
test_matrix_cell_has_word_value_target_and_link(void **state)
{
    struct answer answer = ask(*state, "/?month=2023-06");
    const char *cell = between(&answer, "href=\"/area/anji/land-freed?month=2023-06\"", "</td>");
    expect_in(cell, "<span class=\"lv lv-normal\"><span class=\"sign\" "
                    "aria-hidden=\"true\">●</span>正常</span>");
    expect_in(cell, "<span class=\"value\">980</span> <span class=\"unit\">亩</span>");
    expect_in(cell, "目标 <span lang=\"zh-CN\">2000</span>");
    expect_in(cell, "title=\"1—6月累计980亩，目标2000亩"); /* the arithmetic beside the colour */
    assert_null(strstr(cell, "class=\"by\""));
    assert_null(strstr(cell, "class=\"sim\""));
    answer_done(&answer);
}

static void
test_matrix_marks_simulated_and_old_values(void **state)
{
    struct answer answer = ask(*state, "/?month=2023-06");
    expect_in(answer.body.bytes, "<p class=\"notice\" role=\"note\">演示数据");
    expect_in(between(&answer, "href=\"/area/wuxing/land-freed?", "</td>"), ">演示</span>");
    answer_done(&answer);
    answer = ask(*state, "/?month=2023-06");
    expect_in(between(&answer, "href=\"/area/nanxun/iva-growth?", "</td>"),
              "<span class=\"by\">截至5月</span>");
    answer_done(&answer);
    expect_absent(*state, "/?as_of=2023-06-30",
                  "class=\"notice\""); /* nothing simulated was out by then */
}

static void
test_matrix_joint_and_missing_columns(void **state)
{
    struct answer answer = ask(*state, "/");
    const char *cell =
        between(&answer, "href=\"/area/wuxing%2Bnantaihu/energy-intensity-fall\"", "</td>");
    expect_in(cell, "<span class=\"joint\">吴兴（含南太湖新区）</span>");
    expect_in(cell, "<span class=\"value\">4.4</span>");
    expect_in(cell, "4.5（含南太湖新区）");
    answer_done(&answer);
    answer = ask(*state, "/");
    cell = between(&answer, "href=\"/area/nantaihu/energy-intensity-fall\"", "</td>");
    expect_in(cell, "不适用");
    expect_in(cell, "<span class=\"joint\">吴兴（含南太湖新区）</span>");
    answer_done(&answer);
    expect_answer(*state, "/", 200, "<td class=\"cell none\">未下达指标</td>");
    expect_answer(*state, "/?lang=en", 200, "<td class=\"cell none\">no number assigned</td>");
    expect_answer(*state, "/", 200, "完成省定目标");
    expect_answer(*state, "/", 200, "表中空白");
}

static void
test_matrix_lists_the_citys_own_targets(void **state)
{
    struct answer answer = ask(*state, "/");
    const char *list = strstr(answer.body.bytes, "<h2>全市目标</h2>");
    assert_non_null(list);
    expect_in(list, "附2-2</td>");
    expect_in(list, "附2-83</td>");
    expect_in(list, "超40");
    expect_in(list, ">招大做强行动</th>");
    assert_null(strstr(list, "附2-17</td>")); /* land-freed is in the matrix above */
    answer_done(&answer);
}

/* A year's target is not hidden by one of the plan for a later year. */
static void
test_matrix_shows_the_years_own_targets_first(void **state)
{
    struct answer answer = ask(*state, "/?month=2023-06");
    const char *later = strstr(answer.body.bytes, "今后年度的目标");
    assert_non_null(later);
    expect_in(later, "超过全省平均水平");
    const char *city = between(&answer, "href=\"/area/huzhou/tax-per-mu", "</td>");
    expect_in(city, "目标 <span lang=\"zh-CN\">37</span>");
    answer_done(&answer);
}

static void
test_matrix_counts_add_up(void **state)
{
    struct pages_fixture *f = *state;
    struct answer answer = ask(f, "/");
    size_t primaries = 0;
    for (size_t i = 0; i < f->site.catalogue->target_count; i++) {
        const struct cat_target *target = &f->site.catalogue->targets[i];
        primaries += target_is_of_year(target, 2023) && target->period != TARGET_BY_YEAR &&
                     catalogue_target_alerts(f->site.catalogue, target, 2023);
    }
    assert_in_range(primaries, 200, 263); /* the year's own, not those of later years */
    char want[64];
    (void)snprintf(want, sizeof want, "<li class=\"all\"><b>%zu</b> 项目标</li>", primaries);
    expect_in(answer.body.bytes, want);
    answer_done(&answer);
}

static void
test_month_defaults_to_the_latest_with_data(void **state)
{
    expect_answer(*state, "/", 200, "<option value=\"2023-06\" selected=\"selected\">");
    expect_answer(*state, "/?as_of=2023-06-30", 200,
                  "<option value=\"2023-05\" selected=\"selected\">");
    expect_answer(*state, "/?month=2022-06", 200, "目录中没有这一年的目标");
}

/* ---- one target ---- */

static void
test_target_page_tells_everything(void **state)
{
    struct answer answer = ask(*state, "/area/anji/land-freed?lang=zh-CN");
    static const char *const parts[] = {
        "<span class=\"value\">980</span>",
        "较上期 <b>+280</b>",
        "较上年同期 <b>+380</b>",
        "1—6月累计980亩，目标2000亩，完成49%，序时50%",
        "<td>980 ÷ 2000</td><td class=\"number\">49%",
        "<td>6 ÷ 12</td><td class=\"number\">50%",
        "<code>lin-band</code>",
        "附1-14",
        "按月均匀序时 (LIN)",
        "市经信局",
        "src=\"/graph/anji/land-freed.svg?month=2023-06&amp;size=page&amp;lang=zh-CN\"",
        "<img alt=\"1—6月累计980亩",
        ("<source media=\"(prefers-color-scheme: dark)\" "
         "srcset=\"/graph/anji/land-freed.svg?month=2023-06&amp;size=page&amp;theme=dark"),
        "<source media=\"(max-width: 640px) and (prefers-color-scheme: dark)\"",
        ".png?month=2023-06&amp;size=print&amp;lang=zh-CN\">打印（PNG",
        "<h2>今年与往年</h2>",
        ".svg?month=2023-06&amp;chart=overlay&amp;size=page&amp;lang=zh-CN\"",
        "<h2>历次数值</h2>", /* May was 690 once */
        ".svg?month=2023-06&amp;chart=revisions&amp;size=screen&amp;lang=zh-CN\">大屏",
        "核实后更正&lt;script&gt;&amp;&quot;&#39;",
        "2023年1—5月：1 个先前的值",
        "<td class=\"number\">690</td><td>A 正常</td><td>首次</td><td>2023-06-12</td>",
        "<td class=\"number\">700</td><td>A 正常</td><td>1</td><td>2023-06-20</td>",
        "anji&lt;2023&gt;6月.csv",
        "<h2>预警记录</h2>",
        "截至5月落后&lt;b&gt;",
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        expect_in(answer.body.bytes, parts[i]);
    answer_done(&answer);
}

static void
test_target_page_as_of(void **state)
{
    struct answer answer = ask(*state, "/area/anji/land-freed?as_of=2023-06-15");
    expect_in(answer.body.bytes, "<span class=\"value\">690</span>");
    expect_in(answer.body.bytes, "&amp;as_of=2023-06-15");
    assert_null(strstr(answer.body.bytes, "980"));
    answer_done(&answer);
}

static void
test_two_targets_of_one_series_stand_side_by_side(void **state)
{
    struct answer answer = ask(*state, "/area/huzhou/land-freed");
    const char *primary = strstr(answer.body.bytes, "以此行判断并预警");
    const char *other = strstr(answer.body.bytes, "并列目标，不预警");
    assert_non_null(primary);
    assert_non_null(other);
    assert_true(primary < other);
    expect_in(other, "附2-17");
    assert_null(strstr(answer.body.bytes, "<img")); /* no values, no picture */
    answer_done(&answer);
}

/* A real minus sign, as the sentences have it; in the table of values what was sent. */
static void
test_minus_signs(void **state)
{
    static const char *const targets[] = { "/", "/area/nanxun", "/indicator/iva-growth",
                                           "/area/nanxun/iva-growth" };
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        expect_answer(*state, targets[i], 200, "<span class=\"value\">−7.2</span>");
        expect_absent(*state, targets[i], ">-7.2</span>");
    }
    struct answer answer = ask(*state, "/area/nanxun/iva-growth");
    expect_in(answer.body.bytes, "<td class=\"number\">−7.2 <span class=\"unit\">");
    expect_in(answer.body.bytes, "<td>−7.2 − ");
    expect_in(answer.body.bytes, "<td class=\"number\">-7.2</td><td>A 正常</td>");
    answer_done(&answer);
}

/* ---- areas, indicators, alerts, feeds ---- */

static void
test_area_pages(void **state)
{
    expect_answer(*state, "/area/anji", 200, "1—6月累计980亩，目标2000亩");
    expect_answer(*state, "/area/wuxing", 200,
                  "href=\"/area/wuxing%2Bnantaihu/energy-intensity-fall\"");
    expect_answer(*state, "/area/changhe", 200, "文件未对本区下达分解指标");
    expect_answer(*state, "/area/huzhou", 200, "附2-83");
}

static void
test_indicator_page_has_small_pictures_where_there_are_values(void **state)
{
    expect_answer(*state, "/indicator/land-freed", 200,
                  "src=\"/graph/anji/land-freed.svg?month=2023-06&amp;size=spark");
    expect_absent(*state, "/indicator/land-freed", "src=\"/graph/deqing/");
    expect_answer(*state, "/indicator/land-freed?lang=en", 200,
                  "<h2>Areas by rank</h2>\n<picture><source media=\"(max-width: 640px) and "
                  "(prefers-color-scheme: dark)\" srcset=\"/graph/huzhou/land-freed.svg?month="
                  "2023-06&amp;chart=ranking&amp;size=phone&amp;theme=dark&amp;lang=en\"/>");
    expect_answer(*state, "/indicator/land-freed?lang=en", 200, "<h2>Trends of all areas</h2>");
    expect_absent(*state, "/indicator/iva-growth", "chart=ranking"); /* one area has no rank */
}

static void
test_alerts_open_first(void **state)
{
    struct answer answer = ask(*state, "/alerts");
    const char *open = strstr(answer.body.bytes, "未解除 <span class=\"aside\">1</span>");
    const char *closed = strstr(answer.body.bytes, "已结束 <span class=\"aside\">1</span>");
    assert_non_null(open);
    assert_non_null(closed);
    assert_true(open < closed);
    const char *anji = strstr(open, "href=\"/area/anji/land-freed\"");
    assert_true(anji && anji < closed);
    expect_in(closed, "href=\"/area/nanxun/land-freed\"");
    answer_done(&answer);
}

/* Numbers stand right in their column, and so do their heads. */
static void
test_heads_stand_over_their_numbers(void **state)
{
    expect_answer(*state, "/feeds?lang=en", 200, "<th scope=\"col\" class=\"number\">Due</th>");
    expect_answer(*state, "/feeds?lang=en", 200, "<th scope=\"col\">Last file</th>");
    expect_answer(*state, "/feeds?lang=en", 200,
                  "Last seen seq</th><th scope=\"col\" class=\"number\">Not arrived</th>");
    expect_answer(*state, "/feeds?lang=en", 200,
                  "<td>02000000</td><td class=\"number\">0</td><td class=\"number\">0</td>"
                  "<td class=\"number\">0</td><td>in use</td>");
    expect_answer(*state, "/area/anji/land-freed?lang=en", 200,
                  "<th scope=\"col\" class=\"number\">Value as sent</th>");
    expect_answer(*state, "/static/pacewatch.css", 200,
                  "td.number, th.number { text-align: right;");
}

static void
test_feeds_count_what_is_due(void **state)
{
    struct answer answer = ask(*state, "/feeds?month=2023-06");
    const char *row = between(&answer, "<th scope=\"row\">安吉县</th>", "</tr>");
    expect_in(row, "<td class=\"number\">15</td><td class=\"number\">1</td>");
    expect_in(row, "<summary>14 <span class=\"late\">逾期 14</span>");
    expect_in(row, "anji&lt;2023&gt;6月.csv");
    expect_in(row, "应于此日前 2023-07-12");
    answer_done(&answer);
    answer = ask(*state, "/feeds?month=2023-06&as_of=2023-07-12"); /* the day itself is not late */
    row = between(&answer, "<th scope=\"row\">德清县</th>", "</tr>");
    assert_null(strstr(row, "class=\"late\""));
    expect_in(row, "从未");
    expect_in(row, "未登记密钥");
    answer_done(&answer);
    /* January is not due for no-january and quarterly indicators */
    answer = ask(*state, "/feeds?month=2023-01");
    row = between(&answer, "<th scope=\"row\">德清县</th>", "</tr>");
    expect_in(row, "<td class=\"number\">4</td><td class=\"number\">0</td>");
    answer_done(&answer);
}

/* ---- errors ---- */

static void
test_bad_parameters_are_named(void **state)
{
    static const struct {
        const char *target;
        int status;
        const char *words;
    } cases[] = {
        { "/?month=2023-13&lang=en", 400,
          "parameter &#39;month&#39;: &#39;2023-13&#39; is wrong; it should be a month such as "
          "2023-06" },
        { "/?month=2023-Q1", 400, "参数 month 的值“2023-Q1”有误：应为月份" },
        { "/?as_of=yesterday&lang=en", 400, "parameter &#39;as_of&#39;" },
        { "/?as_of=2023-02-29", 400, "参数 as_of" },
        { "/?lang=fr", 400, "zh-CN 或 en" },
        { "/?colour=red&lang=en", 400,
          "unknown parameter &#39;colour&#39;; known here: month, as_of, lang" },
        { "/?%3Cb%3E=1", 400, "&lt;b&gt;" },
        { "/area/atlantis", 404, "没有这个地区：“atlantis”" },
        { "/area/%3Cscript%3E?lang=en", 404, "no such area: &#39;&lt;script&gt;&#39;" },
        { "/area/anji/wealth?lang=en", 404, "no such indicator: &#39;wealth&#39;" },
        { "/indicator/wealth", 404, "没有这个指标" },
        { "/nowhere", 404, "没有这个页面" },
        { "/area", 404, NULL },
        { "/area/anji/land-freed/more", 404, NULL },
        { "/static/../../etc/passwd", 404, NULL },
        { "/static/pacewatch.css?x=1", 400, "可用的参数：v" },
        { "/metrics?x=1", 400, NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_answer(*state, cases[i].target, cases[i].status, cases[i].words);
}

static void
test_error_pages_are_pages(void **state)
{
    struct answer answer = ask(*state, "/area/%3Cb%3E?month=2023-06&lang=en");
    expect_well_formed(answer.body.bytes);
    assert_int_equal(CACHE_NOTHING, answer.cache);
    assert_null(strstr(answer.body.bytes, "<b>"));
    answer_done(&answer);
}

static void
test_without_ledger_503_and_assets_still_work(void **state)
{
    struct pages_fixture *f = *state;
    char path[FILE_PATH_MAX];
    assert_int_equal(0, site_path(&f->site, "ledger.db", path));
    assert_int_equal(0, remove(path));
    expect_answer(f, "/", 503, "服务繁忙");
    expect_answer(f, "/api/v1/alerts", 503, "\"errorType\":\"unavailable\"");
    expect_answer(f, "/-/healthy", 200, "healthy");
    expect_answer(f, "/static/pacewatch.css", 200, NULL);
    expect_answer(f, "/api/v1/targets", 200, "f1-14-anji");
}

static void
test_assets(void **state)
{
    struct answer page = ask(*state, "/");
    const char *at = strstr(page.body.bytes, "/static/pacewatch.css?v=");
    char target[96];
    assert_non_null(at);
    (void)snprintf(target, sizeof target, "%.*s", (int)strcspn(at, "\""), at);
    answer_done(&page);
    struct answer css = ask(*state, target);
    assert_int_equal(200, css.status);
    assert_string_equal("text/css; charset=utf-8", css.type);
    assert_int_equal(CACHE_FOREVER, css.cache);
    char tag[ANSWER_TAG_MAX + 2];
    (void)snprintf(tag, sizeof tag, "\"%s\"", css.tag);
    answer_done(&css);
    css = ask_with(*state, "/static/pacewatch.css?v=old", NULL, tag);
    assert_int_equal(304, css.status);
    assert_int_equal(CACHE_REVALIDATE, css.cache);
    assert_int_equal(0, css.body.size);
    answer_done(&css);
}

#define PAGE_TEST(test) \
    cmocka_unit_test_setup_teardown(test, pages_fixture_setup, pages_fixture_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        PAGE_TEST(test_every_page_is_well_formed_in_both_languages),
        PAGE_TEST(test_language_of_address_browser_and_site),
        PAGE_TEST(test_matrix_columns_in_printed_order),
        PAGE_TEST(test_matrix_cell_has_word_value_target_and_link),
        PAGE_TEST(test_matrix_marks_simulated_and_old_values),
        PAGE_TEST(test_matrix_joint_and_missing_columns),
        PAGE_TEST(test_matrix_lists_the_citys_own_targets),
        PAGE_TEST(test_matrix_shows_the_years_own_targets_first),
        PAGE_TEST(test_matrix_counts_add_up),
        PAGE_TEST(test_month_defaults_to_the_latest_with_data),
        PAGE_TEST(test_target_page_tells_everything),
        PAGE_TEST(test_target_page_as_of),
        PAGE_TEST(test_two_targets_of_one_series_stand_side_by_side),
        PAGE_TEST(test_area_pages),
        PAGE_TEST(test_indicator_page_has_small_pictures_where_there_are_values),
        PAGE_TEST(test_alerts_open_first),
        PAGE_TEST(test_heads_stand_over_their_numbers),
        PAGE_TEST(test_minus_signs),
        PAGE_TEST(test_feeds_count_what_is_due),
        PAGE_TEST(test_bad_parameters_are_named),
        PAGE_TEST(test_error_pages_are_pages),
        PAGE_TEST(test_without_ledger_503_and_assets_still_work),
        PAGE_TEST(test_assets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

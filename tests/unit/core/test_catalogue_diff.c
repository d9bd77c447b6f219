/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/catalogue_diff.h"

#include "catalogue_text.h"

#define TARGET_HEAD                                                                        \
    "id,source,area,indicator,year,text,value,unit,comparator,reference,offset,method,"    \
    "status,primary,owner,lead,accountable,wording,note,period,from,profile,base,helpers," \
    "valid_from\n"
#define TARGET_ANJI \
    "t-anji,附1-2,anji,iva-growth,2023,5,5,pct,≥,,,GAP,issued,yes,jxj,jxj,anji,,,,,,,kjj,\n"
#define TARGET_MU \
    "t-mu,附1-14,huzhou,land-freed,2023,10000,10000,mu,≥,,,LIN,issued,yes,,,,,,,,,,,\n"

static const char *const base[CAT_TABLE_COUNT] = {
    [CAT_AREAS] = "id,name,name_en,kind,parent,members,numbers,aliases\n"
                  "huzhou,全市,Huzhou,city,,,yes,湖州\n"
                  "anji,安吉,Anji County,district,huzhou,,yes,安吉县\n"
                  "wuxing,吴兴,Wuxing,district,huzhou,,yes,\n"
                  "both,两地,Both,joint,huzhou,anji;wuxing,yes,\n",
    [CAT_UNITS] = "id,name,name_en,family,factor,decimals\n"
                  "mu,亩,mu,land,1,0\n"
                  "wan-mu,万亩,\"10,000 mu\",land,10000,2\n"
                  "pct,%,percent,percent,1,1\n",
    [CAT_OWNERS] = "id,name,name_en\njxj,市经信局,Bureau of Economy\nkjj,市科技局,\n",
    [CAT_CALENDARS] = "id,name,name_en,frequency,months,due_day\n"
                      "monthly,月报,monthly,M,1;2;3;4;5;6;7;8;9;10;11;12,12\n"
                      "quarterly,季报,quarterly,Q,3;6;9;12,20\n",
    [CAT_INDICATORS] =
        "id,name,name_en,unit,kind,cumulation,calendar,direction,decimals,decomposition,category,"
        "sort,aliases\n"
        "iva-growth,规上工业增加值增长,Growth of value "
        "added,pct,G,YTD,monthly,up,1,RATIO,牵引,10,\n"
        "land-freed,腾出用地面积,Land freed,mu,V,YTD,monthly,up,0,SUM,空间,20,用地;土地\n",
    [CAT_PROFILES] = "id,name,name_en,form,points,source\n"
                     "quarters,按季,by quarters,milestones,3:30;6:65;12:100,x\n",
    [CAT_TARGETS] = TARGET_HEAD TARGET_ANJI TARGET_MU,
    [CAT_REMARKS] = "id,name,name_en,source,other_source,area,indicator\n"
                    "two,两处用地,Twice land,P1,P2,huzhou,land-freed\n",
    [CAT_PUBLISHERS] = "id,name,name_en,kind,areas,via\n"
                       "anji,安吉县,Anji,official,anji,\n"
                       "demo,演示,Demo,simulated,anji;wuxing,anji\n",
};

enum { SAID_MAX = 16 };

struct said {
    enum lang lang;
    size_t count;
    char cells[SAID_MAX][256]; /* "object id change field old new" */
    char words[SAID_MAX][512];
    int stop_with;
};

static int
keep(void *context, const struct cat_difference *difference)
{
    struct said *said = context;
    char words[CAT_DIFF_WORDS_MAX];
    CHECK("room", said->count < SAID_MAX);
    (void)snprintf(said->cells[said->count], sizeof said->cells[0], "%s %s %s [%s] [%s] [%s]",
                   cat_object_name(difference->table), difference->id,
                   cat_change_name(difference->change), difference->field, difference->old_text,
                   difference->new_text);
    (void)snprintf(said->words[said->count], sizeof said->words[0], "%s",
                   cat_difference_words(difference, said->lang, words));
    said->count++;
    return said->stop_with;
}

/* What becomes of `base` when `from` in one table is replaced by `to`. */
static int
diff_replaced(enum cat_table table, const char *from, const char *to, bool is_backwards,
              struct said *said)
{
    const char *tables[CAT_TABLE_COUNT];
    void *old_memory = NULL;
    void *new_memory = NULL;
    char *text = text_replaced(base[table], from, to);
    memcpy(tables, base, sizeof tables);
    tables[table] = text;
    const struct catalogue *before = catalogue_from_text(base, &old_memory);
    const struct catalogue *after = catalogue_from_text(tables, &new_memory);
    int code = is_backwards ? catalogue_diff(after, before, keep, said)
                            : catalogue_diff(before, after, keep, said);
    free(text);
    free(old_memory);
    free(new_memory);
    return code;
}

static void
test_equal_catalogues_have_no_difference(void **state)
{
    (void)state;
    struct said said = { .lang = LANG_ZH };
    CHECK_INT("the same", 0, diff_replaced(CAT_TARGETS, "t-mu", "t-mu", false, &said));
    CHECK_INT("the same", 0, (long long)said.count);
    /* rows change places */
    CHECK_INT(
        "order", 0,
        diff_replaced(CAT_TARGETS, TARGET_ANJI TARGET_MU, TARGET_MU TARGET_ANJI, false, &said));
    CHECK_INT("order", 0, (long long)said.count);
}

/* One replaced text, one difference. */
static void
test_every_field(void **state)
{
    (void)state;
    static const struct {
        enum cat_table table;
        const char *from, *to;
        const char *cells, *zh, *en;
    } rows[] = {
        { CAT_TARGETS, "2023,5,5,", "2023,5,6,", "target t-anji changed [value] [5] [6]",
          "目标 t-anji（安吉 规上工业增加值增长）：目标值 5 → 6",
          "target t-anji (Anji County, Growth of value added): value 5 -> 6" },
        { CAT_TARGETS, "jxj,jxj,anji", "jxj,kjj,anji", "target t-anji changed [lead] [jxj] [kjj]",
          "目标 t-anji（安吉 规上工业增加值增长）：牵头单位 市经信局 → 市科技局",
          "target t-anji (Anji County, Growth of value added): lead Bureau of Economy -> "
          "市科技局" },
        { CAT_TARGETS, "issued,yes,jxj,jxj", "issued,no,jxj,jxj",
          "target t-anji changed [primary] [yes] [no]",
          "目标 t-anji（安吉 规上工业增加值增长）：主目标 yes → no",
          "target t-anji (Anji County, Growth of value added): primary yes -> no" },
        { CAT_TARGETS, "LIN,issued,yes,,,,,,,,,,,", "LIN,issued,yes,,,,,,,,quarters,,,",
          "target t-mu changed [profile] [] [quarters]",
          "目标 t-mu（全市 腾出用地面积）：进度曲线 无 → 按季",
          "target t-mu (Huzhou, Land freed): profile none -> by quarters" },
        { CAT_TARGETS, "2023,10000,10000,mu", "2023,10000,1,wan-mu",
          "target t-mu changed [value] [10000] [1]",
          "目标 t-mu（全市 腾出用地面积）：目标值 10000 → 1",
          "target t-mu (Huzhou, Land freed): value 10000 -> 1" },
        { CAT_TARGETS, ",kjj,\n", ",kjj;jxj,\n", "target t-anji changed [helpers] [kjj] [kjj;jxj]",
          NULL, NULL },
        { CAT_AREAS, "anji,安吉,", "anji,安吉县城,", "area anji changed [name] [安吉] [安吉县城]",
          "地区 anji（安吉县城）：名称 安吉 → 安吉县城",
          "area anji (Anji County): name 安吉 -> 安吉县城" },
        { CAT_AREAS, "anji;wuxing", "wuxing;anji",
          "area both changed [members] [anji;wuxing] [wuxing;anji]", NULL, NULL },
        { CAT_AREAS, "district,huzhou,,yes,安吉县", "zone,huzhou,,yes,安吉县",
          "area anji changed [kind] [district] [zone]", NULL, NULL },
        { CAT_AREAS, "安吉县", "安城", "area anji changed [aliases] [安吉县] []",
          "地区 anji（安吉）：别名 安吉县 → 无", "area anji (Anji County): alias 安吉县 -> none" },
        { CAT_UNITS, "land,10000", "land,9999.5", "unit wan-mu changed [factor] [10000] [9999.5]",
          NULL, "unit of measure wan-mu (10,000 mu): factor 10000 -> 9999.5" },
        { CAT_OWNERS, "kjj,市科技局,", "kjj,市科技局,Science",
          "owner kjj changed [name_en] [市科技局] [Science]", NULL, NULL },
        { CAT_CALENDARS, "monthly,M,1;2", "monthly,M,2",
          "calendar monthly changed [months] [1;2;3;4;5;6;7;8;9;10;11;12] "
          "[2;3;4;5;6;7;8;9;10;11;12]",
          NULL, NULL },
        { CAT_CALENDARS, "Q,3;6;9;12,20", "Q,3;6;9;12,21",
          "calendar quarterly changed [due_day] [20] [21]", NULL, NULL },
        { CAT_INDICATORS, "pct,G,YTD", "pct,R,YTD", "indicator iva-growth changed [kind] [G] [R]",
          NULL, NULL },
        { CAT_INDICATORS, "up,0,SUM", "down,0,SUM",
          "indicator land-freed changed [direction] [up] [down]", NULL, NULL },
        { CAT_PROFILES, "6:65", "6:65.5",
          "profile quarters changed [points] [3:30;6:65;12:100] [3:30;6:65.5;12:100]", NULL, NULL },
        { CAT_REMARKS, "P1,P2", "P1,", "remark two changed [other_source] [P2] []",
          "批注 two（全市 腾出用地面积）：对照出处 P2 → 无", NULL },
        { CAT_REMARKS, "huzhou,land-freed", "huzhou,",
          "remark two changed [indicator] [land-freed] []", NULL,
          "remark two (Huzhou): indicator Land freed -> none" },
        { CAT_PUBLISHERS, "simulated,anji;wuxing", "simulated,anji",
          "publisher demo changed [areas] [anji;wuxing] [anji]", NULL,
          "publisher demo (Demo): areas anji;wuxing -> anji" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct said zh = { .lang = LANG_ZH };
        struct said en = { .lang = LANG_EN };
        CHECK_INT(rows[i].cells, 0,
                  diff_replaced(rows[i].table, rows[i].from, rows[i].to, false, &zh));
        CHECK_INT(rows[i].cells, 0,
                  diff_replaced(rows[i].table, rows[i].from, rows[i].to, false, &en));
        CHECK(rows[i].cells, zh.count > 0);
        CHECK_TEXT(rows[i].cells, rows[i].cells, zh.cells[0]);
        if (rows[i].zh)
            CHECK_TEXT(rows[i].cells, rows[i].zh, zh.words[0]);
        if (rows[i].en)
            CHECK_TEXT(rows[i].cells, rows[i].en, en.words[0]);
    }
}

static void
test_several_fields_of_one_object_come_in_order(void **state)
{
    (void)state;
    struct said said = { .lang = LANG_EN };
    CHECK_INT(
        "diff", 0,
        diff_replaced(CAT_TARGETS, "2023,10000,10000,mu,≥", "2024,1万亩,1,wan-mu,>", false, &said));
    static const char *const want[] = { "[year] [2023] [2024]", "[from] [2023] [2024]",
                                        "[value] [10000] [1]",  "[unit] [mu] [wan-mu]",
                                        "[comparator] [≥] [>]", "[text] [10000] [1万亩]" };
    CHECK_INT("count", COUNT(want), (long long)said.count);
    for (size_t i = 0; i < COUNT(want); i++)
        CHECK(want[i], strstr(said.cells[i], want[i]) != NULL);
}

static void
test_added_and_removed(void **state)
{
    (void)state;
    struct said added = { .lang = LANG_ZH };
    struct said removed = { .lang = LANG_EN };
    CHECK_INT("removed", 0, diff_replaced(CAT_TARGETS, TARGET_MU, "", false, &removed));
    CHECK_INT("removed", 1, (long long)removed.count);
    CHECK_TEXT("removed", "target t-mu removed [] [10000] []", removed.cells[0]);
    CHECK_TEXT("removed", "target t-mu (Huzhou, Land freed): removed, \"10000\"", removed.words[0]);
    CHECK_INT("added", 0, diff_replaced(CAT_TARGETS, TARGET_MU, "", true, &added));
    CHECK_INT("added", 1, (long long)added.count);
    CHECK_TEXT("added", "target t-mu added [] [] [10000]", added.cells[0]);
    CHECK_TEXT("added", "目标 t-mu（全市 腾出用地面积）：新增，“10000”", added.words[0]);

    struct said profile = { .lang = LANG_ZH };
    CHECK_INT("no table", 0,
              diff_replaced(CAT_PROFILES,
                            "quarters,按季,by quarters,milestones,3:30;6:65;12:100,x\n", "", false,
                            &profile));
    CHECK_TEXT("profile", "profile quarters removed [] [按季] []", profile.cells[0]);
    CHECK_TEXT("profile", "进度曲线 quarters（按季）：删除", profile.words[0]);
}

/* A version that begins in mid-year is told against the one before it. */
static void
test_versions(void **state)
{
    (void)state;
    static const char newer[] = TARGET_ANJI
        "t-anji,附1-2,anji,iva-growth,2023,6,6,pct,≥,,,GAP,issued,yes,jxj,jxj,anji,,,,,,,"
        "kjj,2023-07-01\n";
    struct said said = { .lang = LANG_ZH };
    CHECK_INT("new version", 0, diff_replaced(CAT_TARGETS, TARGET_ANJI, newer, false, &said));
    CHECK_INT("new version", 3, (long long)said.count);
    CHECK_TEXT("day", "target t-anji changed [valid_from] [] [2023-07-01]", said.cells[0]);
    CHECK_TEXT("value", "target t-anji changed [value] [5] [6]", said.cells[1]);
    CHECK_TEXT("value", "目标 t-anji（安吉 规上工业增加值增长）：2023-07-01起 目标值 5 → 6",
               said.words[1]);
    struct said back = { .lang = LANG_EN };
    CHECK_INT("version taken back", 0, diff_replaced(CAT_TARGETS, TARGET_ANJI, newer, true, &back));
    CHECK_INT("newest with newest", 2, (long long)back.count);
    CHECK_TEXT("newest with newest", "target t-anji changed [value] [6] [5]", back.cells[0]);
}

static void
test_a_visitor_ends_the_walk(void **state)
{
    (void)state;
    struct said said = { .lang = LANG_EN, .stop_with = -5 };
    CHECK_INT(
        "stopped", -5,
        diff_replaced(CAT_TARGETS, "2023,10000,10000,mu,≥", "2024,1,1,wan-mu,>", false, &said));
    CHECK_INT("stopped", 1, (long long)said.count);
}

enum { MANY = 400, TABLE_MAX = 64 * 1024 };

/* `base` with MANY areas more, of which the publisher may write the first `count`. The caller frees
 * the memory. */
static const struct catalogue *
wide_catalogue(int count, void **ret_memory)
{
    static char areas[TABLE_MAX], publishers[TABLE_MAX];
    const char *tables[CAT_TABLE_COUNT];
    int used = snprintf(areas, TABLE_MAX, "%s", base[CAT_AREAS]);
    for (int i = 0; i < MANY; i++)
        used += snprintf(areas + used, TABLE_MAX - (size_t)used,
                         "area-number-%d,第%d区,Area %d,district,huzhou,,yes,\n", i, i, i);
    used =
        snprintf(publishers, TABLE_MAX, "id,name,name_en,kind,areas,via\ndemo,演,,official,anji");
    for (int i = 0; i < count; i++)
        used += snprintf(publishers + used, TABLE_MAX - (size_t)used, ";area-number-%d", i);
    (void)snprintf(publishers + used, TABLE_MAX - (size_t)used, ",\n");
    memcpy(tables, base, sizeof tables);
    tables[CAT_AREAS] = areas;
    tables[CAT_PUBLISHERS] = publishers;
    return catalogue_from_text(tables, ret_memory);
}

/* A list too long to be told whole is still compared whole; words never run over. */
static void
test_long_lists(void **state)
{
    (void)state;
    void *memory[2] = { NULL, NULL };
    const struct catalogue *before = wide_catalogue(MANY, &memory[0]);
    const struct catalogue *after = wide_catalogue(MANY - 1, &memory[1]);
    struct said said = { .lang = LANG_ZH };
    struct said none = { .lang = LANG_ZH };
    CHECK_INT("one less", 0, catalogue_diff(before, after, keep, &said));
    CHECK_INT("one less", 1, (long long)said.count);
    CHECK("one less",
          strstr(said.words[0], "填报单位 demo（演）：可填报地区 anji;area-number-0;") != NULL);
    CHECK_INT("the same", 0, catalogue_diff(before, before, keep, &none));
    CHECK_INT("the same", 0, (long long)none.count);
    free(memory[0]);
    free(memory[1]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_catalogues_have_no_difference),
        cmocka_unit_test(test_every_field),
        cmocka_unit_test(test_several_fields_of_one_object_come_in_order),
        cmocka_unit_test(test_added_and_removed),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_a_visitor_ends_the_walk),
        cmocka_unit_test(test_long_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

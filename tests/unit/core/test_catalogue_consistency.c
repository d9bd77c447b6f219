/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/catalogue_consistency.h"

#include "platform/catalogue_load.h"

#include "catalogue_text.h"

#define TARGET_HEAD                                                                        \
    "id,source,area,indicator,year,text,value,unit,comparator,reference,offset,method,"    \
    "status,primary,owner,lead,accountable,wording,note,period,from,profile,base,helpers," \
    "valid_from\n"

static const char *const base[CAT_TABLE_COUNT] = {
    [CAT_AREAS] = "id,name,name_en,kind,parent,members,numbers\n"
                  "city,全市,City,city,,,yes\n"
                  "a,甲,A,district,city,,yes\n"
                  "b,乙,B,district,city,,yes\n"
                  "c,丙,C,district,city,,yes\n"
                  "d,丁,D,district,city,,yes\n"
                  "a+b,甲乙,A and B,joint,city,a;b,yes\n"
                  "z,新区,Zone,zone,city,,no\n",
    [CAT_UNITS] = "id,name,name_en,family,factor,decimals\n"
                  "mu,亩,mu,land,1,0\n"
                  "wan-mu,万亩,\"10,000 mu\",land,10000,2\n"
                  "pct,%,percent,percent,1,1\n",
    [CAT_OWNERS] = "id,name,name_en\njxj,市经信局,Economy\nkjj,市科技局,Science\n",
    [CAT_CALENDARS] = "id,name,name_en,frequency,months,due_day\n"
                      "monthly,月报,monthly,M,1;2;3;4;5;6;7;8;9;10;11;12,12\n",
    [CAT_INDICATORS] =
        "id,name,name_en,unit,kind,cumulation,calendar,direction,decimals,decomposition,category,"
        "sort,aliases\n"
        "land,用地,Land,mu,V,YTD,monthly,up,1,SUM,x,1,\n"
        "land-total,用地累计,Land in all,wan-mu,S,STOCK,monthly,up,1,NONE,x,2,\n"
        "growth,增长,Growth,pct,G,YTD,monthly,up,1,RATIO,x,3,\n"
        "share,比重,Share,pct,R,YTD,monthly,up,1,UNIFORM,x,4,\n"
        "waste,浪费,Waste,pct,R,YTD,monthly,down,1,RATIO,x,5,\n"
        "gdp,生产总值增长,GDP,pct,G,YTD,monthly,up,1,NONE,x,6,\n",
    [CAT_PROFILES] = NULL,
    [CAT_PUBLISHERS] = "id,name,name_en,kind,areas,via\ncity,市,City,official,city,\n",
};

/* id, source, area, indicator, year, value, unit */
#define GE(id, source, area, indicator, year, value, unit)                     \
    id "," source "," area "," indicator "," year "," value "," value "," unit \
       ",≥,,,LVL,issued,no,,,,,,,,,,,\n"
/* the same with its period and first year, and a base */
#define OVER(id, area, indicator, value, unit, period, base_value)      \
    id ",P" id "," area "," indicator ",2027," value "," value "," unit \
       ",≥,,,LVL,issued,no,,,,,," period ",2023,," base_value ",,\n"
#define PENDING(id, area, indicator, text) \
    id ",P" id "," area "," indicator ",2023," text ",,,pending,,,PEND,pending,no,,,,,,,,,,,\n"
#define RELATIVE(id, source, area, indicator, offset)                   \
    id "," source "," area "," indicator ",2023,相对,,,rel,gdp," offset \
       ",REL,issued,no,,,,,,,,,,,\n"
#define SUM_PARTS(a, b, c, d)                   \
    GE("a", "P1", "a", "land", "2023", a, "mu") \
    GE("b", "P1", "b", "land", "2023", b, "mu") \
    GE("c", "P1", "c", "land", "2023", c, "mu") GE("d", "P1", "d", "land", "2023", d, "mu")
#define PARTS(indicator, a, b, c, d)                \
    GE("a", "P1", "a", indicator, "2023", a, "pct") \
    GE("b", "P1", "b", indicator, "2023", b, "pct") \
    GE("c", "P1", "c", indicator, "2023", c, "pct") \
    GE("d", "P1", "d", indicator, "2023", d, "pct")

enum { SAID_MAX = 8 };

struct said {
    size_t count;
    char cells[SAID_MAX][512]; /* "kind place other_place area indicator left right" */
    char zh[SAID_MAX][512], en[SAID_MAX][512];
};

static int
keep(void *context, const struct cat_finding *finding)
{
    struct said *said = context;
    char words[FINDING_WORDS_MAX];
    CHECK("room", said->count < SAID_MAX);
    (void)snprintf(said->cells[said->count], sizeof said->cells[0], "%s %s %s %s %s %s %s",
                   finding_name(finding->kind), finding_place(finding),
                   finding_other_place(finding), finding->area->id,
                   finding->indicator ? finding->indicator->id : "-", finding->left_text,
                   finding->right_text);
    (void)snprintf(said->zh[said->count], sizeof said->zh[0], "%s",
                   finding_words(finding, LANG_ZH, words));
    (void)snprintf(said->en[said->count], sizeof said->en[0], "%s",
                   finding_words(finding, LANG_EN, words));
    said->count++;
    return 0;
}

static void
find_in(const char *targets, struct said *said)
{
    const char *tables[CAT_TABLE_COUNT];
    void *memory = NULL;
    memcpy(tables, base, sizeof tables);
    tables[CAT_TARGETS] = targets;
    *said = (struct said){ 0 };
    const struct catalogue *catalogue = catalogue_from_text(tables, &memory);
    CHECK_INT("walk", 0, catalogue_consistency(catalogue, keep, said));
    free(memory);
}

struct row {
    const char *name;
    const char *targets; /* after the head */
    const char *cells;   /* NULL: nothing is found */
    const char *zh, *en; /* NULL: not compared */
};

static void
check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct said said;
        find_in(rows[i].targets, &said);
        if (said.count > (rows[i].cells ? 1 : 0))
            print_error("%s\n", said.cells[said.count - 1]);
        CHECK_INT(rows[i].name, rows[i].cells ? 1 : 0, (long long)said.count);
        if (rows[i].cells)
            CHECK_TEXT(rows[i].name, rows[i].cells, said.cells[0]);
        if (rows[i].zh)
            CHECK_TEXT(rows[i].name, rows[i].zh, said.zh[0]);
        if (rows[i].en)
            CHECK_TEXT(rows[i].name, rows[i].en, said.en[0]);
    }
}

static void
test_sums(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "exact",
          TARGET_HEAD SUM_PARTS("1.1", "2.2", "3.3", "0.1")
              GE("t", "P2", "city", "land", "2023", "6.7", "mu"),
          NULL, NULL, NULL },
        { "exact in another unit",
          TARGET_HEAD SUM_PARTS("1500", "2500", "5000", "1000")
              GE("t", "P2", "city", "land", "2023", "1", "wan-mu"),
          NULL, NULL, NULL },
        { "off by rounding",
          TARGET_HEAD SUM_PARTS("1.1", "2.2", "3.3", "0.1")
              GE("t", "P2", "city", "land", "2023", "6.6", "mu"),
          "sum P1 P2 city land 6.7 6.6",
          "全市 用地：4个分项合计6.7亩，全部为6.6亩，差+0.1（舍入最多可差0.2）",
          "City, Land: the 4 parts add up to 6.7 mu, the whole is 6.6 mu: +0.1 (rounding explains "
          "0.2 at most)" },
        { "off by more",
          TARGET_HEAD SUM_PARTS("1", "2", "3", "4")
              GE("t", "P2", "city", "land", "2023", "15", "mu"),
          "sum P1 P2 city land 10 15",
          "全市 用地：4个分项合计10亩，全部为15亩，差-5（舍入最多可差2，不是舍入所致）",
          "City, Land: the 4 parts add up to 10 mu, the whole is 15 mu: -5 (rounding explains 2 at "
          "most, so it is no rounding)" },
        { "a joint part instead of its members",
          TARGET_HEAD GE("j", "P1", "a+b", "land", "2023", "3", "mu")
              GE("c", "P1", "c", "land", "2023", "3", "mu")
                  GE("t", "P2", "city", "land", "2023", "6", "mu"),
          NULL, NULL, NULL },
        { "a joint part beside its members does not count",
          TARGET_HEAD SUM_PARTS("1", "2", "3", "4") GE("j", "P1", "a+b", "land", "2023", "3", "mu")
              GE("t", "P2", "city", "land", "2023", "10", "mu"),
          NULL, NULL, NULL },
        { "no parts", TARGET_HEAD GE("t", "P2", "city", "land", "2023", "10", "mu"), NULL, NULL,
          NULL },
        { "parts of another year",
          TARGET_HEAD GE("a", "P1", "a", "land", "2024", "1", "mu")
              GE("b", "P1", "b", "land", "2024", "1", "mu")
                  GE("t", "P2", "city", "land", "2023", "10", "mu"),
          NULL, NULL, NULL },
    };
    check_rows(rows, COUNT(rows));
}

static void
test_two_targets(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "the same",
          TARGET_HEAD GE("x", "P1", "a", "growth", "2023", "7", "pct")
              GE("y", "P2", "a", "growth", "2023", "7.0", "pct"),
          NULL, NULL, NULL },
        { "another number",
          TARGET_HEAD GE("x", "P1", "a", "growth", "2023", "7", "pct")
              GE("y", "P2", "a", "growth", "2023", "8", "pct"),
          "two-targets P1 P2 a growth 7 8", "甲 增长：2023年≥7%（P1），与2023年≥8%（P2）不一致",
          "A, Growth: ≥ 7 percent in 2023 (P1), but ≥ 8 percent in 2023 (P2)" },
        { "another year",
          TARGET_HEAD GE("x", "P1", "a", "growth", "2023", "7", "pct")
              GE("y", "P2", "a", "growth", "2024", "8", "pct"),
          NULL, NULL, NULL },
        { "number and reference",
          TARGET_HEAD GE("x", "P1", "a", "growth", "2023", "7", "pct")
              RELATIVE("y", "P2", "a", "growth", "1"),
          "two-targets P1 P2 a growth 7 gdp+1",
          "甲 增长：2023年≥7%（P1），与2023年≥生产总值增长+1（P2）不一致",
          "A, Growth: ≥ 7 percent in 2023 (P1), but ≥ GDP + 1 in 2023 (P2)" },
        { "number and reference in one sentence",
          TARGET_HEAD GE("x", "P1", "a", "growth", "2023", "7", "pct")
              RELATIVE("y", "P1", "a", "growth", "1"),
          NULL, NULL, NULL },
        { "two references",
          TARGET_HEAD RELATIVE("x", "P1", "a", "growth", "1")
              RELATIVE("y", "P2", "a", "growth", "-0.5"),
          "two-targets P1 P2 a growth gdp+1 gdp-0.5", NULL, NULL },
        { "number and pending",
          TARGET_HEAD PENDING("x", "a", "growth", "待省下达")
              GE("y", "P2", "a", "growth", "2023", "25", "pct"),
          "two-targets Px P2 a growth 待省下达 25",
          "甲 增长：2023年待下达（“待省下达”）（Px），与2023年≥25%（P2）不一致",
          "A, Growth: pending (\"待省下达\") in 2023 (Px), but ≥ 25 percent in 2023 (P2)" },
        { "pending twice",
          TARGET_HEAD PENDING("x", "a", "growth", "待省下达")
              PENDING("y", "a", "growth", "待省 下达"),
          NULL, NULL, NULL },
        { "pending in other words",
          TARGET_HEAD PENDING("x", "a", "growth", "待省下达")
              PENDING("y", "a", "growth", "完成省定目标"),
          "two-targets Px Py a growth 待省下达 完成省定目标", NULL, NULL },
        { "a year does more than every year must",
          TARGET_HEAD GE("x", "P1", "a", "land", "2023", "2", "mu")
              OVER("y", "a", "land", "1", "mu", "every-year", ""),
          NULL, NULL, NULL },
        { "a year does less than every year must",
          TARGET_HEAD OVER("y", "a", "land", "3", "mu", "every-year", "")
              GE("x", "P1", "a", "land", "2023", "2", "mu"),
          "two-targets Py P1 a land 3 2",
          "甲 用地：2023—2027年每年≥3亩（Py），与2023年≥2亩（P1）不一致", NULL },
        { "less is better: a year may do less",
          TARGET_HEAD OVER("y", "a", "waste", "3", "pct", "every-year", "")
              GE("x", "P1", "a", "waste", "2023", "2", "pct"),
          NULL, NULL, NULL },
    };
    check_rows(rows, COUNT(rows));
}

static void
test_parts_against_the_whole(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "uniform",
          TARGET_HEAD PARTS("share", "3", "3", "3", "3")
              GE("t", "P2", "city", "share", "2023", "3.0", "pct"),
          NULL, NULL, NULL },
        { "not uniform",
          TARGET_HEAD PARTS("share", "3", "4", "2", "3")
              GE("t", "P2", "city", "share", "2023", "3", "pct"),
          "uniform P1 P2 city share 4 3", "全市 比重：应各地一致，但4地中2地不是3%：乙为4%",
          "City, Share: one number for all is the rule, but 2 of 4 parts differ from the whole's 3 "
          "percent: B has 4 percent" },
        { "one below",
          TARGET_HEAD PARTS("growth", "7", "8", "5", "12")
              GE("t", "P2", "city", "growth", "2023", "7", "pct"),
          "above-whole P1 P2 city growth 3/4 7",
          "全市 增长：4地中3地不低于全部的7%，按权重平均难以这样低",
          "City, Growth: 3 of 4 parts are set at or above the whole's 7 percent; a weighted mean "
          "of the parts would hardly be so low" },
        { "two below",
          TARGET_HEAD PARTS("growth", "6", "8", "5", "12")
              GE("t", "P2", "city", "growth", "2023", "7", "pct"),
          NULL, NULL, NULL },
        { "all equal",
          TARGET_HEAD PARTS("growth", "7", "7", "7", "7")
              GE("t", "P2", "city", "growth", "2023", "7", "pct"),
          NULL, NULL, NULL },
        { "less is better: three above are worse",
          TARGET_HEAD PARTS("waste", "8", "8", "5", "12")
              GE("t", "P2", "city", "waste", "2023", "7", "pct"),
          NULL, NULL, NULL },
        { "less is better: all below",
          TARGET_HEAD PARTS("waste", "4", "5", "5", "6")
              GE("t", "P2", "city", "waste", "2023", "7", "pct"),
          "above-whole P1 P2 city waste 4/4 7", NULL, NULL },
    };
    check_rows(rows, COUNT(rows));
}

static void
test_who_answers(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "the owner leads",
          TARGET_HEAD "t,P1,a,land,2023,1,1,mu,≥,,,LIN,issued,yes,jxj,jxj,a,,,,,,,,\n", NULL, NULL,
          NULL },
        { "another leads",
          TARGET_HEAD "t,P1,a,land,2023,1,1,mu,≥,,,LIN,issued,yes,jxj,kjj,a,,,,,,,jxj,\n",
          "owner-lead P1  a land jxj kjj",
          "甲 用地：责任单位为市经信局，单位名单中列第一位的为市科技局",
          "A, Land: the owner is the Economy, but first in the list of units is the Science" },
        { "the owner is not in the list",
          TARGET_HEAD "t,P1,a,land,2023,1,1,mu,≥,,,LIN,issued,yes,jxj,kjj,a,,,,,,,kjj,\n",
          "owner-lead P1  a land jxj kjj",
          "甲 用地：责任单位为市经信局，单位名单中列第一位的为市科技局，该名单中没有责任单位",
          "A, Land: the owner is the Economy, but first in the list of units is the Science, which "
          "does not name the owner at all" },
        { "accountable without a number",
          TARGET_HEAD "t,P1,city,land,2023,1,1,mu,≥,,,LIN,issued,yes,,,city;z,,,,,,,,\n"
                      "u,P2,city,growth,2023,1,1,pct,≥,,,GAP,issued,yes,,,z,,,,,,,,\n",
          "no-number P1  z - 2 0", "新区：是2个目标的责任主体，自身没有一个数值",
          "Zone: accountable for 2 targets, but without a number of its own" },
        { "a number of a joint area is its members'",
          TARGET_HEAD "t,P1,a+b,land,2023,1,1,mu,≥,,,LIN,issued,yes,,,a;b,,,,,,,,\n", NULL, NULL,
          NULL },
        { "pending is no number",
          TARGET_HEAD "t,P1,a,land,2023,,,,pending,,,PEND,pending,yes,,,a,,,,,,,,\n",
          "no-number P1  a - 1 0", NULL, NULL },
    };
    check_rows(rows, COUNT(rows));
}

static void
test_years(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "a level beyond the later one",
          TARGET_HEAD GE("x", "P1", "a", "share", "2023", "29.6", "pct")
              OVER("y", "a", "share", "28", "pct", "by", ""),
          "beyond-later P1 Py a share 29.6 28",
          "甲 比重：2023年≥29.6%（P1），已超过2027年底≥28%（Py）",
          "A, Share: ≥ 29.6 percent in 2023 (P1) is already beyond ≥ 28 percent by the end of 2027 "
          "(Py)" },
        { "a level equal to the later one",
          TARGET_HEAD GE("x", "P1", "a", "share", "2023", "28", "pct")
              OVER("y", "a", "share", "28", "pct", "by", ""),
          NULL, NULL, NULL },
        { "less is better",
          TARGET_HEAD GE("x", "P1", "a", "waste", "2023", "29", "pct")
              OVER("y", "a", "waste", "28", "pct", "by", ""),
          NULL, NULL, NULL },
        { "growth of one year",
          TARGET_HEAD GE("x", "P1", "a", "growth", "2023", "12", "pct")
              OVER("y", "a", "growth", "6", "pct", "by", ""),
          NULL, NULL, NULL },
        { "a quantity equal to the later one",
          TARGET_HEAD GE("x", "P1", "a", "land", "2023", "200", "mu")
              OVER("y", "a", "land", "200", "mu", "by", ""),
          "beyond-later P1 Py a land 200 200",
          "甲 用地：2023年≥200亩（P1），已等于2027年底≥200亩（Py）",
          "A, Land: ≥ 200 mu in 2023 (P1) is already all of ≥ 200 mu by the end of 2027 (Py)" },
        { "equal to its total, in another unit",
          TARGET_HEAD GE("x", "P1", "a", "land", "2023", "10000", "mu")
              OVER("y", "a", "land-total", "1", "wan-mu", "by", ""),
          "beyond-later P1 Py a land 10000 1", NULL, NULL },
        { "a fifth a year",
          TARGET_HEAD GE("x", "P1", "a", "land", "2023", "4", "mu")
              OVER("y", "a", "land", "20", "mu", "by", ""),
          NULL, NULL, NULL },
        { "much less than a fifth",
          TARGET_HEAD GE("x", "P1", "a", "land", "2023", "3", "mu")
              OVER("y", "a", "land", "20", "mu", "by", ""),
          "later-pace P1 Py a land 3 20",
          "甲 用地：2023年3亩（P1），到2027年底共20亩（Py）：其余各年每年需4.25亩，为其1.42倍",
          "A, Land: 3 mu in 2023 (P1), but 20 mu in all by the end of 2027 (Py): the other years "
          "need 4.25 mu a year, 1.42 times as much" },
        { "every year too little",
          TARGET_HEAD OVER("x", "a", "land", "1", "mu", "every-year", "")
              OVER("y", "a", "land", "20", "mu", "by", ""),
          "later-pace Px Py a land 1 20",
          "甲 用地：2023—2027年每年1亩（Px），到2027年底共20亩（Py）：每年需4亩，为其4倍", NULL },
        { "a total that begins with a base",
          TARGET_HEAD GE("x", "P1", "a", "land", "2023", "3000", "mu")
              OVER("y", "a", "land-total", "3", "wan-mu", "by", "1.5"),
          NULL, NULL, NULL },
        { "a total without a base",
          TARGET_HEAD GE("x", "P1", "a", "land", "2023", "3000", "mu")
              OVER("y", "a", "land-total", "3", "wan-mu", "by", ""),
          "later-pace P1 Py a land 3000 3",
          "甲 用地：2023年3000亩（P1），到2027年底共30000亩（Py）：起点未列，如自零起，"
          "其余各年每年需6750亩，为其2.25倍",
          NULL },
        { "another area",
          TARGET_HEAD GE("x", "P1", "a", "land", "2023", "3", "mu")
              OVER("y", "b", "land", "20", "mu", "by", ""),
          NULL, NULL, NULL },
    };
    check_rows(rows, COUNT(rows));
}

/* Only the newest version counts. */
static void
test_versions(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "corrected",
          TARGET_HEAD SUM_PARTS("1", "2", "3", "4")
              GE("t", "P2", "city", "land", "2023", "15",
                 "mu") "t,P2,city,land,2023,10,10,mu,≥,,,LVL,issued,no,,,,,,,,,,,2023-07-01\n",
          NULL, NULL, NULL },
    };
    check_rows(rows, COUNT(rows));
}

/* ---- the document ---- */

struct tally {
    size_t kinds[FINDING_KIND_COUNT];
    bool has_energy, has_growth, has_standards, has_enterprises, has_changhe;
};

static int
count_finding(void *context, const struct cat_finding *finding)
{
    struct tally *tally = context;
    const char *indicator = finding->indicator ? finding->indicator->id : "";
    tally->kinds[finding->kind]++;
    if (finding->kind == FINDING_SUM && strcmp(indicator, "energy-room-freed") == 0)
        tally->has_energy = fabs(finding->left - 15.1) < 1e-9 && fabs(finding->right - 15) < 1e-9;
    if (finding->kind == FINDING_TWO_TARGETS) {
        tally->has_growth |= strcmp(indicator, "iva-growth") == 0 &&
                             strcmp(finding->right_text, "gdp-growth+1") == 0;
        tally->has_standards |= strcmp(indicator, "zhejiang-made-standards") == 0 &&
                                strcmp(finding->right_text, "25") == 0;
        tally->has_enterprises |= strcmp(indicator, "zhejiang-made-enterprises") == 0 &&
                                  strcmp(finding->right_text, "30") == 0;
    }
    if (finding->kind == FINDING_NO_NUMBER)
        tally->has_changhe = strcmp(finding->area->id, "changhe") == 0 && finding->count >= 99;
    return 0;
}

/* Told last, in the order of the table, with the places and the words as they stand there. */
static void
test_remarks(void **state)
{
    (void)state;
    const char *tables[CAT_TABLE_COUNT];
    void *memory = NULL;
    struct said said = { 0 };
    memcpy(tables, base, sizeof tables);
    tables[CAT_TARGETS] = TARGET_HEAD PENDING("t", "city", "share", "待下达")
        GE("u", "P2", "city", "share", "2023", "3", "pct");
    tables[CAT_REMARKS] = "id,name,name_en,source,other_source,area,indicator\n"
                          "two,两处不同,Two differ,P1,P2,city,land\n"
                          "gap,缺一处,,P3,,z,\n";
    const struct catalogue *catalogue = catalogue_from_text(tables, &memory);
    CHECK_INT("walk", 0, catalogue_consistency(catalogue, keep, &said));
    CHECK_INT("found", 3, (long long)said.count);
    CHECK("deduced first", strncmp(said.cells[0], "two-targets ", 12) == 0);
    CHECK_TEXT("cells", "remark P1 P2 city land  ", said.cells[1]);
    CHECK_TEXT("zh", "全市 用地：两处不同", said.zh[1]);
    CHECK_TEXT("en", "City, Land: Two differ", said.en[1]);
    CHECK_TEXT("cells", "remark P3  z -  ", said.cells[2]);
    CHECK_TEXT("zh", "新区：缺一处", said.zh[2]);
    CHECK_TEXT("falls back", "Zone: 缺一处", said.en[2]);
    free(memory);
}

static void
test_the_document(void **state)
{
    (void)state;
    struct catalogue_store *store = NULL;
    struct err_note note = { { 0 } };
    struct tally tally = { .kinds = { 0 } };
    CHECK_INT("load", 0, catalogue_load(PACEWATCH_SOURCE_DIR "/data/huzhou-2023", &store, &note));
    CHECK_INT("walk", 0, catalogue_consistency(catalogue_of(store), count_finding, &tally));
    catalogue_free(store);
    CHECK("15.1 against 15", tally.has_energy);
    CHECK_INT("the other sums are exact", 1, (long long)tally.kinds[FINDING_SUM]);
    CHECK("7 against GDP + 1", tally.has_growth);
    CHECK("25 against pending", tally.has_standards);
    CHECK("30 against pending", tally.has_enterprises);
    CHECK_INT("owner against lead", 16, (long long)tally.kinds[FINDING_OWNER_LEAD]);
    CHECK_INT("uniform rows are uniform", 0, (long long)tally.kinds[FINDING_UNIFORM]);
    CHECK_INT("附1 rows 2 and 8", 2, (long long)tally.kinds[FINDING_ABOVE_WHOLE]);
    CHECK_INT("one area", 1, (long long)tally.kinds[FINDING_NO_NUMBER]);
    CHECK("changhe", tally.has_changhe);
    CHECK_INT("what only a reader sees", 6, (long long)tally.kinds[FINDING_REMARK]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_two_targets),
        cmocka_unit_test(test_parts_against_the_whole),
        cmocka_unit_test(test_who_answers),
        cmocka_unit_test(test_years),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_remarks),
        cmocka_unit_test(test_the_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/catalogue.h"

#include "check.h"

/* A small catalogue that has one of everything. */
static const char *const base[CAT_TABLE_COUNT] = {
    [CAT_AREAS] = "id,name,name_en,kind,parent,members,numbers\n"
                  "huzhou,全市,Huzhou,city,,,yes\n"
                  "wuxing+nantaihu,吴兴（含南太湖新区）,Both,joint,huzhou,wuxing;nantaihu,yes\n"
                  "wuxing,吴兴,Wuxing District,district,huzhou,,yes\n"
                  "nantaihu,南太湖新区,,zone,huzhou,,yes\n"
                  "changhe,长合区,Changhe Zone,zone,huzhou,,no\n",
    [CAT_UNITS] = "id,name,name_en,family,factor,decimals\n"
                  "mu,亩,mu,land,1,0\n"
                  "wan-mu,万亩,\"10,000 mu\",land,10000,2\n"
                  "pct,%,percent,percent,1,1\n",
    [CAT_OWNERS] = "id,name,name_en,aliases\n"
                   "jxj,市经信局,Bureau of Economy,经信局\n"
                   "kjj,市科技局,,\n",
    [CAT_CALENDARS] = "id,name,name_en,frequency,months,due_day\n"
                      "monthly,月报,monthly,M,1;2;3;4;5;6;7;8;9;10;11;12,12\n"
                      "no-january,免报1月,,M,2;3;4;5;6;7;8;9;10;11;12,31\n"
                      "quarterly,季报,quarterly,Q,3;6;9;12,20\n"
                      "annual,年报,annual,A,12,25\n",
    [CAT_INDICATORS] =
        "id,name,name_en,unit,kind,cumulation,calendar,direction,decimals,"
        "decomposition,category,sort,aliases\n"
        "land-freed,腾出用地面积,Land freed,mu,V,YTD,monthly,up,0,SUM,空间,30,"
        "腾出用地面积（万亩）;腾出用地面积(万亩);用地\n"
        "gdp-growth,GDP增速,,pct,G,YTD,quarterly,up,1,NONE,牵引,10,\n"
        "iva-growth,规上工业增加值增长,IVA growth,pct,G,MONTH,no-january,down,2,,,20,"
        "增加值增速\n",
    [CAT_PROFILES] = "id,name,name_en,form,points,source\n"
                     "quarters,按季,by quarters,milestones,3:30;6:65;9:85;12:100,x\n",
    [CAT_TARGETS] =
        "id,source,area,indicator,year,text,value,unit,comparator,reference,offset,"
        "method,status,primary,owner,lead,accountable,wording,note\n"
        "t-body,附2-17,huzhou,land-freed,2023,1,1,wan-mu,≥,,,LIN,issued,no,jxj,kjj,"
        "wuxing;changhe,确保,以附1为主\n"
        "t-main,附1-14,huzhou,land-freed,2023,10000,10000,mu,>=,,,LIN,issued,yes,jxj,,,,\n"
        "t-rel,附2-3,huzhou,iva-growth,2023,高于GDP,,pct,rel,gdp-growth,1,REL,issued,"
        "no,,,,,\n"
        "t-pend,附1-11,wuxing,land-freed,2023,待省下达,,mu,pending,,,PEND,pending,yes,"
        ",,,,\n"
        "t-na,附1-15,changhe,gdp-growth,2023,/,,,na,,,NA,not_applicable,yes,,,,,\n"
        "t-late,附2-84,huzhou,land-freed,2023,2,2,wan-mu,≥,,,LIN,issued,no,,,,,\n"
        "t-rel2,附2-85,huzhou,iva-growth,2023,8,8,pct,≥,,,GAP,issued,no,,,,,\n",
    [CAT_PUBLISHERS] = "id,name,name_en,kind,areas,via\n"
                       "demo,演示,Demo,simulated,huzhou;wuxing,wuxing\n"
                       "wuxing,吴兴区,Wuxing,official,wuxing;wuxing+nantaihu,\n"
                       "idle,无,Idle,official,,\n",
};

static void
fill_sources(const char *const tables[CAT_TABLE_COUNT], struct cat_source sources[CAT_TABLE_COUNT])
{
    for (size_t i = 0; i < CAT_TABLE_COUNT; i++)
        sources[i] = (struct cat_source){ tables[i], strlen(tables[i]) };
}

/* Parses with as much memory as it takes. The caller frees `*ret_memory`. */
static int
parse_sources(const struct cat_source sources[CAT_TABLE_COUNT], void **ret_memory,
              const struct catalogue **ret_catalogue, struct err_note *note)
{
    for (size_t size = 1 << 16;; size *= 2) {
        void *memory = malloc(size);
        CHECK("memory", memory != NULL);
        int result = catalogue_parse(sources, memory, size, ret_catalogue, note);
        *ret_memory = memory;
        if (result != ERR_FULL)
            return result;
        free(memory);
        note->text[0] = '\0';
    }
}

static int
parse_tables(const char *const tables[CAT_TABLE_COUNT], void **ret_memory,
             const struct catalogue **ret_catalogue, struct err_note *note)
{
    struct cat_source sources[CAT_TABLE_COUNT];
    fill_sources(tables, sources);
    return parse_sources(sources, ret_memory, ret_catalogue, note);
}

static const struct catalogue *shared;
static void *shared_memory;

static int
setup(void **state)
{
    (void)state;
    struct err_note note = { { 0 } };
    int result = parse_tables(base, &shared_memory, &shared, &note);
    if (result < 0)
        print_error("%s\n", note.text);
    return result;
}

static int
teardown(void **state)
{
    (void)state;
    free(shared_memory);
    return 0;
}

static void
test_file_names(void **state)
{
    (void)state;
    static const char *const want[] = { "areas.csv",     "units.csv",      "owners.csv",
                                        "calendars.csv", "indicators.csv", "profiles.csv",
                                        "targets.csv",   "publishers.csv" };
    for (size_t i = 0; i < CAT_TABLE_COUNT; i++)
        CHECK_TEXT(want[i], want[i], cat_table_file((enum cat_table)i));
}

static void
test_areas(void **state)
{
    (void)state;
    CHECK_INT("count", 5, (long long)shared->area_count);
    const struct cat_area *city = catalogue_area(shared, "huzhou");
    const struct cat_area *joint = catalogue_area(shared, "wuxing+nantaihu");
    const struct cat_area *zone = catalogue_area(shared, "nantaihu");
    CHECK("city", city == &shared->areas[0] && city->kind == AREA_CITY && !city->parent);
    CHECK("joint", joint->kind == AREA_JOINT && joint->parent == city && joint->member_count == 2);
    CHECK("members", joint->members[0] == catalogue_area(shared, "wuxing"));
    CHECK("members", joint->members[1] == zone);
    CHECK("no members", !city->members && city->member_count == 0);
    CHECK_TEXT("falls back", "南太湖新区", cat_name(&zone->name, LANG_EN));
    CHECK_TEXT("english", "Huzhou", cat_name(&city->name, LANG_EN));
    CHECK_TEXT("chinese", "全市", cat_name(&city->name, LANG_ZH));
    CHECK("numbers", city->has_numbers && !catalogue_area(shared, "changhe")->has_numbers);
    CHECK("unknown", catalogue_area(shared, "anji") == NULL);
    CHECK("ids are exact", catalogue_area(shared, "wu xing") == NULL);
    CHECK("empty", catalogue_area(shared, "") == NULL);
}

static void
test_units_owners_calendars(void **state)
{
    (void)state;
    const struct cat_unit *unit = catalogue_unit(shared, "wan-mu");
    CHECK_NEAR("factor", 10000, unit->factor);
    CHECK_INT("decimals", 2, unit->decimals);
    CHECK_TEXT("family", "land", unit->family);
    CHECK_TEXT("english", "10,000 mu", unit->name.en);
    CHECK_TEXT("owner", "市科技局", catalogue_owner(shared, "kjj")->name.en);
    CHECK("no owner", catalogue_owner(shared, "rsj") == NULL);
    CHECK_INT("calendars", 4, (long long)shared->calendar_count);
    CHECK_INT("monthly", 0x1ffe, shared->calendars[0].months);
    CHECK_INT("no January", 0x1ffc, shared->calendars[1].months);
    CHECK_INT("quarterly", CAL_QUARTER, shared->calendars[2].freq);
    CHECK_INT("due day", 20, shared->calendars[2].due_day);
}

static void
test_indicators_are_in_their_printed_order(void **state)
{
    (void)state;
    static const char *const want[] = { "gdp-growth", "iva-growth", "land-freed" };
    CHECK_INT("count", 3, (long long)shared->indicator_count);
    for (size_t i = 0; i < COUNT(want); i++) {
        CHECK_TEXT(want[i], want[i], shared->indicators[i].id);
        CHECK(want[i], catalogue_indicator(shared, want[i]) == &shared->indicators[i]);
    }
    const struct cat_indicator *iva = &shared->indicators[1];
    CHECK("unit", iva->unit == catalogue_unit(shared, "pct"));
    CHECK("calendar", iva->calendar == &shared->calendars[1]);
    CHECK_INT("kind", 'G', iva->kind);
    CHECK_INT("cumulation", CUMULATION_MONTH, iva->cumulation);
    CHECK_INT("direction", DIRECTION_DOWN, iva->direction);
    CHECK_INT("decimals", 2, iva->decimals);
    CHECK_TEXT("decomposition", "", iva->decomposition);
    CHECK_TEXT("category", "空间", shared->indicators[2].category);
}

static void
test_names_as_clerks_write_them(void **state)
{
    (void)state;
    const struct cat_indicator *land = catalogue_indicator(shared, "land-freed");
    static const char *const names[] = {
        "land-freed",           "腾出用地面积",        "Land freed", "用 地",
        "腾出用地面积（万亩）", "腾出用地面积 (万亩)", "Landfreed"
    };
    for (size_t i = 0; i < COUNT(names); i++)
        CHECK(names[i], catalogue_find_indicator(shared, names[i]) == land);
    CHECK("unknown", catalogue_find_indicator(shared, "用地面") == NULL);
    CHECK("area", catalogue_find_area(shared, "吴兴(含南太湖新区)") ==
                      catalogue_area(shared, "wuxing+nantaihu"));
    CHECK("area by english",
          catalogue_find_area(shared, "Changhe Zone") == catalogue_area(shared, "changhe"));
    CHECK("unit", catalogue_find_unit(shared, "％") == catalogue_unit(shared, "pct"));
    CHECK("unit by id", catalogue_find_unit(shared, "wan-mu") == catalogue_unit(shared, "wan-mu"));
}

static void
test_targets(void **state)
{
    (void)state;
    const struct cat_target *body = catalogue_target(shared, "t-body");
    const struct cat_target *main_one = catalogue_target(shared, "t-main");
    const struct cat_target *relative = catalogue_target(shared, "t-rel");
    const struct cat_target *pending = catalogue_target(shared, "t-pend");
    CHECK("order of the table", body == &shared->targets[0] && main_one == &shared->targets[1]);
    CHECK_NEAR("in the indicator's unit", 10000, target_value(body));
    CHECK_NEAR("same unit", 10000, target_value(main_one));
    CHECK_NEAR("no number", (double)NAN, target_value(pending));
    CHECK_TEXT("no number", "", pending->value.text);
    CHECK("unit only with a number", pending->unit == NULL);
    CHECK_INT("ascii comparator", CMP_GE, main_one->comparator);
    CHECK_INT("relative", CMP_RELATIVE, relative->comparator);
    CHECK("reference", relative->reference == catalogue_indicator(shared, "gdp-growth"));
    CHECK_NEAR("offset", 1, relative->offset);
    CHECK_NEAR("no offset", 0, body->offset);
    CHECK("owner", body->owner == catalogue_owner(shared, "jxj"));
    CHECK("lead", body->lead == catalogue_owner(shared, "kjj") && main_one->lead == NULL);
    CHECK_TEXT("accountable", "wuxing;changhe", body->accountable);
    CHECK_TEXT("wording", "确保", body->wording);
    CHECK_TEXT("text", "/", catalogue_target(shared, "t-na")->text);
    CHECK_INT("status", TARGET_NOT_APPLICABLE, catalogue_target(shared, "t-na")->status);

    const struct cat_area *city = catalogue_area(shared, "huzhou");
    const struct cat_indicator *land = catalogue_indicator(shared, "land-freed");
    const struct cat_indicator *iva = catalogue_indicator(shared, "iva-growth");
    CHECK("the primary",
          catalogue_target_for(shared, city, land, 2023, cal_date_of(2023, 12, 31)) == main_one);
    CHECK("without a primary the first",
          catalogue_target_for(shared, city, iva, 2023, cal_date_of(2023, 12, 31)) == relative);
    CHECK("other year",
          catalogue_target_for(shared, city, land, 2024, cal_date_of(2024, 12, 31)) == NULL);
    CHECK("other area", catalogue_target_for(shared, catalogue_area(shared, "changhe"), land, 2023,
                                             cal_date_of(2023, 12, 31)) == NULL);
}

static void
test_printed_codes(void **state)
{
    (void)state;
    CHECK_TEXT("method", "SEA", method_name(METHOD_SEA));
    CHECK_TEXT("method", "NA", method_name(METHOD_NA));
    CHECK_TEXT("comparator", "≥", comparator_name(CMP_GE));
    CHECK_TEXT("comparator", "na", comparator_name(CMP_NA));
    CHECK_TEXT("status", "not_applicable", target_status_name(TARGET_NOT_APPLICABLE));
    CHECK_TEXT("status", "issued", target_status_name(TARGET_ISSUED));
}

static void
test_rights(void **state)
{
    (void)state;
    const struct cat_publisher *demo = catalogue_publisher(shared, "demo");
    const struct cat_publisher *wuxing = catalogue_publisher(shared, "wuxing");
    const struct cat_publisher *idle = catalogue_publisher(shared, "idle");
    CHECK("simulated", demo->is_simulated && !wuxing->is_simulated);
    CHECK("may", publisher_may_write(wuxing, catalogue_area(shared, "wuxing+nantaihu")));
    CHECK("may not", !publisher_may_write(wuxing, catalogue_area(shared, "huzhou")));
    CHECK("nothing", !publisher_may_write(idle, catalogue_area(shared, "huzhou")));
    CHECK("itself", publisher_may_come_via(wuxing, wuxing));
    CHECK("via", publisher_may_come_via(demo, wuxing));
    CHECK("not the other way", !publisher_may_come_via(wuxing, demo));
    CHECK("not via", !publisher_may_come_via(demo, idle));
}

static void
test_calendars_say_what_is_due(void **state)
{
    (void)state;
    static const struct {
        const char *period;
        size_t calendar;
        bool is_due;
        const char *by;
    } rows[] = {
        { "2023-01", 0, true, "2023-02-12" },         { "2023-12", 0, true, "2024-01-12" },
        { "2023-01", 1, false, "2023-02-28" },        { "2023-02", 1, true, "2023-03-31" },
        { "2024-01", 1, false, "2024-02-29" },        { "2023-Q1", 1, false, "2023-04-30" },
        { "2023-Q1", 2, true, "2023-04-20" },         { "2023-Q4", 2, true, "2024-01-20" },
        { "2023-06", 2, false, "2023-07-20" },        { "2023", 3, true, "2024-01-25" },
        { "2023-01-01/P2M", 0, false, "2023-03-12" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cal_period period;
        char text[CAL_TEXT_MAX];
        const struct cat_calendar *calendar = &shared->calendars[rows[i].calendar];
        CHECK_INT(rows[i].period, 0,
                  cal_period_parse(rows[i].period, strlen(rows[i].period), &period, NULL));
        CHECK_INT(rows[i].period, rows[i].is_due, calendar_is_due(calendar, period));
        CHECK_TEXT(rows[i].period, rows[i].by,
                   cal_date_print(calendar_due_date(calendar, period), text));
    }
    CHECK("invalid",
          !calendar_is_due(&shared->calendars[0], (struct cal_period){ CAL_MONTH, 2023, 13, 0 }));
}

/* `text` with the one place that says `from` saying `to`; to be freed. */
static char *
replace(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    CHECK(from, at != NULL);
    CHECK(from, strstr(at + 1, from) == NULL);
    size_t size = strlen(text) + strlen(to) + 1;
    char *copy = malloc(size);
    CHECK("memory", copy != NULL);
    (void)snprintf(copy, size, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    return copy;
}

struct fault {
    enum cat_table table;
    const char *from;
    const char *to;
    int code;
    const char *note;
};

static const struct fault faults[] = {
    /* tables */
    { CAT_AREAS, "id,name,name_en,kind", "id,name,name_en,art", ERR_SYNTAX,
      "areas.csv: column 'kind' is missing" },
    { CAT_UNITS, "id,name,name_en,family,factor,decimals\n", "", ERR_SYNTAX,
      "units.csv: column 'id' is missing" },
    { CAT_OWNERS, "name_en,aliases", "name_en,name", ERR_CONFLICT,
      "owners.csv: column 'name' is there twice" },
    { CAT_OWNERS, "kjj,市科技局,,", "kjj,市科技局,", ERR_SYNTAX,
      "owners.csv line 3: 3 cells, the header has 4" },
    { CAT_UNITS, "mu,亩,mu", "mu,亩,m\"u", ERR_SYNTAX,
      "units.csv line 2, column 3: a quote inside an unquoted cell" },
    { CAT_UNITS, "id,name,name_en,family", "id,name,\"name_en,family", ERR_SYNTAX,
      "units.csv line 1, column 3: text after a closing quote" },
    /* areas */
    { CAT_AREAS, "changhe,长合区", "Changhe,长合区", ERR_SYNTAX,
      "areas.csv line 6, column id: 'Changhe' is no id: 1 to 48 of a-z, 0-9 and '-', '+' between "
      "members" },
    { CAT_AREAS, "changhe,长合区", ",长合区", ERR_SYNTAX,
      "areas.csv line 6, column id: '' is no id: 1 to 48 of a-z, 0-9 and '-', '+' between "
      "members" },
    { CAT_AREAS, "changhe,长合区", "wuxing,长合区", ERR_CONFLICT,
      "areas.csv line 6, column id: 'wuxing' is already the id of another row" },
    { CAT_AREAS, "长合区", "全 市", ERR_CONFLICT,
      "areas.csv line 6, column name: '全 市' is already the name of another row" },
    { CAT_AREAS, "Changhe Zone", "WuxingDistrict", ERR_CONFLICT,
      "areas.csv line 6, column name_en: 'WuxingDistrict' is already the name of another row" },
    { CAT_AREAS, "长合区", "", ERR_SYNTAX, "areas.csv line 6, column name: is empty" },
    { CAT_AREAS, "长合区", "长\x1b[7m合区", ERR_SYNTAX,
      "areas.csv line 6, column name: line breaks, control characters or more than 4096 bytes" },
    { CAT_AREAS, "Changhe Zone,zone", "Changhe Zone,town", ERR_UNKNOWN,
      "areas.csv line 6, column kind: 'town' is none of city|district|zone|joint" },
    { CAT_AREAS, "huzhou,,no", "huzhou,,nein", ERR_UNKNOWN,
      "areas.csv line 6, column numbers: 'nein' is none of yes|no" },
    { CAT_AREAS, "Huzhou,city,", "Huzhou,city,huzhou", ERR_CONFLICT,
      "areas.csv line 2, column parent: a city has no parent" },
    { CAT_AREAS, "Changhe Zone,zone,huzhou", "Changhe Zone,zone,wuxing", ERR_CONFLICT,
      "areas.csv line 6, column parent: the parent must be a city" },
    { CAT_AREAS, "Changhe Zone,zone,huzhou", "Changhe Zone,zone,", ERR_CONFLICT,
      "areas.csv line 6, column parent: the parent must be a city" },
    { CAT_AREAS, "Changhe Zone,zone,huzhou", "Changhe Zone,zone,zhejiang", ERR_UNKNOWN,
      "areas.csv line 6, column parent: unknown area 'zhejiang'" },
    { CAT_AREAS, "wuxing;nantaihu", "wuxing;taihu", ERR_UNKNOWN,
      "areas.csv line 3, column members: unknown area 'taihu'" },
    { CAT_AREAS, "wuxing;nantaihu", "wuxing;", ERR_UNKNOWN,
      "areas.csv line 3, column members: unknown area ''" },
    { CAT_AREAS, "wuxing;nantaihu", "wuxing;wuxing", ERR_CONFLICT,
      "areas.csv line 3, column members: 'wuxing' is listed twice" },
    { CAT_AREAS, "wuxing;nantaihu", "wuxing", ERR_CONFLICT,
      "areas.csv line 3, column members: a joint area has two members or more" },
    { CAT_AREAS, "wuxing;nantaihu", "", ERR_CONFLICT,
      "areas.csv line 3, column members: a joint area has two members or more" },
    { CAT_AREAS, "wuxing;nantaihu", "wuxing;wuxing+nantaihu", ERR_CONFLICT,
      "areas.csv line 3, column members: 'wuxing+nantaihu' is a joint area itself" },
    { CAT_AREAS, "huzhou,,no", "huzhou,wuxing,no", ERR_CONFLICT,
      "areas.csv line 6, column members: only a joint area has members" },
    /* units */
    { CAT_UNITS, "land,10000,2", "land,0,2", ERR_RANGE,
      "units.csv line 3, column factor: a factor is above zero" },
    { CAT_UNITS, "land,10000,2", "land,-1,2", ERR_RANGE,
      "units.csv line 3, column factor: a factor is above zero" },
    { CAT_UNITS, "land,10000,2", "land,1e4,2", ERR_SYNTAX,
      "units.csv line 3, column factor: '1e4' is no number: expected digits, like 1234.5 or "
      "1,234.5" },
    { CAT_UNITS, "land,10000,2", "land,10000,10", ERR_RANGE,
      "units.csv line 3, column decimals: '10' is not between 0 and 9" },
    { CAT_UNITS, "land,10000,2", ",10000,2", ERR_SYNTAX,
      "units.csv line 3, column family: is empty" },
    { CAT_UNITS, "万亩", "亩", ERR_CONFLICT,
      "units.csv line 3, column name: '亩' is already the name of another row" },
    { CAT_UNITS, "万亩", "pct", ERR_CONFLICT,
      "units.csv line 4, column id: 'pct' is already the name of another row" },
    /* owners */
    { CAT_OWNERS, "kjj", "jxj", ERR_CONFLICT,
      "owners.csv line 3, column id: 'jxj' is already the id of another row" },
    /* calendars */
    { CAT_CALENDARS, "quarterly,Q", "quarterly,X", ERR_UNKNOWN,
      "calendars.csv line 4, column frequency: 'X' is none of D|W|M|Q|S|A" },
    { CAT_CALENDARS, "3;6;9;12,20", "3;6;8;12,20", ERR_CONFLICT,
      "calendars.csv line 4, column months: no period of frequency Q ends in such months" },
    { CAT_CALENDARS, "A,12,25", "A,6;12,25", ERR_CONFLICT,
      "calendars.csv line 5, column months: no period of frequency A ends in such months" },
    { CAT_CALENDARS, "3;6;9;12,20", "3;6;9;13,20", ERR_RANGE,
      "calendars.csv line 4, column months: '13' is not between 1 and 12" },
    { CAT_CALENDARS, "3;6;9;12,20", ",20", ERR_SYNTAX,
      "calendars.csv line 4, column months: '' is no whole number" },
    { CAT_CALENDARS, "3;6;9;12,20", "3;6;9;12,32", ERR_RANGE,
      "calendars.csv line 4, column due_day: '32' is not between 1 and 31" },
    /* indicators */
    { CAT_INDICATORS, "Land freed,mu,V", "Land freed,acre,V", ERR_UNKNOWN,
      "indicators.csv line 2, column unit: unknown unit 'acre'" },
    { CAT_INDICATORS, "Land freed,mu,V", "Land freed,,V", ERR_SYNTAX,
      "indicators.csv line 2, column unit: is empty" },
    { CAT_INDICATORS, "Land freed,mu,V", "Land freed,mu,X", ERR_UNKNOWN,
      "indicators.csv line 2, column kind: 'X' is none of F|V|N|S|H|G|R|A|D|C|B|K" },
    { CAT_INDICATORS, "Land freed,mu,V,YTD", "Land freed,mu,V,ytd", ERR_UNKNOWN,
      "indicators.csv line 2, column cumulation: 'ytd' is none of MONTH|YTD|STOCK" },
    { CAT_INDICATORS, "V,YTD,monthly", "V,YTD,weekly", ERR_UNKNOWN,
      "indicators.csv line 2, column calendar: unknown calendar 'weekly'" },
    { CAT_INDICATORS, "monthly,up,0", "monthly,sideways,0", ERR_UNKNOWN,
      "indicators.csv line 2, column direction: 'sideways' is none of up|down" },
    { CAT_INDICATORS, "monthly,up,0", "monthly,up,x", ERR_SYNTAX,
      "indicators.csv line 2, column decimals: 'x' is no whole number" },
    { CAT_INDICATORS, "空间,30", "空间,-1", ERR_RANGE,
      "indicators.csv line 2, column sort: '-1' is not between 0 and 1000000000" },
    { CAT_INDICATORS, ",20,增加值增速", ",20,GDP 增速", ERR_CONFLICT,
      "indicators.csv line 4, column aliases: 'GDP 增速' is already the name of another row" },
    { CAT_INDICATORS, "gdp-growth,GDP增速", "gdp-growth,用地", ERR_CONFLICT,
      "indicators.csv line 3, column name: '用地' is already the name of another row" },
    { CAT_INDICATORS, "gdp-growth,GDP", "land-freed,GDP", ERR_CONFLICT,
      "indicators.csv line 3, column id: 'land-freed' is already the id of another row" },
    /* targets */
    { CAT_TARGETS, "10000,mu,>=", "10000,mou,>=", ERR_UNKNOWN,
      "targets.csv line 3, column unit: unknown unit 'mou'" },
    { CAT_TARGETS, "10000,mu,>=", "10000,pct,>=", ERR_CONFLICT,
      "targets.csv line 3, column unit: 'pct' is of family percent, the indicator's unit 'mu' of "
      "family land" },
    { CAT_TARGETS, "10000,mu,>=", "10000,,>=", ERR_SYNTAX,
      "targets.csv line 3, column unit: a number needs its unit" },
    { CAT_TARGETS, "10000,mu,>=", "lots,mu,>=", ERR_SYNTAX,
      "targets.csv line 3, column value: 'lots' is no number: expected digits, like 1234.5 or "
      "1,234.5" },
    { CAT_TARGETS, "10000,mu,>=", ",mu,>=", ERR_SYNTAX,
      "targets.csv line 3, column value: an issued target '≥' needs a number" },
    { CAT_TARGETS, "10000,mu,>=", "0,mu,>=", ERR_RANGE,
      "targets.csv line 3, column value: method LIN needs a number above zero" },
    { CAT_TARGETS, "10000,mu,>=", "10000,mu,=>", ERR_UNKNOWN,
      "targets.csv line 3, column comparator: '=>' is none of "
      "≥|>|=|≈|≤|rel|pending|na|>=|~|<=" },
    { CAT_TARGETS, "10000,mu,>=", "10000,mu,<=", ERR_CONFLICT,
      "targets.csv line 3, column method: method LIN cannot judge '≤'" },
    { CAT_TARGETS, "10000,mu,>=", "10000,mu,na", ERR_CONFLICT,
      "targets.csv line 3, column value: a target 'na' has no number" },
    { CAT_TARGETS, "pending,,,PEND", "pending,,,LINEAR", ERR_UNKNOWN,
      "targets.csv line 5, column method: 'LINEAR' is none of "
      "LIN|MIL|SEA|LVL|GAP|REL|ACC|COH|HOLD|SML|STEP|BIN|CAGR|MAN|PEND|NA" },
    { CAT_TARGETS, "rel,gdp-growth,1,REL", "rel,,1,REL", ERR_SYNTAX,
      "targets.csv line 4, column reference: a target 'rel' needs its reference" },
    { CAT_TARGETS, "rel,gdp-growth,1,REL", "rel,gdp,1,REL", ERR_UNKNOWN,
      "targets.csv line 4, column reference: unknown indicator 'gdp'" },
    { CAT_TARGETS, "rel,gdp-growth,1,REL", "rel,gdp-growth,one,REL", ERR_SYNTAX,
      "targets.csv line 4, column offset: 'one' is no number: expected digits, like 1234.5 or "
      "1,234.5" },
    { CAT_TARGETS, "rel,gdp-growth,1,REL", "rel,gdp-growth,1,GAP", ERR_CONFLICT,
      "targets.csv line 4, column method: comparator 'rel' and method REL go together" },
    { CAT_TARGETS, "附1-14,huzhou,land-freed,2023", "附1-14,huzhou,land-freed,23", ERR_RANGE,
      "targets.csv line 3, column year: '23' is not between 1900 and 2199" },
    { CAT_TARGETS, "附1-14,huzhou", "附1-14,anji", ERR_UNKNOWN,
      "targets.csv line 3, column area: unknown area 'anji'" },
    { CAT_TARGETS, "附1-14,huzhou,land-freed", "附1-14,huzhou,land", ERR_UNKNOWN,
      "targets.csv line 3, column indicator: unknown indicator 'land'" },
    { CAT_TARGETS, "pending,yes", "waiting,yes", ERR_UNKNOWN,
      "targets.csv line 5, column status: 'waiting' is none of issued|pending|not_applicable" },
    { CAT_TARGETS, "issued,no,jxj,kjj", "issued,yes,jxj,kjj", ERR_CONFLICT,
      "targets.csv line 3, column primary: 't-body' is already the primary target of this area, "
      "indicator and year" },
    { CAT_TARGETS, "issued,no,jxj,kjj", "issued,no,jxj,rsj", ERR_UNKNOWN,
      "targets.csv line 2, column lead: unknown owner 'rsj'" },
    { CAT_TARGETS, "issued,no,jxj,kjj", "issued,no,rsj,kjj", ERR_UNKNOWN,
      "targets.csv line 2, column owner: unknown owner 'rsj'" },
    { CAT_TARGETS, "wuxing;changhe", "wuxing;changxing", ERR_UNKNOWN,
      "targets.csv line 2, column accountable: unknown area 'changxing'" },
    { CAT_TARGETS, "t-main", "t-body", ERR_CONFLICT,
      "targets.csv line 3, column id: 't-body' stands above already; a newer version begins on a "
      "later day (valid_from)" },
    /* publishers */
    { CAT_PUBLISHERS, "Demo,simulated", "Demo,fake", ERR_UNKNOWN,
      "publishers.csv line 2, column kind: 'fake' is none of official|simulated" },
    { CAT_PUBLISHERS, "huzhou;wuxing,wuxing", "huzhou;anji,wuxing", ERR_UNKNOWN,
      "publishers.csv line 2, column areas: unknown area 'anji'" },
    { CAT_PUBLISHERS, "huzhou;wuxing,wuxing", "huzhou;wuxing,anji", ERR_UNKNOWN,
      "publishers.csv line 2, column via: unknown publisher 'anji'" },
    { CAT_PUBLISHERS, "idle,", "demo,", ERR_CONFLICT,
      "publishers.csv line 4, column id: 'demo' is already the id of another row" },
};

static void
test_every_fault_names_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(faults); i++) {
        const struct fault *fault = &faults[i];
        const char *tables[CAT_TABLE_COUNT];
        memcpy(tables, base, sizeof tables);
        char *changed = replace(base[fault->table], fault->from, fault->to);
        tables[fault->table] = changed;
        void *memory = NULL;
        const struct catalogue *catalogue = NULL;
        struct err_note note = { { 0 } };
        int result = parse_tables(tables, &memory, &catalogue, &note);
        CHECK_TEXT(fault->note, fault->note, note.text);
        CHECK_INT(fault->note, fault->code, result);
        CHECK(fault->note, catalogue == NULL);
        free(memory);
        free(changed);
    }
}

static void
test_lin_on_single_months_is_a_fault(void **state)
{
    (void)state;
    const char *tables[CAT_TABLE_COUNT];
    memcpy(tables, base, sizeof tables);
    char *changed = replace(base[CAT_INDICATORS], "mu,V,YTD", "mu,V,MONTH");
    tables[CAT_INDICATORS] = changed;
    void *memory = NULL;
    const struct catalogue *catalogue = NULL;
    struct err_note note = { { 0 } };
    CHECK_INT("code", ERR_CONFLICT, parse_tables(tables, &memory, &catalogue, &note));
    CHECK_TEXT("note",
               "targets.csv line 2, column method: method LIN needs an indicator that is YTD or "
               "STOCK, not MONTH",
               note.text);
    free(memory);
    free(changed);
}

static void
test_empty_tables(void **state)
{
    (void)state;
    for (size_t i = 0; i < CAT_TABLE_COUNT; i++) {
        struct cat_source sources[CAT_TABLE_COUNT];
        fill_sources(base, sources);
        sources[i] = (struct cat_source){ NULL, 0 };
        void *memory = NULL;
        const struct catalogue *catalogue = NULL;
        struct err_note note = { { 0 } };
        char want[80];
        (void)snprintf(want, sizeof want, "%s: is empty, not even a header",
                       cat_table_file((enum cat_table)i));
        bool is_optional = cat_table_is_optional((enum cat_table)i);
        CHECK_INT(want, is_optional ? 0 : ERR_SYNTAX,
                  parse_sources(sources, &memory, &catalogue, &note));
        if (!is_optional)
            CHECK_TEXT(want, want, note.text);
        free(memory);
    }
}

/* Columns may stand in any order, there may be more of them, and lines may end in CRLF after a byte
 * order mark. */
static void
test_columns_in_any_order(void **state)
{
    (void)state;
    const char *tables[CAT_TABLE_COUNT];
    memcpy(tables, base, sizeof tables);
    tables[CAT_UNITS] = "\xef\xbb\xbf"
                        "decimals,remark,factor,family,name_en,name,id\r\n"
                        "0,x,1,land,mu,亩,mu\r\n\r\n"
                        "2,,10000,land,,万亩,wan-mu\r\n"
                        "1,y,1,percent,percent,%,pct\r\n";
    void *memory = NULL;
    const struct catalogue *catalogue = NULL;
    struct err_note note = { { 0 } };
    int result = parse_tables(tables, &memory, &catalogue, &note);
    CHECK_TEXT("note", "", note.text);
    CHECK_INT("result", 0, result);
    CHECK_INT("units", 3, (long long)catalogue->unit_count);
    CHECK_INT("decimals", 2, catalogue_unit(catalogue, "wan-mu")->decimals);
    CHECK_NEAR("target", 10000, target_value(catalogue_target(catalogue, "t-body")));
    free(memory);
}

/* Any size of memory: either too small, or the same catalogue; never a byte beyond
 * (AddressSanitizer looks on). */
static void
test_every_size_of_memory(void **state)
{
    (void)state;
    struct cat_source sources[CAT_TABLE_COUNT];
    fill_sources(base, sources);
    int result = ERR_FULL;
    size_t size = 0;
    for (; result != 0; size += size < 70000 ? 977 : 8) {
        void *memory = malloc(size ? size : 1);
        const struct catalogue *catalogue = NULL;
        struct err_note note = { { 0 } };
        CHECK("memory", memory != NULL);
        result = catalogue_parse(sources, memory, size, &catalogue, &note);
        CHECK("full or done", result == ERR_FULL || result == 0);
        CHECK_TEXT("note", result ? "the catalogue needs more memory" : "", note.text);
        CHECK("catalogue", (catalogue != NULL) == (result == 0));
        if (catalogue)
            CHECK_INT("targets", 7, (long long)catalogue->target_count);
        free(memory);
    }
    CHECK("reasonable", size < 100000);
}

/* A text that grows. */
struct text {
    char *bytes;
    size_t used, size;
};

__attribute__((format(printf, 2, 3))) static void
append(struct text *text, const char *format, ...)
{
    if (text->size - text->used < 1000) {
        text->size = text->size * 2 + 4000;
        text->bytes = realloc(text->bytes, text->size);
        CHECK("memory", text->bytes != NULL);
    }
    va_list args;
    va_start(args, format);
    text->used +=
        (size_t)vsnprintf(text->bytes + text->used, text->size - text->used, format, args);
    va_end(args);
}

/* 20,000 indicators and 100,000 targets: the time limit of the test holds only while look-ups are
 * hashed. */
static void
test_a_very_large_catalogue(void **state)
{
    (void)state;
    enum { INDICATORS = 20000, TARGETS = 100000 };
    struct text indicators = { 0 }, targets = { 0 };
    append(&indicators, "id,name,name_en,unit,kind,cumulation,calendar,direction,decimals,"
                        "decomposition,category,sort,aliases\n");
    append(&targets, "id,source,area,indicator,year,text,value,unit,comparator,reference,offset,"
                     "method,status,primary,owner,lead,accountable,wording,note\n");
    for (int i = 0; i < INDICATORS; i++)
        append(&indicators,
               "i-%d,指标%d,Indicator %d,mu,V,YTD,monthly,up,0,SUM,甲,%d,别名%d;代号%d\n", i, i, i,
               INDICATORS - i, i, i);
    for (int i = 0; i < TARGETS; i++)
        append(&targets, "t-%d,附2,huzhou,i-%d,%d,1,1,mu,≥,,,LIN,issued,yes,jxj,,wuxing,,\n", i,
               i % INDICATORS, 2020 + i / INDICATORS);
    struct cat_source sources[CAT_TABLE_COUNT];
    fill_sources(base, sources);
    sources[CAT_INDICATORS] = (struct cat_source){ indicators.bytes, indicators.used };
    sources[CAT_TARGETS] = (struct cat_source){ targets.bytes, targets.used };

    void *memory = NULL;
    const struct catalogue *catalogue = NULL;
    struct err_note note = { { 0 } };
    int result = parse_sources(sources, &memory, &catalogue, &note);
    CHECK_TEXT("note", "", note.text);
    CHECK_INT("result", 0, result);
    CHECK_INT("targets", TARGETS, (long long)catalogue->target_count);
    CHECK_TEXT("last is first", "i-19999", catalogue->indicators[0].id);
    CHECK("alias", catalogue_find_indicator(catalogue, "代号 777") ==
                       catalogue_indicator(catalogue, "i-777"));
    for (int i = 0; i < TARGETS; i++) {
        const struct cat_target *target = &catalogue->targets[i];
        CHECK(target->id, catalogue_target(catalogue, target->id) == target);
        CHECK(target->id,
              catalogue_target_for(catalogue, target->area, target->indicator, target->year,
                                   cal_date_of(target->year, 12, 31)) == target);
    }
    free(memory);
    free(indicators.bytes);
    free(targets.bytes);
}

static char *
read_whole_file(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *bytes = malloc(1 << 20);
    CHECK(path, bytes != NULL);
    *ret_size = fread(bytes, 1, 1 << 20, file);
    (void)fclose(file);
    return bytes;
}

/* A target that changed in mid-year: each version counts from its day on. */
static void
test_versions(void **state)
{
    (void)state;
    const char *tables[CAT_TABLE_COUNT];
    memcpy(tables, base, sizeof tables);
    static const char versions[] =
        "id,source,area,indicator,year,text,value,unit,comparator,reference,offset,method,status,"
        "primary,owner,lead,accountable,wording,note,valid_from\n"
        "t,a,huzhou,land-freed,2023,1000,1000,mu,≥,,,LIN,issued,yes,jxj,jxj,huzhou,,,\n"
        "t,b,huzhou,land-freed,2023,1200,1200,mu,≥,,,LIN,issued,yes,jxj,jxj,huzhou,,,2023-07-01\n";
    tables[CAT_TARGETS] = versions;
    void *memory = NULL;
    const struct catalogue *catalogue = NULL;
    struct err_note note = { { 0 } };
    int result = parse_tables(tables, &memory, &catalogue, &note);
    if (result != 0)
        fail_msg("%s", note.text);
    const struct cat_target *newest = catalogue_target(catalogue, "t");
    CHECK_NEAR("newest", 1200, target_value(newest));
    CHECK("linked", newest->older && newest->older->newer == newest && !newest->newer);
    const struct cat_area *city = catalogue_area(catalogue, "huzhou");
    const struct cat_indicator *land = catalogue_indicator(catalogue, "land-freed");
    static const struct {
        const char *name;
        int year, month, day;
        double value;
    } days[] = { { "long before", 1999, 1, 1, 1000 },
                 { "the day before", 2023, 6, 30, 1000 },
                 { "the day itself", 2023, 7, 1, 1200 },
                 { "long after", 2030, 1, 1, 1200 } };
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        struct cal_date day = cal_date_of(days[i].year, days[i].month, days[i].day);
        const struct cat_target *target = catalogue_target_for(catalogue, city, land, 2023, day);
        CHECK_NEAR(days[i].name, days[i].value, target_value(target));
        CHECK(days[i].name, target_in_force(target, day));
        CHECK(days[i].name, target_version(newest, day) == target);
        CHECK(days[i].name, !target_in_force(target == newest ? newest->older : newest, day));
    }
    free(memory);
}

/* The catalogue we ship. */
static void
test_huzhou_2023(void **state)
{
    (void)state;
    struct cat_source sources[CAT_TABLE_COUNT] = { { NULL, 0 } };
    char *bytes[CAT_TABLE_COUNT] = { NULL };
    size_t found = 0;
    for (size_t i = 0; i < CAT_TABLE_COUNT; i++) {
        char path[512];
        (void)snprintf(path, sizeof path, "%s/data/huzhou-2023/%s", PACEWATCH_SOURCE_DIR,
                       cat_table_file((enum cat_table)i));
        bytes[i] = read_whole_file(path, &sources[i].size);
        sources[i].bytes = bytes[i];
        found += bytes[i] ? 1 : 0;
    }
    if (found == 0) {
        skip();
    }
    CHECK_INT("tables", CAT_TABLE_COUNT, (long long)found);
    void *memory = NULL;
    const struct catalogue *catalogue = NULL;
    struct err_note note = { { 0 } };
    int result = parse_sources(sources, &memory, &catalogue, &note);
    CHECK_TEXT("note", "", note.text);
    CHECK_INT("result", 0, result);
    static const char *const areas[] = { "huzhou",   "wuxing",    "nanxun",
                                         "deqing",   "changxing", "anji",
                                         "nantaihu", "changhe",   "wuxing+nantaihu" };
    for (size_t i = 0; i < COUNT(areas); i++)
        CHECK(areas[i], catalogue_area(catalogue, areas[i]) != NULL);
    /* 附1-2: industrial value added of Deqing, 8 percent */
    const struct cat_target *target =
        catalogue_target_for(catalogue, catalogue_area(catalogue, "deqing"),
                             catalogue_find_indicator(catalogue, "规上工业增加值增长（%）"), 2023,
                             cal_date_of(2023, 12, 31));
    CHECK("附1-2", target != NULL);
    CHECK_TEXT("附1-2", "附1-2", target->source);
    CHECK_NEAR("附1-2", 8, target_value(target));
    free(memory);
    for (size_t i = 0; i < CAT_TABLE_COUNT; i++)
        free(bytes[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_file_names),
        cmocka_unit_test(test_areas),
        cmocka_unit_test(test_units_owners_calendars),
        cmocka_unit_test(test_indicators_are_in_their_printed_order),
        cmocka_unit_test(test_names_as_clerks_write_them),
        cmocka_unit_test(test_targets),
        cmocka_unit_test(test_printed_codes),
        cmocka_unit_test(test_rights),
        cmocka_unit_test(test_calendars_say_what_is_due),
        cmocka_unit_test(test_every_fault_names_its_place),
        cmocka_unit_test(test_lin_on_single_months_is_a_fault),
        cmocka_unit_test(test_empty_tables),
        cmocka_unit_test(test_columns_in_any_order),
        cmocka_unit_test(test_every_size_of_memory),
        cmocka_unit_test(test_a_very_large_catalogue),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_huzhou_2023),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

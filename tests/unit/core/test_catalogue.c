/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "catalogue_world.h"

#include "core/bands.h"

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
    static const char *const want[] = { "areas.csv",     "units.csv",     "owners.csv",
                                        "calendars.csv", "holidays.csv",  "indicators.csv",
                                        "profiles.csv",  "bands.csv",     "targets.csv",
                                        "remarks.csv",   "publishers.csv" };
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

/* Columns may stand in any order, there may be more of them, and lines may end in CRLF after a byte
 * order mark. */
static void
test_columns_in_any_order(void **state)
{
    (void)state;
    static const char units[] = "\xef\xbb\xbf"
                                "decimals,x_remark,factor,family,name_en,name,id\r\n"
                                "0,x,1,land,mu,亩,mu\r\n\r\n"
                                "2,,10000,land,,万亩,wan-mu\r\n"
                                "1,y,1,percent,percent,%,pct\r\n";
    void *memory = NULL;
    const struct catalogue *catalogue = NULL;
    struct err_note note = { { 0 } };
    int result = parse_with(CAT_UNITS, units, &memory, &catalogue, &note);
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
    sources[CAT_REMARKS] = (struct cat_source){ NULL, 0 };

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

#define BANDS_COLUMNS                                                            \
    "id,source,area,indicator,year,text,value,unit,comparator,reference,offset," \
    "method,status,primary,owner,lead,accountable,wording,note,bands\n"

/* A target's own bands come first, then the catalogue's for the measure, then those built in. */
static void
test_bands(void **state)
{
    (void)state;
    static const char targets[] =
        BANDS_COLUMNS "t-own,x,huzhou,iva-growth,2023,8,8,pct,≥,,,GAP,issued,yes,,,,,,strict\n"
                      "t-pace,x,huzhou,land-freed,2023,8,8,mu,≥,,,LIN,issued,yes,,,,,,\n";
    void *memory = NULL;
    const struct catalogue *catalogue = NULL;
    struct err_note note = { { 0 } };
    CHECK_INT("parsed", 0, parse_with(CAT_TARGETS, targets, &memory, &catalogue, &note));
    const struct cat_target *own = catalogue_target(catalogue, "t-own");
    const struct cat_target *pace = catalogue_target(catalogue, "t-pace");
    struct cal_date june = cal_date_of(2023, 6, 30);
    struct cal_date july = cal_date_of(2023, 7, 1);
    CHECK_NEAR("its own, first version", -2,
               bands_for(own, MEASURE_POINTS, june)->least[BAND_WARN]);
    CHECK_NEAR("second version", -3, bands_for(own, MEASURE_POINTS, july)->least[BAND_WARN]);
    CHECK_NEAR("left where entered", -1, bands_for(own, MEASURE_POINTS, june)->leave[BAND_REMIND]);
    CHECK_NEAR("the catalogue's", 0.9, bands_for(pace, MEASURE_PACE, june)->least[BAND_NORMAL]);
    CHECK_NEAR("of another measure", 0.9, bands_for(own, MEASURE_PACE, june)->least[BAND_NORMAL]);
    CHECK_NEAR("no such band", (double)NAN,
               bands_for(pace, MEASURE_PACE, june)->least[BAND_REMIND]);
    CHECK("built in", bands_for(pace, MEASURE_LEVEL, june) == bands_built_in(MEASURE_LEVEL));
    free(memory);
}

static void
test_bands_in_words(void **state)
{
    (void)state;
    char text[BANDS_WORDS_MAX];
    CHECK_TEXT("zh",
               "完成率与应完成率之比 r：正常 ≥ 0.95（恢复须 ≥ 0.97），提醒 ≥ 0.85（恢复须 ≥ "
               "0.88），预警 ≥ 0.6（恢复须 ≥ 0.65），否则严重",
               bands_words(bands_built_in(MEASURE_PACE), LANG_ZH, text));
    CHECK_TEXT("en", "above the target, % of T: on pace ≥ 0, warning ≥ -5, else severe",
               bands_words(bands_built_in(MEASURE_HOLD), LANG_EN, text));
}

static void
test_bands_that_the_method_lacks_are_a_fault(void **state)
{
    (void)state;
    static const char targets[] =
        BANDS_COLUMNS "t-own,x,huzhou,iva-growth,2023,8,8,pct,≥,,,LVL,issued,yes,,,,,,strict\n";
    void *memory = NULL;
    const struct catalogue *catalogue = NULL;
    struct err_note note = { { 0 } };
    CHECK_INT("code", ERR_CONFLICT, parse_with(CAT_TARGETS, targets, &memory, &catalogue, &note));
    CHECK_TEXT("note",
               "targets.csv line 2, column bands: 'strict' is of measure points, which method LVL "
               "lacks",
               note.text);
    free(memory);
}

static void
test_working_days(void **state)
{
    (void)state;
    static const struct {
        int month, day;
        bool is_working;
    } days[] = { { 9, 28, true }, { 9, 29, false }, { 9, 30, false }, { 10, 1, false },
                 { 10, 2, true }, { 10, 6, true },  { 10, 7, true },  { 10, 8, false },
                 { 10, 9, true }, { 1, 1, false } };
    for (size_t i = 0; i < COUNT(days); i++)
        CHECK("day",
              catalogue_is_working_day(shared, cal_date_of(2023, days[i].month, days[i].day)) ==
                  days[i].is_working);
    CHECK("1970 began on a Thursday", catalogue_is_working_day(shared, cal_date_of(1970, 1, 2)));
    CHECK("and went on", !catalogue_is_working_day(shared, cal_date_of(1969, 12, 28)));
    /* after Thursday 21 December: 22, 25 to 28; the sixth is the 29th */
    CHECK_INT("five", cal_date_of(2023, 12, 28).days,
              catalogue_within(shared, cal_date_of(2023, 12, 21), 5).days);
    /* after the 22nd: 25 to 29, and the weekend behind them */
    CHECK_INT("to the year's end", cal_date_of(2023, 12, 31).days,
              catalogue_within(shared, cal_date_of(2023, 12, 22), 5).days);
    CHECK_INT("over a holiday", cal_date_of(2023, 10, 1).days,
              catalogue_within(shared, cal_date_of(2023, 9, 27), 1).days);
}

/* What rests on more than its own series is found from there. */
static void
test_dependents(void **state)
{
    (void)state;
    const struct cat_area *huzhou = catalogue_area(shared, "huzhou");
    const struct cat_indicator *gdp = catalogue_indicator(shared, "gdp-growth");
    const struct cat_target *target = catalogue_dependents(shared);
    CHECK("the relative one", target && strcmp(target->id, "t-rel") == 0);
    CHECK("and no other", !target->next_dependent);
    CHECK("rests on GDP", target_rests_on(target, huzhou, gdp));
    CHECK("not on that of another area",
          !target_rests_on(target, catalogue_area(shared, "wuxing"), gdp));
    const struct cat_indicator *iva = catalogue_indicator(shared, "iva-growth");
    CHECK("nor on its own series", !target_rests_on(target, huzhou, iva));
    const struct cat_target *first = catalogue_targets_of(shared, huzhou, iva);
    CHECK_TEXT("first of its series", "t-rel", first->id);
    CHECK_TEXT("second", "t-rel2", first->next->id);
    CHECK("no more", !first->next->next);
    CHECK("none", !catalogue_targets_of(shared, catalogue_area(shared, "wuxing"), iva));
}

/* A target that changed in mid-year: each version counts from its day on. */
static void
test_versions(void **state)
{
    (void)state;
    static const char versions[] =
        "id,source,area,indicator,year,text,value,unit,comparator,reference,offset,method,status,"
        "primary,owner,lead,accountable,wording,note,valid_from\n"
        "t,a,huzhou,land-freed,2023,1000,1000,mu,≥,,,LIN,issued,yes,jxj,jxj,huzhou,,,\n"
        "t,b,huzhou,land-freed,2023,1200,1200,mu,≥,,,LIN,issued,yes,jxj,jxj,huzhou,,,2023-07-01\n";
    void *memory = NULL;
    const struct catalogue *catalogue = NULL;
    struct err_note note = { { 0 } };
    int result = parse_with(CAT_TARGETS, versions, &memory, &catalogue, &note);
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

/* The bands of the catalogue we ship are those built in, so that it reads like the manual. */
static void
check_built_in(const struct cat_target *target)
{
    struct cal_date day = cal_date_of(2023, 12, 31);
    for (int i = 0; i < MEASURE_COUNT; i++) {
        const struct cat_bands *built_in = bands_built_in((enum measure)i);
        const struct cat_bands *shipped = bands_for(target, (enum measure)i, day);
        CHECK(built_in->id, shipped != built_in);
        CHECK_TEXT(built_in->id, built_in->id, shipped->id);
        CHECK_TEXT(built_in->id, built_in->name.zh, shipped->name.zh);
        CHECK_TEXT(built_in->id, built_in->name.en, shipped->name.en);
        for (int band = 0; band < BAND_COUNT; band++) {
            CHECK_NEAR(built_in->id, built_in->least[band], shipped->least[band]);
            CHECK_NEAR(built_in->id, built_in->leave[band], shipped->leave[band]);
        }
        CHECK_NEAR(built_in->id, built_in->doubt, shipped->doubt);
        CHECK_NEAR(built_in->id, built_in->needed_pace, shipped->needed_pace);
    }
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
    check_built_in(target);
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
        cmocka_unit_test(test_columns_in_any_order),
        cmocka_unit_test(test_every_size_of_memory),
        cmocka_unit_test(test_a_very_large_catalogue),
        cmocka_unit_test(test_bands),
        cmocka_unit_test(test_bands_in_words),
        cmocka_unit_test(test_bands_that_the_method_lacks_are_a_fault),
        cmocka_unit_test(test_working_days),
        cmocka_unit_test(test_dependents),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_huzhou_2023),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every fault of a catalogue is told with its place. */
#include "catalogue_world.h"

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
    { CAT_BANDS, "doubt,needed_pace", "doubt,need_pace", ERR_UNKNOWN,
      "bands.csv: there is no column 'need_pace' (data/README.md tells them; one of your own "
      "begins "
      "with x_)" },
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
    /* holidays */
    { CAT_HOLIDAYS, "2023-10-07,调休", "7-oct,调休", ERR_SYNTAX,
      "holidays.csv line 3, column id: '7-oct' is no day: expected YYYY-MM-DD, like 2023-07-10" },
    { CAT_HOLIDAYS, "2023-10-07,调休", "2023-09-29,调休", ERR_CONFLICT,
      "holidays.csv line 3, column id: '2023-09-29' is already the id of another row" },
    { CAT_HOLIDAYS, "worked,work", "worked,busy", ERR_UNKNOWN,
      "holidays.csv line 3, column kind: 'busy' is none of off|work" },
    /* bands */
    { CAT_REMARKS, ",附1,,changhe", ",,,changhe", ERR_SYNTAX,
      "remarks.csv line 3, column source: is empty" },
    { CAT_REMARKS, "huzhou,land", "hangzhou,land", ERR_UNKNOWN,
      "remarks.csv line 2, column area: unknown area 'hangzhou'" },
    { CAT_REMARKS, "land-freed", "land", ERR_UNKNOWN,
      "remarks.csv line 2, column indicator: unknown indicator 'land'" },
    { CAT_REMARKS, "gap,", "two,", ERR_CONFLICT,
      "remarks.csv line 3, column id: 'two' is already the id of another row" },
    { CAT_BANDS, "even,进度比", "Even,进度比", ERR_SYNTAX,
      "bands.csv line 2, column id: 'Even' is no id: 1 to 48 of a-z, 0-9 and '-', '+' between "
      "members" },
    { CAT_BANDS, "Pace,pace,yes", "Pace,speed,yes", ERR_UNKNOWN,
      "bands.csv line 2, column measure: 'speed' is none of pace|points|level|rate|hold|chance" },
    { CAT_BANDS, "yes,0.9,,0.5", "yes,0.9,,0.95", ERR_CONFLICT,
      "bands.csv line 2, column warn: lies not below the better band" },
    { CAT_BANDS, "yes,0.9,,0.5", "yes,0.9,,-1", ERR_RANGE,
      "bands.csv line 2, column warn: must be above 0" },
    { CAT_BANDS, "yes,0.9,,0.5,0.95,,0.6", "yes,,,0.5,,,0.6", ERR_SYNTAX,
      "bands.csv line 2, column normal: is empty; only remind may be left out" },
    { CAT_BANDS, "0.5,0.95,,0.6", "0.5,0.95,0.8,0.6", ERR_CONFLICT,
      "bands.csv line 2, column remind_exit: this band is left out" },
    { CAT_BANDS, "0.5,0.95,,0.6", "0.5,0.85,,0.6", ERR_CONFLICT,
      "bands.csv line 2, column normal_exit: must lie between this band's entry and that of the "
      "better one" },
    { CAT_BANDS, "0.5,0.95,,0.6", "0.5,0.95,,0.92", ERR_CONFLICT,
      "bands.csv line 2, column warn_exit: must lie between this band's entry and that of the "
      "better one" },
    { CAT_BANDS, "0.3,3,会议纪要", "0.6,3,会议纪要", ERR_CONFLICT,
      "bands.csv line 2, column doubt: must not lie above where warn begins" },
    { CAT_BANDS, "0.3,3,会议纪要", "0.3,1,会议纪要", ERR_CONFLICT,
      "bands.csv line 2, column needed_pace: is above 1, and of measure pace only" },
    { CAT_BANDS, "no,-0.1,-1,-2", "no,0.1,-1,-2", ERR_RANGE,
      "bands.csv line 3, column normal: is a distance: 0 or below" },
    { CAT_BANDS, "-2,,,,-4,,,\n", "-2,,,,-4,2,,\n", ERR_CONFLICT,
      "bands.csv line 3, column needed_pace: is above 1, and of measure pace only" },
    { CAT_BANDS, ",2023-07-01", ",", ERR_CONFLICT,
      "bands.csv line 4, column id: 'strict' stands above already; a newer version begins on a "
      "later day (valid_from)" },
    { CAT_BANDS, "2023-07-01", "2023-7-1", ERR_SYNTAX,
      "bands.csv line 4, column valid_from: '2023-7-1' is no day: expected YYYY-MM-DD, like "
      "2023-07-10" },
    { CAT_BANDS, "points,no,-0.1,-1,-3", "rate,no,-0.1,-1,-3", ERR_CONFLICT,
      "bands.csv line 4, column id: another version of 'strict' has another measure or "
      "default; give these an id of their own" },
    { CAT_BANDS, "strict,从严,Strict,points,no,-0.1,-1,-3", "strict2,严,Strict,pace,yes,1,0.9,0.8",
      ERR_CONFLICT,
      "bands.csv line 4, column default: 'even' is already the default of measure pace" },
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
        char *changed = replace(base[fault->table], fault->from, fault->to);
        void *memory = NULL;
        const struct catalogue *catalogue = NULL;
        struct err_note note = { { 0 } };
        int result = parse_with(fault->table, changed, &memory, &catalogue, &note);
        CHECK_TEXT(fault->note, fault->note, note.text);
        CHECK_INT(fault->note, fault->code, result);
        CHECK(fault->note, catalogue == NULL);
        free(memory);
        free(changed);
    }
}

/* One reference serves all targets of a series. */
static void
test_two_references_of_one_series_are_a_fault(void **state)
{
    (void)state;
    char *changed = replace(base[CAT_TARGETS], "iva-growth,2023,8,8,pct,≥,,,GAP",
                            "iva-growth,2023,8,,pct,rel,land-freed,1,REL");
    void *memory = NULL;
    const struct catalogue *catalogue = NULL;
    struct err_note note = { { 0 } };
    CHECK_INT("code", ERR_CONFLICT, parse_with(CAT_TARGETS, changed, &memory, &catalogue, &note));
    CHECK_TEXT("note",
               "targets.csv: 't-rel' refers to 'gdp-growth' and 't-rel2' to 'land-freed'; targets "
               "of one area and indicator have one reference",
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_fault_names_its_place),
        cmocka_unit_test(test_two_references_of_one_series_are_a_fault),
        cmocka_unit_test(test_empty_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/collector/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/platform/folder.h"

static const char *const tables[CAT_TABLE_COUNT] = {
    [CAT_AREAS] = "id,name,name_en,kind,parent,members,numbers\n"
                  "huzhou,全市,Huzhou,city,,,yes\n"
                  "wuxing,吴兴,Wuxing,district,huzhou,,yes\n"
                  "anji,安吉,Anji,district,huzhou,,yes\n",
    [CAT_UNITS] = "id,name,name_en,family,factor,decimals\n"
                  "mu,亩,mu,land,1,0\n"
                  "pct,%,%,percent,1,1\n",
    [CAT_OWNERS] = "id,name,name_en,aliases\njxj,市经信局,Economy Bureau,\nfgw,市发展改革委,DRC,\n",
    [CAT_CALENDARS] = "id,name,name_en,frequency,months,due_day\n"
                      "monthly,月报,monthly,M,1;2;3;4;5;6;7;8;9;10;11;12,12\n"
                      "no-january,免报1月,no January,M,2;3;4;5;6;7;8;9;10;11;12,12\n"
                      "quarterly,季报,quarterly,Q,3;6;9;12,20\n",
    [CAT_INDICATORS] =
        "id,name,name_en,unit,kind,cumulation,calendar,direction,decimals,decomposition,category,"
        "sort,aliases,cases,numerator,denominator\n"
        "land,腾出用地面积,Land freed,mu,V,YTD,monthly,up,0,SUM,空间腾换行动,1,,,,\n"
        "growth,工业增加值增长,Growth,pct,G,YTD,no-january,up,1,RATIO,牵引性目标,2,,,,\n"
        "gdp,地区生产总值增长,GDP growth,pct,G,YTD,quarterly,up,1,NONE,参照指标,3,,,,\n"
        "tech,高新技术产业增长,High-tech growth,pct,G,YTD,no-january,up,1,NONE,牵引性目标,4,,,,\n"
        "projects,近两年项目数,Projects,mu,F,STOCK,monthly,up,0,NONE,参照指标,5,,,,\n"
        "started,项目开工率,Start rate,pct,C,STOCK,monthly,up,1,NONE,招大做强行动,6,,projects,,\n"
        "tax,税收,Tax,mu,V,YTD,monthly,up,0,SUM,参照指标,7,,,,\n"
        "site,用地,Site,mu,S,STOCK,monthly,up,0,SUM,参照指标,8,,,,\n"
        "per,亩均税收,Tax per mu,mu,A,YTD,monthly,up,1,RATIO,牵引性目标,9,,,tax,site\n",
    [CAT_PROFILES] = "id,name,name_en,form,points,source\n"
                     "quarters,按季,by quarters,milestones,3:30;6:65;9:85;12:100,x\n",
    [CAT_TARGETS] =
        "id,source,area,indicator,year,text,value,unit,comparator,reference,offset,method,status,"
        "primary,owner,lead,accountable,wording,note\n"
        "t-land-wuxing,附1-14,wuxing,land,2023,1500,1500,mu,≥,,,LIN,issued,yes,jxj,fgw,wuxing,,\n"
        "t-land-anji,附1-14,anji,land,2023,2000,2000,mu,≥,,,LIN,issued,yes,jxj,jxj,anji,,\n"
        "t-land-huzhou,附1-14,huzhou,land,2023,3500,3500,mu,≥,,,LIN,issued,yes,jxj,jxj,huzhou,,\n"
        "t-per-huzhou,附1-4,huzhou,per,2023,37,37,mu,≥,,,ACC,issued,yes,jxj,jxj,huzhou,,\n"
        "t-per-wuxing,附1-4,wuxing,per,2023,48,48,mu,≥,,,ACC,issued,yes,jxj,jxj,wuxing,,\n"
        "t-per-anji,附1-4,anji,per,2023,37,37,mu,≥,,,ACC,issued,yes,jxj,jxj,anji,,\n"
        "t-growth-wuxing,附1-2,wuxing,growth,2023,7,7,pct,≥,,,GAP,issued,yes,jxj,jxj,wuxing,,\n"
        "t-tech-wuxing,方案,wuxing,tech,2023,高于GDP增速1个百分点,,pct,rel,gdp,1,REL,issued,yes,"
        "jxj,"
        "jxj,wuxing,,\n"
        "t-started-wuxing,附2-33,wuxing,started,2023,80,80,pct,≥,,,COH,issued,yes,fgw,fgw,wuxing,,"
        "\n",
    [CAT_PUBLISHERS] =
        "id,name,name_en,kind,areas,via\n"
        "wuxing,吴兴区,Wuxing,official,wuxing,\n"
        "anji,安吉县,Anji,official,anji,\n"
        "demo,演示数据生成器,Demo generator,simulated,huzhou;wuxing;anji,wuxing;anji\n",
};

void
expect_ok(int code, const struct err_note *note)
{
    if (code != 0)
        fail_msg("code %d: %s", code, note->text);
}

struct wall_time
noon(int year, int month, int day)
{
    struct wall_time when = cal_midnight(cal_date_of(year, month, day));
    when.seconds += 12 * 3600;
    return when;
}

struct sample
sample_of(const char *area, const char *indicator, const char *period, const char *value,
          const char *released, uint32_t row)
{
    struct sample s = { .status = 'A', .row = row };
    (void)snprintf(s.area, sizeof s.area, "%s", area);
    (void)snprintf(s.indicator, sizeof s.indicator, "%s", indicator);
    (void)snprintf(s.value, sizeof s.value, "%s", value);
    assert_int_equal(0, cal_period_parse(period, strlen(period), &s.period, NULL));
    s.has_released = released[0] != '\0';
    if (s.has_released)
        assert_int_equal(0, cal_date_parse(released, strlen(released), &s.released, NULL));
    return s;
}

static void
write_tables(const char *folder)
{
    struct err_note note = { "" };
    for (int i = 0; i < CAT_TABLE_COUNT; i++) {
        char path[FILE_PATH_MAX];
        if (!tables[i])
            continue; /* one the catalogue may do without */
        assert_int_equal(0, file_join(path, folder, cat_table_file((enum cat_table)i)));
        expect_ok(file_write(path, tables[i], strlen(tables[i]), 0644, &note), &note);
    }
}

int
fixture_setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct err_note note = { "" };
    char catalogue[FILE_PATH_MAX], site[FILE_PATH_MAX], path[FILE_PATH_MAX];
    assert_non_null(f);
    folder_make(f->folder);
    assert_int_equal(0, file_join(catalogue, f->folder, "tables"));
    assert_int_equal(0, file_join(site, f->folder, "site"));
    expect_ok(file_make_folder(catalogue, &note), &note);
    write_tables(catalogue);
    expect_ok(site_create(site, catalogue, &note), &note);
    expect_ok(site_open(site, &f->site, &note), &note);
    f->catalogue = f->site.catalogue;
    assert_int_equal(0, site_path(&f->site, "ledger.db", path));
    expect_ok(ledger_open(path, LEDGER_WRITE, &f->ledger, &note), &note);
    *state = f;
    return 0;
}

int
fixture_teardown(void **state)
{
    struct fixture *f = *state;
    ledger_close(f->ledger);
    site_close(&f->site);
    folder_remove(f->folder);
    free(f);
    return 0;
}

void
fixture_apply(struct fixture *f, uint64_t file_number, const struct sample *sample)
{
    static const uint8_t stream_id[WIRE_STREAM_ID] = "stream number 1";
    struct err_note note = { "" };
    struct ledger_stream stream;
    struct ledger_file file;
    struct record_begin begin = { .rows = 1, .name = "a.csv" };
    struct wall_time now = noon(2023, 8, 1);
    const struct sample_place place = { .area = catalogue_area(f->catalogue, sample->area),
                                        .indicator =
                                            catalogue_indicator(f->catalogue, sample->indicator),
                                        .publisher = catalogue_publisher(f->catalogue, "wuxing") };
    enum wire_fate fate;
    expect_ok(ledger_begin(f->ledger, &note), &note);
    if (file_number == 1)
        expect_ok(ledger_stream_make(f->ledger, stream_id, "wuxing", now, &stream, &note), &note);
    else
        expect_ok(ledger_stream_find(f->ledger, stream_id, &stream, &note), &note);
    expect_ok(ledger_file_begin(f->ledger, &stream, file_number, &begin, now, &file, &note), &note);
    expect_ok(ledger_apply(f->ledger, &file, sample, &place, now, &fate, &note), &note);
    expect_ok(ledger_file_end(f->ledger, &file, now, &note), &note);
    expect_ok(ledger_commit(f->ledger, &note), &note);
}

struct ledger *
fixture_reader(const struct fixture *f)
{
    struct ledger *reader = NULL;
    struct err_note note = { "" };
    char path[FILE_PATH_MAX];
    assert_int_equal(0, site_path(&f->site, "ledger.db", path));
    expect_ok(ledger_open(path, LEDGER_READ, &reader, &note), &note);
    return reader;
}

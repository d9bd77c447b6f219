/* SPDX-License-Identifier: GPL-3.0-or-later
 * A small catalogue as text, and how tests parse it. */
#ifndef PACEWATCH_TESTS_CORE_CATALOGUE_WORLD_H
#define PACEWATCH_TESTS_CORE_CATALOGUE_WORLD_H

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
    [CAT_HOLIDAYS] = "id,name,name_en,kind\n"
                     "2023-09-29,中秋节,Mid-Autumn,off\n"
                     "2023-10-07,调休,worked,work\n",
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
    [CAT_BANDS] =
        "id,name,name_en,measure,default,normal,remind,warn,normal_exit,remind_exit,warn_exit,"
        "doubt,needed_pace,source,valid_from\n"
        "even,进度比,Pace,pace,yes,0.9,,0.5,0.95,,0.6,0.3,3,会议纪要,\n"
        "strict,从严,Strict,points,no,-0.1,-1,-2,,,,-4,,,\n"
        "strict,从严,Strict,points,no,-0.1,-1,-3,,,,-6,,,2023-07-01\n",
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
    [CAT_REMARKS] = "id,name,name_en,source,other_source,area,indicator\n"
                    "two,两处用地,Twice land,附2-17,附1-14,huzhou,land-freed\n"
                    "gap,缺一处,,附1,,changhe,\n",
    [CAT_PUBLISHERS] = "id,name,name_en,kind,areas,via\n"
                       "demo,演示,Demo,simulated,huzhou;wuxing,wuxing\n"
                       "wuxing,吴兴区,Wuxing,official,wuxing;wuxing+nantaihu,\n"
                       "idle,无,Idle,official,,\n",
};

static inline void
fill_sources(const char *const tables[CAT_TABLE_COUNT], struct cat_source sources[CAT_TABLE_COUNT])
{
    for (size_t i = 0; i < CAT_TABLE_COUNT; i++)
        sources[i] = (struct cat_source){ tables[i], strlen(tables[i]) };
}

/* Parses with as much memory as it takes. The caller frees `*ret_memory`. */
static inline int
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

static inline int
parse_tables(const char *const tables[CAT_TABLE_COUNT], void **ret_memory,
             const struct catalogue **ret_catalogue, struct err_note *note)
{
    struct cat_source sources[CAT_TABLE_COUNT];
    fill_sources(tables, sources);
    return parse_sources(sources, ret_memory, ret_catalogue, note);
}

/* The base with another text for one table. */
static inline int
parse_with(enum cat_table table, const char *text, void **ret_memory,
           const struct catalogue **ret_catalogue, struct err_note *note)
{
    const char *tables[CAT_TABLE_COUNT];
    memcpy(tables, base, sizeof tables);
    tables[table] = text;
    return parse_tables(tables, ret_memory, ret_catalogue, note);
}

#endif

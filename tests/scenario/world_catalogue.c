/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two districts and one monthly indicator. */
#include "tests/scenario/world_private.h"

#include <string.h>

const char *const world_publishers[WORLD_AGENTS] = { "wuxing", "anji" };
const char *const world_keys[WORLD_AGENTS] = { "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
                                               "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID" };

static const char *const tables[CAT_TABLE_COUNT] = {
    [CAT_AREAS] = "id,name,name_en,kind,parent,members,numbers\n"
                  "huzhou,全市,Huzhou,city,,,yes\n"
                  "wuxing,吴兴,Wuxing,district,huzhou,,yes\n"
                  "anji,安吉,Anji,district,huzhou,,yes\n",
    [CAT_UNITS] = "id,name,name_en,family,factor,decimals\nmu,亩,mu,land,1,0\n",
    [CAT_OWNERS] = "id,name,name_en,aliases\njxj,市经信局,Economy Bureau,\n",
    [CAT_CALENDARS] = "id,name,name_en,frequency,months,due_day\n"
                      "monthly,月报,monthly,M,1;2;3;4;5;6;7;8;9;10;11;12,12\n",
    [CAT_INDICATORS] =
        "id,name,name_en,unit,kind,cumulation,calendar,direction,decimals,decomposition,category,"
        "sort,aliases\n"
        "land,腾出用地面积,Land freed,mu,V,YTD,monthly,up,0,SUM,空间腾换行动,1,\n",
    [CAT_TARGETS] =
        "id,source,area,indicator,year,text,value,unit,comparator,reference,offset,method,status,"
        "primary,owner,lead,accountable,wording,note\n"
        "t-land-wuxing,附1-14,wuxing,land,2023,1500,1500,mu,≥,,,LIN,issued,yes,jxj,,wuxing,,\n",
    [CAT_PUBLISHERS] = "id,name,name_en,kind,areas,via\n"
                       "wuxing,吴兴区,Wuxing,official,wuxing,\n"
                       "anji,安吉县,Anji,official,anji,\n",
};

const struct catalogue *
world_catalogue(void)
{
    static uint64_t memory[1 << 15];
    static const struct catalogue *catalogue;
    struct cat_source sources[CAT_TABLE_COUNT];
    struct err_note note = { "" };
    if (catalogue)
        return catalogue;
    for (size_t i = 0; i < CAT_TABLE_COUNT; i++)
        sources[i] = (struct cat_source){ tables[i], tables[i] ? strlen(tables[i]) : 0 };
    expect_ok(catalogue_parse(sources, memory, sizeof memory, &catalogue, &note), &note);
    return catalogue;
}

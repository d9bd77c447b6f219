/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void
workload_must(int code, const struct err_note *note)
{
    if (code == 0)
        return;
    (void)fprintf(stderr, "bench: code %d: %s\n", code, note->text);
    exit(1);
}

unsigned
workload_number(const char *text)
{
    char *end = NULL;
    long number = strtol(text, &end, 10);
    if (*end == '\0' && number >= 1 && number <= 10000000)
        return (unsigned)number;
    (void)fprintf(stderr, "bench: no number: %s\n", text);
    exit(64);
}

static double
seconds(clockid_t clock)
{
    struct timespec now;
    (void)clock_gettime(clock, &now); /* both exist */
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double
workload_clock(void)
{
    return seconds(CLOCK_MONOTONIC);
}

double
workload_cpu(void)
{
    return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

static void
write_areas(FILE *out, unsigned areas)
{
    (void)fputs("id,name,name_en,kind,parent,members,numbers,aliases\n", out);
    for (unsigned i = 0; i < areas; i++)
        (void)fprintf(out, "area%u,area%u,area%u,city,,,yes,\n", i, i, i);
}

static void
write_indicators(FILE *out)
{
    (void)fputs("id,name,name_en,unit,kind,cumulation,calendar,direction,decimals,decomposition,"
                "category,sort,aliases\n",
                out);
    for (unsigned i = 0; i < WORKLOAD_INDICATORS; i++)
        (void)fprintf(out, "ind%u,ind%u,ind%u,unit,V,MONTH,monthly,up,1,NONE,a,%u,\n", i, i, i, i);
}

/* Publisher i has every so manieth area. */
static void
write_publishers(FILE *out, unsigned areas, unsigned publishers)
{
    (void)fputs("id,name,name_en,kind,areas,via\n", out);
    for (unsigned p = 0; p < publishers; p++) {
        (void)fprintf(out, "office%u,office%u,office%u,official,", p, p, p);
        for (unsigned i = p; i < areas; i += publishers)
            (void)fprintf(out, "%sarea%u", i > p ? ";" : "", i);
        (void)fputs(",\n", out);
    }
}

void
workload_table(FILE *out, enum cat_table table, unsigned areas, unsigned publishers)
{
    static const char *const fixed[CAT_TABLE_COUNT] = {
        [CAT_UNITS] = "id,name,name_en,family,factor,decimals\nunit,单位,unit,unit,1,1\n",
        [CAT_OWNERS] = "id,name,name_en,aliases\noffice0,office0,office0,\n",
        [CAT_CALENDARS] = "id,name,name_en,frequency,months,due_day\n"
                          "monthly,月报,monthly,M,1;2;3;4;5;6;7;8;9;10;11;12,20\n",
        [CAT_TARGETS] = "id,source,area,indicator,year,text,value,unit,comparator,reference,offset,"
                        "method,status,primary,owner,lead,accountable,wording,note\n",
    };
    if (table == CAT_AREAS)
        write_areas(out, areas);
    else if (table == CAT_INDICATORS)
        write_indicators(out);
    else if (table == CAT_PUBLISHERS)
        write_publishers(out, areas, publishers);
    else if (fixed[table])
        (void)fputs(fixed[table], out);
}

void
workload_make(unsigned series, struct workload *ret_workload)
{
    unsigned areas = (series + WORKLOAD_INDICATORS - 1) / WORKLOAD_INDICATORS;
    struct cat_source sources[CAT_TABLE_COUNT] = { { 0 } };
    char *texts[CAT_TABLE_COUNT] = { NULL };
    size_t total = 0;
    for (int i = 0; i < CAT_TABLE_COUNT; i++) {
        size_t size = 0;
        FILE *out = open_memstream(&texts[i], &size);
        if (!out)
            abort();
        workload_table(out, (enum cat_table)i, areas, 1);
        (void)fclose(out); /* in memory */
        if (size > 0)
            sources[i] = (struct cat_source){ texts[i], size };
        total += size;
    }
    size_t room = ((size_t)1 << 20) + 16 * total;
    struct err_note note = { "" };
    struct workload workload = { .memory = malloc(room), .series = areas * WORKLOAD_INDICATORS };
    if (!workload.memory)
        abort();
    workload_must(catalogue_parse(sources, workload.memory, room, &workload.catalogue, &note),
                  &note);
    for (int i = 0; i < CAT_TABLE_COUNT; i++)
        free(texts[i]);
    *ret_workload = workload;
}

void
workload_done(struct workload *workload)
{
    free(workload->memory);
}

void
workload_sample(const struct workload *workload, unsigned series, unsigned month,
                struct sample *ret_sample, struct sample_place *ret_place)
{
    const struct catalogue *catalogue = workload->catalogue;
    const struct cat_area *area = &catalogue->areas[series / WORKLOAD_INDICATORS];
    const struct cat_indicator *indicator = &catalogue->indicators[series % WORKLOAD_INDICATORS];
    struct cal_period period =
        cal_month(WORKLOAD_FIRST_YEAR + (int)(month / 12), (int)(month % 12) + 1);
    uint32_t drawn = (series * 61 + month) * 2654435761U;
    struct sample sample = { .period = period,
                             .status = 'A',
                             .has_released = true,
                             .released = { cal_period_after(period).days + 14 },
                             .row = series % 1000 * 60 + month + 2 };
    (void)snprintf(sample.area, sizeof sample.area, "%s", area->id);
    (void)snprintf(sample.indicator, sizeof sample.indicator, "%s", indicator->id);
    (void)snprintf(sample.value, sizeof sample.value, "%u.%02u", drawn % 10000, drawn / 16 % 100);
    *ret_sample = sample;
    *ret_place = (struct sample_place){ area, indicator, &catalogue->publishers[0] };
}

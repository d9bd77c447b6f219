/* SPDX-License-Identifier: GPL-3.0-or-later
 * An archive's bytes in librrd's own format (version 0003, as rrd_format.h describes it). The
 * design, and why each detail is so, stands in docs/libraries.md: step 86400, one update a period
 * at its end, explicit U, heartbeat = longest period, min/max U:U.
 *
 * The arithmetic is librrd's too (rrd_strtod.c, rrd_update.c), step by step and not simplified, so
 * that each double is the one that librrd would have stored. */
#include "collector/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "platform/file.h"

enum {
    DAY = 86400,
    SOURCES = 4,
    NUMBER_TEXT = 32,
    FIRST_ROW = 1804289383, /* librrd draws the ring's first row; this is what random() gives it
                               behind srandom(1) */
};

/* ---- the format, with librrd's names for it ---- */

union number {
    unsigned long count;
    double value;
};

struct stat_head {
    char cookie[4]; /* "RRD" */
    char version[5];
    double float_cookie; /* tells machines apart that write doubles otherwise */
    unsigned long ds_cnt, rra_cnt, pdp_step;
    union number par[10];
};

struct ds_def {
    char name[20], type[20];
    union number par[10]; /* heartbeat, min, max */
};

struct rra_def {
    char function[20];
    unsigned long row_cnt, pdp_cnt;
    union number par[10]; /* xff */
};

struct live_head {
    time_t last_up;
    long last_up_usec;
};

enum { LAST_DS = 30 };
struct pdp_prep {
    char last_ds[LAST_DS];
    union number scratch[10]; /* unknown seconds, PDP_val */
};

struct cdp_prep {
    union number scratch[10]; /* 0 CDP_val, 8 primary, 9 secondary */
};

struct rra_ptr {
    unsigned long cur_row;
};

static const double float_cookie = 8.642135E130;

static const char *const source_names[SOURCES] = { "value", "pace", "target", "level" };

/* ---- one source, as librrd keeps it between updates ---- */

struct source {
    double last;      /* the last update */
    double pdp;       /* PDP_val */
    double primary;   /* what the first row of an update gets, */
    double secondary; /* and the others */
};

/* librrd's unknown: what the machine makes of 0/0, sign and all. */
static double
unknown_value(void)
{
    volatile double zero = 0;
    return zero / zero;
}

/* How rrd_strtod scales by a power of ten. */
static double
scale(double number, int exponent)
{
    double power = 10;
    for (unsigned left = (unsigned)(exponent < 0 ? -exponent : exponent); left > 0; left >>= 1) {
        if (left & 1)
            number = exponent < 0 ? number / power : number * power;
        power *= power;
    }
    return number;
}

/* rrd_strtod for what "%.15g" prints. */
static double
read_number(const char *text)
{
    double number = 0;
    int decimals = 0, exponent = 0;
    bool is_negative = text[0] == '-';
    const char *c = text + is_negative;
    for (; *c >= '0' && *c <= '9'; c++)
        number = number * 10 + (*c - '0');
    if (*c == '.')
        for (c++; *c >= '0' && *c <= '9'; c++, decimals++)
            number = number * 10 + (*c - '0');
    if (*c == 'e') {
        bool is_small = c[1] == '-';
        for (c += 2; *c >= '0' && *c <= '9'; c++)
            exponent = exponent * 10 + (*c - '0');
        exponent = is_small ? -exponent : exponent;
    }
    return scale(is_negative ? -number : number, exponent - decimals);
}

/* What librrd would make of the number's "%.15g". One of few decimals, as nearly all are, need not
 * be printed: its digits are those of a whole number. */
static double
librrds_number(double value)
{
    static const double powers[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6 };
    char text[NUMBER_TEXT];
    for (int k = 0; k < (int)(sizeof powers / sizeof *powers); k++) {
        double whole = rint(value * powers[k]);
        if (fabs(whole) < 1e15 && !islessgreater(whole / powers[k], value))
            return scale(whole, -k);
    }
    (void)snprintf(text, sizeof text, "%.15g", value); /* 22 characters at most */
    return read_number(text);
}

/* Takes one update of `days` days: update_pdp_prep and process_pdp_st. */
static void
source_update(struct source *source, double value, int32_t days)
{
    const double interval = (double)days * DAY;
    double mean;
    if (isnan(value)) {
        mean = source->pdp / (interval - interval);
        source->pdp = unknown_value();
    } else {
        double sum = librrds_number(value) * interval;
        source->pdp = isnan(source->pdp) ? 0 : source->pdp;
        mean = (source->pdp + sum / interval * interval) / interval;
        source->pdp = sum / interval * 0;
    }
    source->last = value;
    source->primary = mean;
    if (days >= 2)
        source->secondary = mean;
}

/* ---- the file ---- */

struct image {
    size_t sources, rows;
    size_t row; /* where the ring stands */
    char *bytes;
    double *values;
    struct source source[SOURCES];
};

static size_t
header_size(size_t sources)
{
    return sizeof(struct stat_head) + sources * sizeof(struct ds_def) + sizeof(struct rra_def) +
           sizeof(struct live_head) +
           sources * (sizeof(struct pdp_prep) + sizeof(struct cdp_prep)) + sizeof(struct rra_ptr);
}

static size_t
image_size(size_t sources, size_t rows)
{
    return header_size(sources) + rows * sources * sizeof(double);
}

static void
put(char **at, const void *bytes, size_t size)
{
    memcpy(*at, bytes, size);
    *at += size;
}

static void
put_head(char **at, size_t sources)
{
    struct stat_head head = { .cookie = "RRD",
                              .version = "0003",
                              .float_cookie = float_cookie,
                              .ds_cnt = sources,
                              .rra_cnt = 1,
                              .pdp_step = DAY };
    put(at, &head, sizeof head);
}

static void
put_definitions(char **at, size_t sources, size_t rows, int32_t longest)
{
    put_head(at, sources);
    for (size_t i = 0; i < sources; i++) {
        struct ds_def source = { .type = "GAUGE" };
        memcpy(source.name, source_names[i], strlen(source_names[i]));
        source.par[0].count = (unsigned long)longest * DAY;
        source.par[1].value = source.par[2].value = unknown_value();
        put(at, &source, sizeof source);
    }
    struct rra_def ring = { .function = "AVERAGE", .row_cnt = rows, .pdp_cnt = 1 };
    ring.par[0].value = 0.5;
    put(at, &ring, sizeof ring);
}

/* The part that librrd changes with each update. */
static void
put_live(char **at, const struct image *image, struct cal_date last)
{
    struct live_head live = { .last_up = (time_t)cal_midnight(last).seconds };
    put(at, &live, sizeof live);
    for (size_t i = 0; i < image->sources; i++) {
        struct pdp_prep prep = { .scratch = { { 0 } } };
        (void)snprintf(prep.last_ds, sizeof prep.last_ds,
                       isnan(image->source[i].last) ? "U" : "%.15g",
                       image->source[i].last); /* 22 characters at most */
        prep.scratch[1].value = image->source[i].pdp;
        put(at, &prep, sizeof prep);
    }
    for (size_t i = 0; i < image->sources; i++) {
        struct cdp_prep prep = { .scratch = { { 0 } } };
        prep.scratch[0].value = unknown_value();
        prep.scratch[8].value = image->source[i].primary;
        prep.scratch[9].value = image->source[i].secondary;
        put(at, &prep, sizeof prep);
    }
    struct rra_ptr ring = { .cur_row = image->row };
    put(at, &ring, sizeof ring);
}

/* One update: as many rows as days, the first with the primary values. */
static void
fill_rows(struct image *image, const struct archive_period *period, int32_t days)
{
    const double known[SOURCES] = { period->value, period->pace, period->target, period->level };
    bool is_gap = period->first.days == period->after.days;
    for (size_t i = 0; i < image->sources; i++)
        source_update(&image->source[i], is_gap ? unknown_value() : known[i], days);
    for (int32_t day = 0; day < days; day++) {
        image->row = image->row + 1 < image->rows ? image->row + 1 : 0;
        double *row = image->values + image->row * image->sources;
        for (size_t i = 0; i < image->sources; i++)
            row[i] = day == 0 ? image->source[i].primary : image->source[i].secondary;
    }
}

/* ---- periods ---- */

/* Leaves out what would roll out of the longest archive, and what began before 1970-01-02: librrd
 * knows no such time. */
static size_t
first_kept(const struct archive_period *periods, size_t count)
{
    int32_t oldest = count > 0 ? periods[count - 1].after.days - ARCHIVE_ROWS : 0;
    size_t i = 0;
    while (i < count && (periods[i].first.days < oldest || periods[i].first.days < 1))
        i++;
    return i;
}

/* The longest update in days, gaps too; 0 when periods overlap or are empty. */
static int32_t
longest_of(const struct archive_period *periods, size_t count)
{
    int32_t longest = 1, reached = periods[0].first.days;
    for (size_t i = 0; i < count; i++) {
        int32_t gap = periods[i].first.days - reached;
        int32_t days = periods[i].after.days - periods[i].first.days;
        if (gap < 0 || days <= 0)
            return 0;
        longest = gap > longest ? gap : longest;
        longest = days > longest ? days : longest;
        reached = periods[i].after.days;
    }
    return longest;
}

/* How many there are to be. */
static size_t
sources_of(const struct archive_period *periods, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isnan(periods[i].pace) || !isnan(periods[i].target) || !isnan(periods[i].level))
            return SOURCES;
    return 1;
}

static void
image_fill(struct image *image, const struct archive_period *periods, size_t count, int32_t longest)
{
    char *at = image->bytes;
    put_definitions(&at, image->sources, image->rows, longest);
    struct cal_date reached = periods[0].first;
    for (size_t i = 0; i < count; i++) {
        const struct archive_period *p = &periods[i];
        struct archive_period gap = { .first = p->first, .after = p->first };
        if (p->first.days > reached.days)
            fill_rows(image, &gap, p->first.days - reached.days);
        fill_rows(image, p, p->after.days - p->first.days);
        reached = p->after;
    }
    put_live(&at, image, reached);
}

int
archive_image(const struct archive_period *periods, size_t count, bool has_all, char **ret_bytes,
              size_t *ret_size, struct err_note *note)
{
    size_t from = first_kept(periods, count);
    periods += from;
    count -= from;
    if (count == 0)
        return 0;
    int32_t longest = longest_of(periods, count);
    int32_t days = periods[count - 1].after.days - periods[0].first.days;
    if (longest == 0)
        return err_set(note, ERR_CONFLICT, "archive: periods overlap");
    struct image image = { .sources = has_all ? SOURCES : sources_of(periods, count),
                           .rows = (size_t)days };
    image.row = FIRST_ROW % image.rows;
    for (size_t i = 0; i < image.sources; i++)
        image.source[i].pdp = unknown_value();
    size_t size = image_size(image.sources, image.rows);
    image.bytes = malloc(size);
    if (!image.bytes)
        return err_set(note, -ENOMEM, "out of memory");
    image.values = (double *)(void *)(image.bytes + header_size(image.sources));
    image_fill(&image, periods, count, longest);
    *ret_bytes = image.bytes;
    *ret_size = size;
    return 0;
}

int
archive_write(const char *folder, const char *name, const struct archive_period *periods,
              size_t count, struct err_note *note)
{
    char *bytes = NULL;
    size_t size = 0;
    int code = archive_image(periods, count, true, &bytes, &size, note);
    if (code == 0 && bytes)
        code = archive_put(folder, name, bytes, size, note);
    free(bytes);
    return code;
}

/* ---- looking at a file ---- */

/* Do the definitions at `bytes` say what those of an image of that size say? */
static bool
is_sound(const char *bytes, size_t size, size_t sources)
{
    char
        wanted[sizeof(struct stat_head) + SOURCES * sizeof(struct ds_def) + sizeof(struct rra_def)];
    char *at = wanted;
    struct ds_def source;
    struct rra_def ring;
    struct live_head live;
    struct rra_ptr pointer;
    memcpy(&source, bytes + sizeof(struct stat_head), sizeof source);
    memcpy(&ring, bytes + sizeof(struct stat_head) + sources * sizeof source, sizeof ring);
    memcpy(&live, bytes + sizeof(struct stat_head) + sources * sizeof source + sizeof ring,
           sizeof live);
    memcpy(&pointer, bytes + header_size(sources) - sizeof pointer, sizeof pointer);
    unsigned long heartbeat = source.par[0].count;
    if (ring.row_cnt < 1 || ring.row_cnt > ARCHIVE_ROWS || heartbeat < DAY ||
        heartbeat > (unsigned long)ARCHIVE_ROWS * DAY || heartbeat % DAY != 0)
        return false;
    put_definitions(&at, sources, ring.row_cnt, (int32_t)(heartbeat / DAY));
    return memcmp(bytes, wanted, (size_t)(at - wanted)) == 0 && pointer.cur_row < ring.row_cnt &&
           size == image_size(sources, ring.row_cnt) && live.last_up % DAY == 0 &&
           live.last_up <= (time_t)cal_midnight(cal_date_last()).seconds + DAY &&
           live.last_up >= (time_t)cal_midnight(cal_date_of(1900, 1, 1)).seconds;
}

enum archive_state
archive_look(const char *folder, const char *name)
{
    char path[FILE_PATH_MAX], bytes[2048];
    struct stat status;
    if (file_join(path, folder, name) != 0)
        return ARCHIVE_DAMAGED;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT ? ARCHIVE_MISSING : ARCHIVE_DAMAGED;
    ssize_t got =
        fstat(fd, &status) == 0 && S_ISREG(status.st_mode) ? pread(fd, bytes, sizeof bytes, 0) : -1;
    (void)close(fd); /* only read */
    if (got > 0 && (size_t)got >= header_size(SOURCES) &&
        is_sound(bytes, (size_t)status.st_size, SOURCES))
        return ARCHIVE_WHOLE;
    bool has_values =
        got > 0 && (size_t)got >= header_size(1) && is_sound(bytes, (size_t)status.st_size, 1);
    return has_values ? ARCHIVE_VALUES : ARCHIVE_DAMAGED;
}

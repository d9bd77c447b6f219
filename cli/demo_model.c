/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/demo_model.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum { JANUARY = 1, JUNE = 6, DECEMBER = 12 };

/* ---- chance ---- */

/* FNV-1a, then the finisher of splitmix64. */
static uint64_t
hash_text(uint64_t hash, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++)
        hash = (hash ^ *c) * UINT64_C(0x100000001b3);
    return (hash ^ 0xff) * UINT64_C(0x100000001b3); /* "ab","c" is not "a","bc" */
}

static uint64_t
hash_number(uint64_t hash, int64_t number)
{
    for (int i = 0; i < 8; i++)
        hash = (hash ^ ((uint64_t)number >> (8 * i) & 0xff)) * UINT64_C(0x100000001b3);
    return hash;
}

static uint64_t
hash_finish(uint64_t hash)
{
    hash = (hash ^ hash >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    hash = (hash ^ hash >> 27) * UINT64_C(0x94d049bb133111eb);
    return hash ^ hash >> 31;
}

int64_t
demo_roll(const struct demo_model *model, const char *word, int year, int month, int64_t low,
          int64_t high)
{
    uint64_t hash = hash_text(model->seed, word);
    hash = hash_finish(hash_number(hash_number(hash, year), month));
    return low + (int64_t)(hash % (uint64_t)(high - low + 1));
}

int64_t
demo_scale(int64_t value, int64_t times, int64_t by)
{
    int64_t product = value * times;
    return product >= 0 ? (product + by / 2) / by : -((-product + by / 2) / by);
}

/* ---- who does well ---- */

/* Shifts an area's rank among 1000: one that leads, one that lags, the rest between. */
static int64_t
area_shift(const struct cat_area *area)
{
    static const struct {
        const char *id;
        int shift;
    } shifts[] = { { "wuxing", -300 },  { "wuxing+nantaihu", -200 }, { "deqing", -90 },
                   { "changxing", 40 }, { "nantaihu", 70 },          { "anji", 280 } };
    for (size_t i = 0; i < sizeof shifts / sizeof shifts[0]; i++)
        if (strcmp(shifts[i].id, area->id) == 0)
            return shifts[i].shift;
    return 0;
}

static enum demo_form
roll_form(const struct demo_model *model)
{
    int64_t rank = demo_roll(model, "rank", model->year, 0, 0, 999) + area_shift(model->area);
    return rank < 540 ? FORM_GOOD : rank < 745 ? FORM_NEAR : rank < 935 ? FORM_BEHIND : FORM_FAR;
}

/* A number from the range of the model's form. */
struct form_range {
    int low, high;
};

static int64_t
roll_in_form(const struct demo_model *model, const char *word, const struct form_range ranges[4])
{
    const struct form_range *range = &ranges[model->form];
    return demo_roll(model, word, model->year, 0, range->low, range->high);
}

/* ---- counts since January: F V N A ---- */

/* Share of the year's work done in each month, in thousandths. */
static const int month_weights[DECEMBER + 1] = {
    0, 77, 80, 84, 82, 83, 92, 81, 82, 85, 80, 86, 88
};

/* Earlier years were smaller. */
static int64_t
year_scale(const struct demo_model *model, int year)
{
    int64_t ago = model->year - year;
    int64_t jitter = ago == 0 ? 0 : demo_roll(model, "year", year, 0, -40, 40);
    return 1000 - 90 * ago + jitter;
}

/* Thousandths of the planned speed in the first and the second half of a year. */
static int64_t
half_speed(const struct demo_model *model, int year, bool is_second)
{
    static const struct form_range ranges[4] = {
        { 970, 1120 }, { 865, 935 }, { 640, 835 }, { 420, 580 }
    };
    int64_t first = year == model->year ? roll_in_form(model, "speed", ranges)
                                        : demo_roll(model, "speed", year, 0, 900, 1060);
    int64_t second = first + demo_roll(model, "recovery", year, 0, -70, 150);
    return is_second ? second : first;
}

/* What a month adds, in millionths of the target of a year whose speed is 1000. */
static int64_t
month_part(const struct demo_model *model, int year, int month)
{
    int64_t part = month_weights[month] * demo_roll(model, "month", year, month, 880, 1120);
    bool is_dip = model->indicator->kind == 'N' &&
                  month == demo_roll(model, "dip", year, 0, 4, 9); /* more repaid than lent */
    return is_dip ? -part / 3 : part;
}

static int64_t
year_to_date(const struct demo_model *model, int year, int month)
{
    int64_t sum = 0; /* billionths of the target */
    for (int m = JANUARY; m <= month; m++)
        sum += month_part(model, year, m) * half_speed(model, year, m > JUNE);
    return demo_scale(demo_scale(model->target, sum, 1000000000), year_scale(model, year), 1000);
}

/* Certifications are announced twice a year. */
static int64_t
stair(const struct demo_model *model, int year, int month)
{
    int64_t total = year_to_date(model, year, DECEMBER);
    if (month < demo_roll(model, "first-list", year, 0, 5, 7))
        return 0;
    if (month < demo_roll(model, "second-list", year, 0, 10, 12))
        return demo_scale(total, demo_roll(model, "first-part", year, 0, 300, 550), 1000);
    return total;
}

/* One thing: not done, then done; 13 is not this year. */
static int64_t
one_off(const struct demo_model *model, int year, int month)
{
    static const struct form_range ranges[4] = { { 5, 10 }, { 9, 12 }, { 12, 13 }, { 13, 13 } };
    int64_t done = year == model->year ? roll_in_form(model, "done", ranges)
                                       : demo_roll(model, "done", year, 0, 6, 12);
    return month >= done ? model->target : 0;
}

/* ---- growth and points: G D ---- */

/* Hundredths of a point above the target. */
static int64_t
growth_offset(const struct demo_model *model, int year, int month)
{
    static const struct form_range growth[4] = {
        { -35, 200 }, { -180, -70 }, { -370, -230 }, { -620, -430 }
    };
    static const struct form_range points[4] = {
        { -40, 70 }, { -150, -70 }, { -240, -210 }, { -240, -210 }
    };
    bool is_points = model->indicator->kind == 'D';
    int64_t swing = is_points ? 25 : 90;
    int64_t june = year == model->year ? roll_in_form(model, "june", is_points ? points : growth)
                                       : demo_roll(model, "june", year, 0, -swing * 2, swing);
    int64_t drift = demo_roll(model, "drift", year, 0, -swing, swing);
    int64_t wide = month <= 3 && !is_points ? 60 : 12; /* early months jump: few days, a feast */
    int64_t noise = demo_roll(model, "noise", year, month, -wide, wide);
    return june + demo_scale(drift, month - JUNE, 6) + (is_points ? noise * 2 / 3 : noise);
}

/* ---- levels: R S H K ---- */

/* Thousandths of the target by which the level of a year's end lies above it. */
static int64_t
level_end(const struct demo_model *model, int year)
{
    static const struct form_range ranges[4] = {
        { -1, 26 }, { -17, -3 }, { -45, -22 }, { -85, -56 }
    };
    bool is_stock = model->indicator->kind == 'S';
    int64_t end = roll_in_form(model, "level", ranges);
    for (int y = model->year; y > year; y--)
        end -= is_stock ? demo_roll(model, "step", y, 0, 15, 50)
                        : demo_roll(model, "step", y, 0, 2, 14);
    return end;
}

static int64_t
level(const struct demo_model *model, int year, int month)
{
    char kind = model->indicator->kind;
    int64_t last = level_end(model, year - 1);
    int64_t end = level_end(model, year);
    int64_t noise = kind == 'R'   ? demo_roll(model, "noise", year, month, -2, 2)
                    : kind == 'H' ? demo_roll(model, "noise", year, month, -30, 30)
                                  : 0;
    return demo_scale(model->target, (1000 + last + noise) * 12 + (end - last) * month, 12000);
}

/* ---- cohort rates: C ---- */

static int64_t
rate(const struct demo_model *model, int year, int month)
{
    static const struct form_range ranges[4] = {
        { 1000, 1120 }, { 900, 980 }, { 720, 870 }, { 480, 640 }
    };
    int64_t end = year == model->year ? roll_in_form(model, "rate", ranges)
                                      : demo_roll(model, "rate", year, 0, 860, 1000);
    int64_t start = demo_roll(model, "start", year, 0, 450, 650);
    if (model->target >= 100 * model->one) /* all cases, or nearly */
        start = end;
    int64_t noise = demo_roll(model, "noise", year, month, -8, 8);
    return demo_scale(model->target, start * 12 + (end - start) * month + noise * 12, 12000);
}

/* Milestones: a rate that starts again each year and follows them, well or less well. */
static int64_t
climb(const struct demo_model *model, int year, int month)
{
    int64_t end = rate(model, year, DECEMBER);
    int64_t early = demo_roll(model, "early", year, 0, -60, 90);
    int64_t share = demo_scale(month, 1000, DECEMBER); /* thousandths of the way */
    share += demo_scale(early, share * (1000 - share), 250000);
    return demo_scale(end, share < 0 ? 0 : share, 1000);
}

/* ---- all of them ---- */

static bool
is_one_off(const struct demo_model *model)
{
    return model->indicator->kind == 'B' ||
           (model->indicator->kind == 'F' && model->decimals == 0 && model->target == 1);
}

bool
demo_model_is_level(const struct demo_model *model)
{
    return strchr("FVNAB", model->indicator->kind) == NULL;
}

int64_t
demo_model_clamp(const struct demo_model *model, int64_t value)
{
    char kind = model->indicator->kind;
    bool is_share =
        (kind == 'R' || kind == 'C') && strcmp(model->indicator->unit->family, "percent") == 0;
    if (value < 0 && !strchr("NGD", kind))
        return 0;
    return is_share && value > 100 * model->one ? 100 * model->one : value;
}

int64_t
demo_model_value(const struct demo_model *model, int year, int month)
{
    char kind = model->indicator->kind;
    int64_t value =
        is_one_off(model) ? one_off(model, year, month)
        : kind == 'G' || kind == 'D'
            ? model->target + demo_scale(growth_offset(model, year, month), model->one, 100)
        : model->method == METHOD_MIL  ? climb(model, year, month)
        : kind == 'C'                  ? rate(model, year, month)
        : demo_model_is_level(model)   ? level(model, year, month)
        : model->method == METHOD_STEP ? stair(model, year, month)
                                       : year_to_date(model, year, month);
    return demo_model_clamp(model, value);
}

int64_t
demo_model_revised(const struct demo_model *model, int64_t value, int year, int month)
{
    if (is_one_off(model) || (value >= -1 && value <= 1))
        return value;
    int64_t size = value < 0 ? -value : value;
    int64_t change = demo_scale(size, demo_roll(model, "change", year, month, 4, 15), 1000);
    if (change == 0)
        change = 1;
    bool is_down = demo_roll(model, "down", year, month, 0, 1) == 1;
    return demo_model_clamp(model, is_down ? value - change : value + change);
}

/* A target where the document has no number yet: something modest. */
static int64_t
made_up_target(const struct demo_model *model)
{
    char kind = model->indicator->kind;
    if (kind == 'G' || kind == 'D')
        return demo_scale(demo_roll(model, "target", 0, 0, 400, 560), model->one, 100);
    if (kind == 'R' || kind == 'C')
        return demo_roll(model, "target", 0, 0, 40, 70) * model->one;
    return demo_roll(model, "target", 0, 0, 6, 18) * model->one;
}

void
demo_model_init(struct demo_model *model, const struct cat_area *area,
                const struct cat_indicator *indicator, const struct cat_target *target, int year)
{
    uint64_t seed = hash_text(UINT64_C(0xcbf29ce484222325), area->id);
    *model = (struct demo_model){ .area = area,
                                  .indicator = indicator,
                                  .method = target ? target->method : METHOD_GAP,
                                  .year = year,
                                  .decimals = indicator->decimals,
                                  .one = 1,
                                  .seed = hash_text(seed, indicator->id) };
    double number = target ? target_value(target) : (double)NAN;
    bool has_number =
        isfinite(number) && number >= 0 && number < 1e6; /* times 1e9 twice must fit */
    bool is_small = has_number && number > 0 && number < 1 && strchr("VN", indicator->kind);
    model->decimals += is_small ? 1 : 0; /* 0.1 in steps of 0.1 would be all or nothing */
    for (int i = 0; i < model->decimals; i++)
        model->one *= 10;
    model->target = has_number ? llround(number * (double)model->one) : made_up_target(model);
    model->form = has_number ? roll_form(model) : FORM_GOOD;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * One pass over the targets for each kind of finding. Their words are in
 * catalogue_consistency_words.c. */
#include "core/catalogue_consistency.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/pure.h"

#define NO_NUMBER ((double)NAN)

/* Relative: far above what adding a few doubles loses, far below the last decimal printed. */
#define CLOSE 1e-9

/* A later year may need a little more than the first: plans start slowly. */
#define FAR_MORE 1.25

struct check {
    const struct catalogue *catalogue;
    cat_finding_visitor *visit;
    void *context;
};

const char *
finding_name(enum finding_kind kind)
{
    static const char *const names[] = {
#define X(name, id) [name] = (id),
        FINDING_TABLE(X)
#undef X
    };
    return names[kind];
}

const char *
finding_place(const struct cat_finding *finding)
{
    if (finding->remark)
        return finding->remark->source;
    return finding->target ? finding->target->source : "";
}

const char *
finding_other_place(const struct cat_finding *finding)
{
    if (finding->remark)
        return finding->remark->other_source;
    return finding->other ? finding->other->source : "";
}

/* ---- numbers ---- */

static bool
has_number(const struct cat_target *target)
{
    return target && target->status == TARGET_ISSUED && !isnan(target_value(target)) &&
           target->comparator != CMP_RELATIVE;
}

static bool
is_close(double a, double b)
{
    return fabs(a - b) <= CLOSE * (fabs(a) + fabs(b));
}

static void
print_number(double value, char *text)
{
    char number[NUM_TEXT_MAX];
    (void)snprintf(text, FINDING_SIDE_MAX, "%s", num_print_short(value, 9, number));
}

/* A side as it goes into a cell. */
static void
print_side(const struct cat_target *target, char *text)
{
    char number[NUM_TEXT_MAX];
    if (target->comparator == CMP_RELATIVE) {
        (void)snprintf(text, FINDING_SIDE_MAX, "%s%s%s", target->reference->id,
                       target->offset < 0 ? "" : "+", num_print_short(target->offset, 9, number));
    } else if (has_number(target)) {
        bool is_plain = target->comparator == CMP_GE;
        (void)snprintf(text, FINDING_SIDE_MAX, "%s%s",
                       is_plain ? "" : comparator_name(target->comparator),
                       num_print_short(target_value(target), 9, number));
    } else {
        const char *printed = target->text[0] ? target->text : comparator_name(target->comparator);
        size_t length = text_cut(printed, strlen(printed), FINDING_SIDE_MAX - 1);
        memcpy(text, printed, length);
        text[length] = '\0';
    }
}

static struct cat_finding
finding_of(enum finding_kind kind, const struct cat_target *target, const struct cat_target *other)
{
    struct cat_finding finding = {
        .kind = kind,
        .area = target->area,
        .indicator = target->indicator,
        .target = target,
        .other = other,
        .left = has_number(target) ? target_value(target) : NO_NUMBER,
        .right = has_number(other) ? target_value(other) : NO_NUMBER,
        .tolerance = NO_NUMBER,
        .base = NO_NUMBER,
        .needed = NO_NUMBER,
    };
    print_side(target, finding.left_text);
    if (other)
        print_side(other, finding.right_text);
    return finding;
}

static int
tell(const struct check *check, const struct cat_finding *finding)
{
    return check->visit(check->context, finding);
}

/* ---- parts and the whole ---- */

/* The newest version of every target is checked. */
static const struct cal_date newest = { INT32_MAX };

/* The one that counts for its area, indicator and year. */
static bool
is_counted(const struct catalogue *catalogue, const struct cat_target *target)
{
    return catalogue_target_for(catalogue, target->area, target->indicator, target->year, newest) ==
           target;
}

/* The number of an area beside `whole`, or NULL. */
static const struct cat_target *
number_for(const struct catalogue *catalogue, const struct cat_area *area,
           const struct cat_target *whole)
{
    const struct cat_target *target =
        catalogue_target_for(catalogue, area, whole->indicator, whole->year, newest);
    return has_number(target) && target->period == whole->period ? target : NULL;
}

/* The part `area` of a whole, or NULL. */
static const struct cat_target *
part_of(const struct catalogue *catalogue, const struct cat_area *area,
        const struct cat_target *whole)
{
    if (area->parent != whole->area)
        return NULL;
    for (size_t i = 0; i < area->member_count; i++)
        if (number_for(catalogue, area->members[i], whole))
            return NULL;
    return number_for(catalogue, area, whole);
}

struct parts {
    const struct cat_target *first;     /* NULL: none */
    const struct cat_target *different; /* the first that is not equal to the whole */
    size_t count, below, above;
    double sum;
    double unit; /* the smallest last digit printed */
};

static struct parts
parts_of(const struct catalogue *catalogue, const struct cat_target *whole)
{
    struct parts parts = { .unit = HUGE_VAL };
    double sign = whole->indicator->direction == DIRECTION_DOWN ? -1 : 1;
    for (size_t i = 0; i < catalogue->area_count; i++) {
        const struct cat_target *part = part_of(catalogue, &catalogue->areas[i], whole);
        if (!part)
            continue;
        double value = target_value(part);
        double digit =
            pow(10, -part->value.decimals) * part->unit->factor / part->indicator->unit->factor;
        bool is_same = is_close(value, target_value(whole));
        double over = is_same ? 0 : sign * (value - target_value(whole));
        parts.first = parts.first ? parts.first : part;
        parts.different = parts.different || is_same ? parts.different : part;
        parts.below += over < 0 ? 1 : 0;
        parts.above += over > 0 ? 1 : 0;
        parts.sum += value;
        parts.unit = digit < parts.unit ? digit : parts.unit;
        parts.count++;
    }
    return parts;
}

static int
find_in_parts(const struct check *check, enum finding_kind kind, const struct cat_target *whole)
{
    struct parts parts = parts_of(check->catalogue, whole);
    bool is_found = kind == FINDING_SUM       ? !is_close(parts.sum, target_value(whole))
                    : kind == FINDING_UNIFORM ? parts.different != NULL
                                              : parts.above > 0 && 4 * parts.below <= parts.count;
    if (parts.count < 2 || !is_found)
        return 0;
    const struct cat_target *part = kind == FINDING_UNIFORM ? parts.different : parts.first;
    struct cat_finding finding = finding_of(kind, part, whole);
    finding.area = whole->area;
    finding.of = parts.count;
    if (kind == FINDING_SUM) {
        finding.left = parts.sum;
        finding.tolerance = 0.5 * parts.unit * (double)parts.count;
        print_number(parts.sum, finding.left_text);
    }
    if (kind == FINDING_UNIFORM)
        finding.count = parts.above + parts.below;
    if (kind == FINDING_ABOVE_WHOLE) {
        finding.count = parts.count - parts.below;
        (void)snprintf(finding.left_text, FINDING_SIDE_MAX, "%zu/%zu", finding.count, finding.of);
    }
    return tell(check, &finding);
}

/* Every whole whose indicator is decomposed by `rule`. */
static int
find_wholes(const struct check *check, enum finding_kind kind, const char *rule)
{
    const struct catalogue *catalogue = check->catalogue;
    int code = 0;
    for (size_t i = 0; code == 0 && i < catalogue->target_count; i++) {
        const struct cat_target *whole = &catalogue->targets[i];
        if (strcmp(whole->indicator->decomposition, rule) == 0 && has_number(whole) &&
            is_counted(catalogue, whole))
            code = find_in_parts(check, kind, whole);
    }
    return code;
}

/* ---- pairs of targets ---- */

static bool
is_yearly(const struct cat_target *target)
{
    return target->period != TARGET_BY_YEAR;
}

static bool
speaks_of_same(const struct cat_target *a, const struct cat_target *b)
{
    if (a->period == TARGET_BY_YEAR || b->period == TARGET_BY_YEAR)
        return a->period == b->period && a->year == b->year;
    return a->from <= b->year && b->from <= a->year;
}

static bool
says_the_same(const struct cat_target *a, const struct cat_target *b)
{
    if (a->comparator != b->comparator || a->status != b->status)
        return false;
    if (a->comparator == CMP_RELATIVE)
        return a->reference == b->reference && is_close(a->offset, b->offset);
    if (has_number(a) && has_number(b))
        return is_close(target_value(a), target_value(b));
    return text_same_name(a->text, b->text);
}

/* A year that does at least what every year must do. */
static bool
fulfils_every_year(const struct cat_target *a, const struct cat_target *b)
{
    if (a->period == b->period || !has_number(a) || !has_number(b))
        return false;
    double over = target_value(a) - target_value(b);
    bool is_first_every = a->period == TARGET_EVERY_YEAR;
    bool is_down = a->indicator->direction == DIRECTION_DOWN;
    return is_first_every == is_down ? over >= 0 : over <= 0;
}

/* A number and a reference in one sentence: both are to be met. */
static bool
is_both_at_once(const struct cat_target *a, const struct cat_target *b)
{
    bool is_relative = a->comparator == CMP_RELATIVE;
    return is_relative != (b->comparator == CMP_RELATIVE) && strcmp(a->source, b->source) == 0;
}

static int
find_two_targets(const struct check *check, const struct cat_target *a, const struct cat_target *b)
{
    if (!speaks_of_same(a, b) || says_the_same(a, b) || fulfils_every_year(a, b) ||
        is_both_at_once(a, b))
        return 0;
    struct cat_finding finding = finding_of(FINDING_TWO_TARGETS, a, b);
    return tell(check, &finding);
}

/* Counts and quantities of several years add up; levels do not. */
static bool
adds_up(const struct cat_indicator *indicator)
{
    return strchr("FVN", indicator->kind) != NULL && indicator->cumulation != CUMULATION_STOCK;
}

/* `a` is of a year, `b` by a later one. */
static bool
is_earlier(const struct check *check, const struct cat_target *a, const struct cat_target *b)
{
    if (!is_yearly(a) || is_yearly(b) || !has_number(a) || !has_number(b) || a->from > b->year)
        return false;
    if (a->period == TARGET_IN_YEAR)
        return a->year < b->year && is_counted(check->catalogue, a);
    return true;
}

/* A year's target and a later one, of the same indicator or of its total; in the year's unit. */
static struct cat_finding
finding_later(enum finding_kind kind, const struct cat_target *a, const struct cat_target *b)
{
    struct cat_finding finding = finding_of(kind, a, b);
    double factor = b->indicator->unit->factor / a->indicator->unit->factor;
    finding.right *= factor;
    finding.base = b->base * factor;
    finding.is_total = a->indicator != b->indicator;
    return finding;
}

static int
find_beyond_later(const struct check *check, const struct cat_target *a, const struct cat_target *b)
{
    bool is_growth = strchr("GD", a->indicator->kind) != NULL; /* of one year, mean of many */
    if (!is_earlier(check, a, b) || is_growth)
        return 0;
    struct cat_finding finding = finding_later(FINDING_BEYOND_LATER, a, b);
    double over = finding.left - finding.right;
    if (a->indicator->direction == DIRECTION_DOWN)
        over = -over;
    bool is_beyond = is_close(finding.left, finding.right)
                         ? finding.is_total || adds_up(a->indicator)
                         : over > 0;
    return is_beyond ? tell(check, &finding) : 0;
}

/* What each year after those `a` speaks of needs for the total; of every year, its share. */
static double
needed_each_year(const struct cat_finding *finding)
{
    const struct cat_target *a = finding->target;
    const struct cat_target *b = finding->other;
    double total = finding->right - (isnan(finding->base) ? 0 : finding->base);
    if (a->period == TARGET_EVERY_YEAR)
        return total / (b->year - b->from + 1);
    return (total - finding->left * (a->year - b->from + 1)) / (b->year - a->year);
}

static int
find_later_pace(const struct check *check, const struct cat_target *a, const struct cat_target *b)
{
    if (!is_earlier(check, a, b) || !adds_up(a->indicator) || b->from == b->year ||
        a->from < b->from || target_value(a) <= 0)
        return 0;
    struct cat_finding finding = finding_later(FINDING_LATER_PACE, a, b);
    finding.needed = needed_each_year(&finding);
    return finding.needed > FAR_MORE * finding.left ? tell(check, &finding) : 0;
}

/* The series that adds up an indicator's years: the one called like it, with "-total". */
static const struct cat_indicator *
total_of(const struct catalogue *catalogue, const struct cat_indicator *indicator)
{
    char id[64];
    int n = snprintf(id, sizeof id, "%s-total", indicator->id);
    const struct cat_indicator *total =
        n > 0 && (size_t)n < sizeof id ? catalogue_indicator(catalogue, id) : NULL;
    return total && strcmp(total->unit->family, indicator->unit->family) == 0 ? total : NULL;
}

typedef int pair_check(const struct check *check, const struct cat_target *a,
                       const struct cat_target *b);

/* Every pair of one area and indicator, once, in the order of the table. */
static int
find_pairs(const struct check *check, pair_check *find)
{
    const struct catalogue *catalogue = check->catalogue;
    int code = 0;
    for (size_t i = 0; code == 0 && i < catalogue->target_count; i++) {
        const struct cat_target *a = &catalogue->targets[i];
        for (size_t j = i + 1; code == 0 && j < catalogue->target_count; j++) {
            const struct cat_target *b = &catalogue->targets[j];
            if (a->indicator == b->indicator && a->area == b->area && !a->newer && !b->newer)
                code = find(check, a, b);
        }
    }
    return code;
}

/* Every target of a year with every other of its area and indicator, or of the total. */
static int
find_later(const struct check *check, pair_check *find)
{
    const struct catalogue *catalogue = check->catalogue;
    int code = 0;
    for (size_t i = 0; code == 0 && i < catalogue->target_count; i++) {
        const struct cat_target *a = &catalogue->targets[i];
        const struct cat_indicator *total = total_of(catalogue, a->indicator);
        for (size_t j = 0; code == 0 && j < catalogue->target_count; j++) {
            const struct cat_target *b = &catalogue->targets[j];
            bool is_same = a->indicator == b->indicator || (total && b->indicator == total);
            if (is_same && a->area == b->area && !a->newer && !b->newer)
                code = find(check, a, b);
        }
    }
    return code;
}

/* ---- who answers ---- */

static bool
is_helper(const struct cat_target *target, const struct cat_owner *owner)
{
    for (size_t i = 0; i < target->helper_count; i++)
        if (target->helpers[i] == owner)
            return true;
    return false;
}

static int
find_owner_lead(const struct check *check)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < check->catalogue->target_count; i++) {
        const struct cat_target *target = &check->catalogue->targets[i];
        if (target->newer || !target->owner || !target->lead || target->owner == target->lead)
            continue;
        struct cat_finding finding = finding_of(FINDING_OWNER_LEAD, target, NULL);
        finding.is_outsider = target->helper_count > 0 && !is_helper(target, target->owner);
        (void)snprintf(finding.left_text, FINDING_SIDE_MAX, "%s", target->owner->id);
        (void)snprintf(finding.right_text, FINDING_SIDE_MAX, "%s", target->lead->id);
        code = tell(check, &finding);
    }
    return code;
}

/* Is the area's id one of the list? */
static bool
is_listed(const char *list, const char *id)
{
    size_t length = strlen(id);
    for (const char *at = list; *at;) {
        size_t item = strcspn(at, ";");
        if (item == length && memcmp(at, id, length) == 0)
            return true;
        at += item + (at[item] ? 1 : 0);
    }
    return false;
}

/* Has the area, or a joint area it is a member of, a number? */
static bool
is_numbered(const struct cat_target *target, const struct cat_area *area)
{
    for (size_t i = 0; i < target->area->member_count; i++)
        if (target->area->members[i] == area)
            return has_number(target);
    return target->area == area && has_number(target);
}

static int
find_no_number(const struct check *check)
{
    const struct catalogue *catalogue = check->catalogue;
    int code = 0;
    for (size_t i = 0; code == 0 && i < catalogue->area_count; i++) {
        const struct cat_area *area = &catalogue->areas[i];
        const struct cat_target *first = NULL;
        size_t duties = 0;
        size_t numbers = 0;
        for (size_t j = 0; j < catalogue->target_count; j++) {
            const struct cat_target *target = &catalogue->targets[j];
            bool is_duty = !target->newer && is_listed(target->accountable, area->id);
            first = first || !is_duty ? first : target;
            duties += is_duty ? 1 : 0;
            numbers += !target->newer && is_numbered(target, area) ? 1 : 0;
        }
        if (duties == 0 || numbers > 0)
            continue;
        struct cat_finding finding = finding_of(FINDING_NO_NUMBER, first, NULL);
        finding.area = area;
        finding.indicator = NULL;
        finding.left = (double)duties;
        finding.right = 0;
        finding.count = duties;
        print_number(finding.left, finding.left_text);
        print_number(finding.right, finding.right_text);
        code = tell(check, &finding);
    }
    return code;
}

/* ---- what readers saw ---- */

static int
tell_remarks(const struct check *check)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < check->catalogue->remark_count; i++) {
        const struct cat_remark *remark = &check->catalogue->remarks[i];
        const struct cat_finding finding = { .kind = FINDING_REMARK,
                                             .area = remark->area,
                                             .indicator = remark->indicator,
                                             .remark = remark,
                                             .left = NO_NUMBER,
                                             .right = NO_NUMBER,
                                             .tolerance = NO_NUMBER,
                                             .base = NO_NUMBER,
                                             .needed = NO_NUMBER };
        code = tell(check, &finding);
    }
    return code;
}

int
catalogue_consistency(const struct catalogue *catalogue, cat_finding_visitor *visit, void *context)
{
    const struct check check = { catalogue, visit, context };
    int code = find_wholes(&check, FINDING_SUM, "SUM");
    if (code == 0)
        code = find_pairs(&check, find_two_targets);
    if (code == 0)
        code = find_owner_lead(&check);
    if (code == 0)
        code = find_wholes(&check, FINDING_UNIFORM, "UNIFORM");
    if (code == 0)
        code = find_wholes(&check, FINDING_ABOVE_WHOLE, "RATIO");
    if (code == 0)
        code = find_no_number(&check);
    if (code == 0)
        code = find_later(&check, find_beyond_later);
    if (code == 0)
        code = find_later(&check, find_later_pace);
    return code == 0 ? tell_remarks(&check) : code;
}

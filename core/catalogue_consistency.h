/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where a document contradicts itself, found from its tables alone. A finding is no fault of the
 * catalogue: both sides stand as printed, and somebody has to be asked. */
#ifndef PACEWATCH_CORE_CATALOGUE_CONSISTENCY_H
#define PACEWATCH_CORE_CATALOGUE_CONSISTENCY_H

#include "core/catalogue.h"

/* X(enum, id): in the order in which they are told. "Parts" are the areas directly below an area;
 * a joint area is a part when none of its members has a number.
 *
 *   sum           decomposition SUM: the parts do not add up to the whole. Exact, for targets are
 *                 decisions and not measurements; `tolerance` says what rounding could explain
 *   two-targets   one area, indicator and year, but another number, another comparator, a number
 *                 against a relative or pending target, or other words. A year that does more than
 *                 every year must, and a number and a reference in one place, agree
 *   owner-lead    the unit of the table does not lead
 *   uniform       decomposition UNIFORM, but the parts differ from each other or from the whole
 *   above-whole   decomposition RATIO: so few parts lie below the whole (a quarter at most) that it
 *                 can hardly be their mean
 *   no-number     an area is accountable for targets and has no number of its own
 *   beyond-later  the number of a year is beyond that of a later year; or equal to it, though the
 *                 later one counts all years together. Not for growth
 *   later-pace    at the year's number, the total by a later year needs more than 1.25 times as
 *                 much in each of the others; where no base is told, counted from nothing
 *   remark        a reader's, of the table remarks.csv: nothing in the numbers tells it
 * The two of later years also compare an indicator with its total, the one called `<id>-total`. */
#define FINDING_TABLE(X)                    \
    X(FINDING_SUM, "sum")                   \
    X(FINDING_TWO_TARGETS, "two-targets")   \
    X(FINDING_OWNER_LEAD, "owner-lead")     \
    X(FINDING_UNIFORM, "uniform")           \
    X(FINDING_ABOVE_WHOLE, "above-whole")   \
    X(FINDING_NO_NUMBER, "no-number")       \
    X(FINDING_BEYOND_LATER, "beyond-later") \
    X(FINDING_LATER_PACE, "later-pace")     \
    X(FINDING_REMARK, "remark")

enum finding_kind {
#define X(name, id) name,
    FINDING_TABLE(X)
#undef X
        FINDING_KIND_COUNT
};

const char *finding_name(enum finding_kind kind);

enum { FINDING_SIDE_MAX = 128, FINDING_WORDS_MAX = 2048 };

struct cat_finding {
    enum finding_kind kind;
    const struct cat_area *area;
    const struct cat_indicator *indicator; /* NULL: of no single one */
    const struct cat_target *target;       /* left: the year's, the first part's, ... */
    const struct cat_target *other;        /* right: the whole's, the later one; or NULL */
    const struct cat_remark *remark;       /* remark: the one there is; else NULL */
    double left; /* in the indicator's unit (sum of the parts, the year's number); NaN: none */
    double right;
    double tolerance; /* sum: half a unit of the last digit printed, for each part */
    double base;      /* later-pace: what the total begins with; NaN: not told */
    double needed;    /* later-pace: in each of the other years */
    size_t count, of; /* so many of so many parts; no-number: so many targets */
    bool is_total;    /* the right side is of the total of the indicator */
    bool is_outsider; /* owner-lead: nor is the owner among the helpers, where there are any */
    char left_text[FINDING_SIDE_MAX];  /* for a cell: a number in the indicator's unit, */
    char right_text[FINDING_SIDE_MAX]; /* "gdp-growth+1", an owner's id, or as printed */
};

/* Where both sides stand in the document; "" where the catalogue does not tell. */
const char *finding_place(const struct cat_finding *finding);
const char *finding_other_place(const struct cat_finding *finding);

/* Anything but 0 ends the walk. */
typedef int cat_finding_visitor(void *context, const struct cat_finding *finding);

/* Visits every finding among the newest versions: kind by kind, within a kind in the order of the
 * tables. Returns what the last visit returned. Every target is compared with every other: a
 * document has hundreds. */
int catalogue_consistency(const struct catalogue *catalogue, cat_finding_visitor *visit,
                          void *context);

/* One sentence, e.g. "全市 高耗低效整治腾出能耗空间：6个分项合计15.1万吨标煤，全市15，差+0.1".
 * `text` has FINDING_WORDS_MAX bytes; what does not fit is cut. Returns `text`. */
char *finding_words(const struct cat_finding *finding, enum lang lang, char *text);

#endif

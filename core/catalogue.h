/* SPDX-License-Identifier: GPL-3.0-or-later
 * The catalogue: areas, units of measure, owners, calendars, indicators, targets and publishers,
 * read from CSV tables (their columns are told in data/README.md). Immutable once parsed. It lives
 * in memory the caller gives; all strings point into that memory, and every reference between
 * objects is a pointer into the same catalogue. */
#ifndef PACEWATCH_CORE_CATALOGUE_H
#define PACEWATCH_CORE_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cal.h"
#include "core/err.h"
#include "core/num.h"
#include "core/series.h"
#include "core/text.h"

/* A printed name in both languages; `en` falls back to `zh` when the table has none. */
struct cat_name {
    const char *zh;
    const char *en;
};

const char *cat_name(const struct cat_name *name, enum lang lang);

enum area_kind { AREA_CITY, AREA_DISTRICT, AREA_ZONE, AREA_JOINT };

struct cat_area {
    const char *id;
    struct cat_name name;
    enum area_kind kind;
    const struct cat_area *parent;         /* NULL for the city */
    const struct cat_area *const *members; /* of a joint area, else NULL */
    size_t member_count;
    bool has_numbers; /* false: accountable, but the document gives it no column (changhe) */
};

/* A unit of measure. value_in_base = value * factor; units convert only within one family. */
struct cat_unit {
    const char *id;
    struct cat_name name;
    const char *family;
    double factor;
    int decimals;
};

struct cat_owner {
    const char *id;
    struct cat_name name;
};

/* Which periods of a year are due. months: bit m (1..12) set when a due period ends with month m.
 */
struct cat_calendar {
    const char *id;
    struct cat_name name;
    enum cal_freq freq;
    uint16_t months;
    int due_day; /* day of the following month by which the value is due */
};

/* A day that is no working day though it is a weekday, or one that is though it is a weekend. */
struct cat_holiday {
    const char *id; /* the day, "2023-10-07" */
    struct cat_name name;
    struct cal_date day;
    bool is_work;
};

/* X(enum, id, zh, en): what a method grades a value by. */
#define MEASURE_TABLE(X)                                                                \
    X(MEASURE_PACE, "pace", "完成率与应完成率之比 r", "pace ratio r")                   \
    X(MEASURE_POINTS, "points", "高于目标的百分点 δ", "points above the target, delta") \
    X(MEASURE_LEVEL, "level", "高于目标线的幅度，目标的%", "above the line, % of T")    \
    X(MEASURE_RATE, "rate", "高于目标的百分点 δ", "points above the target, delta")     \
    X(MEASURE_HOLD, "hold", "高于目标的幅度，目标的%", "above the target, % of T")      \
    X(MEASURE_CHANCE, "chance", "泊松概率 q", "Poisson chance q")

enum measure {
#define X(name, id, zh, en) name,
    MEASURE_TABLE(X)
#undef X
        MEASURE_COUNT
};

enum { BAND_NORMAL, BAND_REMIND, BAND_WARN, BAND_COUNT };

/* Where the levels begin. A value is graded by the first band it reaches, severe below all. Rows of
 * one id are versions, as those of a target are. */
struct cat_bands {
    const char *id;
    struct cat_name name;
    enum measure measure;
    bool is_default;          /* of its measure, for targets that name no bands of their own */
    double least[BAND_COUNT]; /* the band holds from here upwards; NaN: there is no such band */
    double leave[BAND_COUNT]; /* coming from a worse level, from here upwards */
    double doubt; /* severe below this is beyond doubt: needs no confirmation; NaN: never is */
    double needed_pace; /* pace: a kappa above this is severe; NaN: never is */
    const char *source;
    struct cal_date valid_from;
    const struct cat_bands *older; /* NULL: the first */
    const struct cat_bands *newer; /* NULL: the newest */
};

enum direction { DIRECTION_UP, DIRECTION_DOWN };

struct cat_indicator {
    const char *id;
    struct cat_name name;
    const struct cat_unit *unit;
    char kind; /* a letter, data/README.md: F V N S H G R A D C B K */
    enum cumulation cumulation;
    const struct cat_calendar *calendar;
    enum direction direction;
    int decimals;
    const struct cat_indicator
        *cases; /* kind C: how many cases the rate is about; NULL: not told */
    const struct cat_indicator *volume;    /* kind G: what grows; NULL: not told */
    const struct cat_indicator *numerator; /* of a ratio; NULL, as the next: not told */
    const struct cat_indicator *denominator;
    const char *decomposition;
    const char *category;
    int sort;
};

/* How a target's share of its value falls due within a year. points[i]: by the end of month[i] this
 * share (1.0 = all) of the target. */
enum profile_form {
    PROFILE_MILESTONES, /* judged hard at its months, watched on straight lines between them */
    PROFILE_STEPS,      /* a staircase: certifications announced at these months */
    PROFILE_DATE        /* one planned date: done by the end of that month */
};

struct cat_profile {
    const char *id;
    struct cat_name name;
    enum profile_form form;
    size_t count;
    uint8_t month[12];
    double share[12];
    const char *source;
};

enum comparator { CMP_GE, CMP_GT, CMP_EQ, CMP_APPROX, CMP_LE, CMP_RELATIVE, CMP_PENDING, CMP_NA };

enum target_status { TARGET_ISSUED, TARGET_PENDING, TARGET_NOT_APPLICABLE };

/* X(enum, printed code): the judging methods (docs/verdicts.md). */
#define METHOD_TABLE(X)    \
    X(METHOD_LIN, "LIN")   \
    X(METHOD_MIL, "MIL")   \
    X(METHOD_SEA, "SEA")   \
    X(METHOD_LVL, "LVL")   \
    X(METHOD_GAP, "GAP")   \
    X(METHOD_REL, "REL")   \
    X(METHOD_ACC, "ACC")   \
    X(METHOD_COH, "COH")   \
    X(METHOD_HOLD, "HOLD") \
    X(METHOD_SML, "SML")   \
    X(METHOD_STEP, "STEP") \
    X(METHOD_BIN, "BIN")   \
    X(METHOD_CAGR, "CAGR") \
    X(METHOD_MAN, "MAN")   \
    X(METHOD_PEND, "PEND") \
    X(METHOD_NA, "NA")

enum method {
#define X(name, text) name,
    METHOD_TABLE(X)
#undef X
};

/* What a target's `year` means. */
enum target_period {
    TARGET_IN_YEAR,    /* to be met in that calendar year */
    TARGET_EVERY_YEAR, /* each year from `from` to `year` */
    TARGET_BY_YEAR     /* by the end of `year`, on a path that begins with `from` */
};

const char *method_name(enum method method);
const char *
comparator_name(enum comparator comparator); /* "≥" ">" "=" "≈" "≤" "rel" "pending" "na" */
const char *target_status_name(enum target_status status);

struct cat_target {
    const char *id;
    const char *source; /* place in the document: 附1-2, 附2-17, ... */
    const struct cat_area *area;
    const struct cat_indicator *indicator;
    int year;
    enum target_period period;
    int from;                    /* first year; equals `year` for TARGET_IN_YEAR */
    const char *text;            /* as printed */
    struct num_decimal value;    /* text "" and value NaN where the cell has no number */
    const struct cat_unit *unit; /* of the cell; may differ from the indicator's within the family;
                                    NULL without number */
    enum comparator comparator;
    const struct cat_indicator *reference; /* CMP_RELATIVE */
    double offset;
    enum method method;
    const struct cat_profile *profile; /* NULL: the method's default */
    const struct cat_bands *bands;     /* the newest version; NULL: those of the measure */
    const struct cat_bands *const *default_bands; /* the catalogue's, newest versions, by measure,
                                                     each NULL or not; NULL: none at all */
    double base; /* value at the end of from-1, in the indicator's unit; NaN: not told */
    enum target_status status;
    bool is_primary; /* the one that raises alerts when an indicator has two targets for an area and
                        year */
    const struct cat_owner *owner;
    const struct cat_owner *lead;
    const struct cat_owner *const *helpers; /* units listed after the lead; NULL without */
    size_t helper_count;
    const char *accountable; /* area ids separated by ';' */
    const char *wording;
    const char *note;
    /* Versions: rows of one id, each in force from `valid_from` until the next begins. A first
     * version without a day counts from ever. */
    struct cal_date valid_from;
    const struct cat_target *older; /* NULL: the first */
    const struct cat_target *newer; /* NULL: the newest */
    const struct cat_target *next;  /* of the same area and indicator, in the order of the table */
    const struct cat_target *next_dependent; /* see catalogue_dependents */
};

/* What a reader of the document saw and no arithmetic finds: told by the checks of consistency. */
struct cat_remark {
    const char *id;
    struct cat_name name;     /* the remark, a sentence */
    const char *source;       /* the two places in the document; */
    const char *other_source; /* "": there is only one */
    const struct cat_area *area;
    const struct cat_indicator *indicator; /* NULL: of no single one */
};

struct cat_publisher {
    const char *id;
    struct cat_name name;
    bool is_simulated;
    const struct cat_area *const *areas; /* it may write */
    size_t area_count;
    const struct cat_publisher *const
        *via; /* whose keys may bring its rows, besides its own; NULL: none */
    size_t via_count;
};

struct catalogue {
    const struct cat_area *areas;
    size_t area_count;
    const struct cat_unit *units;
    size_t unit_count;
    const struct cat_owner *owners;
    size_t owner_count;
    const struct cat_calendar *calendars;
    size_t calendar_count;
    const struct cat_holiday *holidays; /* in the order of the table */
    size_t holiday_count;
    const struct cat_indicator *indicators; /* in order of `sort` */
    size_t indicator_count;
    const struct cat_profile *profiles;
    size_t profile_count;
    const struct cat_bands *bands; /* in the order of the table */
    size_t bands_count;
    const struct cat_target *targets; /* in the order of the table */
    size_t target_count;
    const struct cat_remark *remarks; /* in the order of the table */
    size_t remark_count;
    const struct cat_publisher *publishers;
    size_t publisher_count;
    const struct cat_index *index; /* look-up tables; private */
};

/* The tables, in the order they are parsed. */
enum cat_table {
    CAT_AREAS,
    CAT_UNITS,
    CAT_OWNERS,
    CAT_CALENDARS,
    CAT_HOLIDAYS,
    CAT_INDICATORS,
    CAT_PROFILES,
    CAT_BANDS,
    CAT_TARGETS,
    CAT_REMARKS,
    CAT_PUBLISHERS,
    CAT_TABLE_COUNT
};

/* File name of a table: "areas.csv", ... */
const char *cat_table_file(enum cat_table table);

/* May a catalogue do without this table? Its source then has NULL bytes. */
bool cat_table_is_optional(enum cat_table table);

struct cat_source {
    const char *bytes;
    size_t size;
};

/* Parses all tables into `memory`. Returns 0 and a catalogue inside `memory`; ERR_FULL when
 * `memory` is too small (try again with twice as much; 128 KiB and 4 times the tables' size are
 * usually enough); otherwise the first fault with a note naming file, line and column: unknown
 * references, double ids, values that are no numbers, two primary targets for one (area, indicator,
 * year), a target unit outside its indicator's family, ... */
int catalogue_parse(const struct cat_source sources[CAT_TABLE_COUNT], void *memory, size_t size,
                    const struct catalogue **ret_catalogue, struct err_note *note);

/* By id; NULL when there is none. */
const struct cat_area *catalogue_area(const struct catalogue *catalogue, const char *id);
const struct cat_unit *catalogue_unit(const struct catalogue *catalogue, const char *id);
const struct cat_owner *catalogue_owner(const struct catalogue *catalogue, const char *id);
const struct cat_indicator *catalogue_indicator(const struct catalogue *catalogue, const char *id);
/* The newest version. */
const struct cat_target *catalogue_target(const struct catalogue *catalogue, const char *id);
const struct cat_publisher *catalogue_publisher(const struct catalogue *catalogue, const char *id);

/* By id, printed name in either language, or alias, as a clerk writes it (text_same_name). */
const struct cat_area *catalogue_find_area(const struct catalogue *catalogue, const char *name);
const struct cat_indicator *catalogue_find_indicator(const struct catalogue *catalogue,
                                                     const char *name);
const struct cat_unit *catalogue_find_unit(const struct catalogue *catalogue, const char *name);
const struct cat_owner *catalogue_find_owner(const struct catalogue *catalogue, const char *name);

/* The targets of one series, all versions, in the order of the table, linked by `next`; NULL: none.
 */
const struct cat_target *catalogue_targets_of(const struct catalogue *catalogue,
                                              const struct cat_area *area,
                                              const struct cat_indicator *indicator);

/* The targets whose verdict rests on another series too, linked by `next_dependent`; NULL: none. */
const struct cat_target *catalogue_dependents(const struct catalogue *catalogue);

/* Does the target's verdict rest on that series besides its own: its reference (of its own area or
 * the area above), the number of its cases? */
bool target_rests_on(const struct cat_target *target, const struct cat_area *area,
                     const struct cat_indicator *indicator);

/* May this publisher write this area? */
bool publisher_may_write(const struct cat_publisher *publisher, const struct cat_area *area);

/* May a key of `sender` bring rows of `publisher`? */
bool publisher_may_come_via(const struct cat_publisher *publisher,
                            const struct cat_publisher *sender);

/* Is a period of the calendar's frequency, ending in that month, due at all? */
bool calendar_is_due(const struct cat_calendar *calendar, struct cal_period period);

/* Monday to Friday, but for what holidays.csv says. */
bool catalogue_is_working_day(const struct catalogue *catalogue, struct cal_date day);

/* The last day before the one that is more than `count` working days after `day`: what is due by
 * then is due within as many. */
struct cal_date catalogue_within(const struct catalogue *catalogue, struct cal_date day, int count);

/* The day by which the value of a period is due. */
struct cal_date calendar_due_date(const struct cat_calendar *calendar, struct cal_period period);

/* The newest year with targets of one year that numbers can judge: what the pages open with. 0:
 * none. */
int catalogue_target_year(const struct catalogue *catalogue);

/* Is it listed under this year: to be met in it, or every year of which it is one? */
bool target_is_of_year(const struct cat_target *target, int year);

/* The version of a target (given by its newest) that counts on that day. */
const struct cat_target *target_version(const struct cat_target *newest, struct cal_date day);

const char *target_period_name(enum target_period period); /* "year", "every-year", "by" */

/* Is this the version of the target that counts on that day? Before its first version begins, the
 * first counts. */
bool target_in_force(const struct cat_target *target, struct cal_date day);

/* Does the target raise alerts for this year? The primary one does; a target of every year or of
 * years to come gives way to one of the year itself. */
bool catalogue_target_alerts(const struct catalogue *catalogue, const struct cat_target *target,
                             int year);

/* Does the target speak of this year? */
bool target_covers(const struct cat_target *target, int year);

/* The target's number in the indicator's unit; NaN where it has none. */
double target_value(const struct cat_target *target);

/* The primary target of (area, indicator, year), else any, in the version that counts on `day`;
 * NULL when there is none. */
const struct cat_target *catalogue_target_for(const struct catalogue *catalogue,
                                              const struct cat_area *area,
                                              const struct cat_indicator *indicator, int year,
                                              struct cal_date day);

#endif

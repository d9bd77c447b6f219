/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the files of the catalogue share: its look-up tables, and the state of a parse. Nobody else
 * includes this. */
#ifndef PACEWATCH_CORE_CATALOGUE_PRIVATE_H
#define PACEWATCH_CORE_CATALOGUE_PRIVATE_H

#include "core/catalogue.h"
#include "core/csv.h"

/* A hash table with open addressing, never more than half full; `mask` is its size less one. */
struct name_slot {
    const char *name; /* NULL: free */
    const void *object;
};

struct name_index {
    struct name_slot *slots;
    size_t mask;
    bool is_loose; /* names as text_same_name has it; else exact */
};

/* Which target counts for (area, indicator, year). */
struct target_index {
    const struct cat_target **slots;
    size_t mask;
};

struct cat_index {
    struct name_index ids[CAT_TABLE_COUNT];
    struct name_index area_names;
    struct name_index indicator_names;
    struct name_index unit_names;
    struct name_index owner_names;
    struct target_index targets;
    struct target_index series; /* the first target of each, for whatever year */
    const struct cat_target *dependents;
    bool is_given[CAT_TABLE_COUNT]; /* the catalogue has this table, with rows or without */
    const struct cat_bands *default_bands[MEASURE_COUNT]; /* the newest versions */
};

/* The slot that holds `name`, or the free one where it belongs. */
struct name_slot *name_index_slot(const struct name_index *index, const char *name);

/* The object called `name`, or NULL. */
const void *name_index_find(const struct name_index *index, const char *name);

/* The slot of (area, indicator, year), or the free one where it belongs. */
const struct cat_target **target_index_slot(const struct catalogue *catalogue,
                                            const struct target_index *index,
                                            const struct cat_area *area,
                                            const struct cat_indicator *indicator, int year);

/* The slot of (area, indicator), or the free one where it belongs. */
const struct cat_target **series_index_slot(const struct catalogue *catalogue,
                                            const struct target_index *index,
                                            const struct cat_area *area,
                                            const struct cat_indicator *indicator);

/* X(enum, header cell): every column of every table. */
#define COLUMN_TABLE(X)                   \
    X(COL_ID, "id")                       \
    X(COL_NAME, "name")                   \
    X(COL_NAME_EN, "name_en")             \
    X(COL_KIND, "kind")                   \
    X(COL_PARENT, "parent")               \
    X(COL_MEMBERS, "members")             \
    X(COL_NUMBERS, "numbers")             \
    X(COL_FAMILY, "family")               \
    X(COL_FACTOR, "factor")               \
    X(COL_DECIMALS, "decimals")           \
    X(COL_ALIASES, "aliases")             \
    X(COL_FREQUENCY, "frequency")         \
    X(COL_MONTHS, "months")               \
    X(COL_DUE_DAY, "due_day")             \
    X(COL_UNIT, "unit")                   \
    X(COL_CUMULATION, "cumulation")       \
    X(COL_CALENDAR, "calendar")           \
    X(COL_DIRECTION, "direction")         \
    X(COL_CASES, "cases")                 \
    X(COL_DECOMPOSITION, "decomposition") \
    X(COL_CATEGORY, "category")           \
    X(COL_SORT, "sort")                   \
    X(COL_SOURCE, "source")               \
    X(COL_OTHER_SOURCE, "other_source")   \
    X(COL_AREA, "area")                   \
    X(COL_INDICATOR, "indicator")         \
    X(COL_YEAR, "year")                   \
    X(COL_TEXT, "text")                   \
    X(COL_VALUE, "value")                 \
    X(COL_COMPARATOR, "comparator")       \
    X(COL_REFERENCE, "reference")         \
    X(COL_OFFSET, "offset")               \
    X(COL_METHOD, "method")               \
    X(COL_STATUS, "status")               \
    X(COL_PRIMARY, "primary")             \
    X(COL_OWNER, "owner")                 \
    X(COL_LEAD, "lead")                   \
    X(COL_ACCOUNTABLE, "accountable")     \
    X(COL_PERIOD, "period")               \
    X(COL_FROM, "from")                   \
    X(COL_PROFILE, "profile")             \
    X(COL_BASE, "base")                   \
    X(COL_HELPERS, "helpers")             \
    X(COL_FORM, "form")                   \
    X(COL_POINTS, "points")               \
    X(COL_VALID_FROM, "valid_from")       \
    X(COL_BANDS, "bands")                 \
    X(COL_MEASURE, "measure")             \
    X(COL_DEFAULT, "default")             \
    X(COL_NORMAL, "normal")               \
    X(COL_REMIND, "remind")               \
    X(COL_WARN, "warn")                   \
    X(COL_NORMAL_EXIT, "normal_exit")     \
    X(COL_REMIND_EXIT, "remind_exit")     \
    X(COL_WARN_EXIT, "warn_exit")         \
    X(COL_DOUBT, "doubt")                 \
    X(COL_NEEDED_PACE, "needed_pace")     \
    X(COL_VOLUME, "volume")               \
    X(COL_NUMERATOR, "numerator")         \
    X(COL_DENOMINATOR, "denominator")     \
    X(COL_WORDING, "wording")             \
    X(COL_NOTE, "note")                   \
    X(COL_AREAS, "areas")                 \
    X(COL_VIA, "via")

enum column {
#define X(name, text) name,
    COLUMN_TABLE(X)
#undef X
        COLUMN_COUNT
};

const char *column_name(enum column column);

/* A parse under way. The first fault sticks: after it, cells read as empty and nothing more is
 * kept, so that a row reads as one sentence and is asked once whether it failed. What stays grows
 * from `low` upwards, what is needed for one table only from `high` downwards. */
struct parse {
    struct catalogue *catalogue;
    struct cat_index *index;
    const struct cat_source *sources;
    char *low;
    char *high;
    struct csv_reader *reader;
    enum cat_table table;
    int columns[COLUMN_COUNT]; /* place in the record, or -1 */
    size_t rows;               /* read of this table so far */
    int error;
    struct err_note *note;
    const char *empty; /* the one "" of the catalogue */
};

/* Zeroed memory of the catalogue, or of the table being read; NULL and ERR_FULL when there is none
 * left. */
void *parse_keep(struct parse *parse, size_t count, size_t size);
void *parse_scratch(struct parse *parse, size_t count, size_t size);

/* A copy of a text. Text needs no alignment of its own: parse_align brings `low` back to it when
 * the record is done. */
const char *parse_keep_text(struct parse *parse, const char *text, size_t length);
void parse_align(struct parse *parse);

/* Notes the first fault: "targets.csv line 12, column unit: ...". */
void parse_fault(struct parse *parse, int code, enum column column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Cells of the current record: the bytes as they are (valid until the next record), or a copy in
 * the catalogue. */
struct csv_field cell_text(const struct parse *parse, enum column column);
bool cell_is_empty(const struct parse *parse, enum column column);
const char *cell_copy(struct parse *parse, enum column column);
const char *cell_keep(struct parse *parse, enum column column, struct csv_field part);
const char *cell_needed(struct parse *parse, enum column column);
const char *cell_id(struct parse *parse);
struct cat_name cell_names(struct parse *parse);
int64_t cell_int(struct parse *parse, enum column column, int64_t low, int64_t high);
struct num_decimal cell_decimal(struct parse *parse, enum column column);
bool cell_yes(struct parse *parse, enum column column);

/* The place of the cell in a list of words; `words` says them for the fault, separated by '|'. */
int cell_word(struct parse *parse, enum column column, const char *words);

/* What the cell names in a table; NULL when it is empty, or unknown, which is a fault. */
const void *cell_reference(struct parse *parse, enum column column, enum cat_table table);
const void *cell_reference_needed(struct parse *parse, enum column column, enum cat_table table);

/* What the cell lists, separated by ';'. Each once; NULL and 0 when empty. The caller casts to
 * pointers of the table's type. */
const void *const *cell_references(struct parse *parse, enum column column, enum cat_table table,
                                   size_t *ret_count);

/* Takes the next item of a list separated by ';' off `*rest`. False at the end. */
bool list_next(struct csv_field *rest, struct csv_field *ret_item);

/* Makes a name known; another object of that name is a fault. */
void parse_index_name(struct parse *parse, struct name_index *index, enum column column,
                      const char *name, const void *object);

/* Makes the object's id known in the table under way. */
void parse_index_id(struct parse *parse, const char *id, const void *object);

/* Rows of one id are versions: the day one begins (without a day it counts from ever), and the
 * fault of one that does not begin after the one before. */
struct cal_date cell_valid_from(struct parse *parse);
void parse_check_version(struct parse *parse, const char *id, struct cal_date day,
                         struct cal_date older);

/* The cell's number; NaN for an empty one. */
double cell_number_or_none(struct parse *parse, enum column column);

/* Rows of calendars, holidays, profiles, bands and remarks (catalogue_rows_rules.c). */
void catalogue_calendar_row(struct parse *parse, void *object);
void catalogue_holiday_row(struct parse *parse, void *object);
void catalogue_profile_row(struct parse *parse, void *object);
void catalogue_bands_row(struct parse *parse, void *object);
void catalogue_remark_row(struct parse *parse, void *object);

/* How a table is read: `row` on every record, then `link` on every record again, when all ids of
 * the table are known. */
struct table_reader {
    const char *file;
    size_t row_size;
    enum column columns[COLUMN_COUNT]; /* those that must be there */
    unsigned column_count;
    enum column optional[16]; /* those that may, up to the first COL_ID */
    bool is_optional;         /* a catalogue may do without it */
    void (*row)(struct parse *parse, void *object);
    void (*link)(struct parse *parse, void *object); /* may be NULL */
};

extern const struct table_reader table_readers[CAT_TABLE_COUNT];

#endif

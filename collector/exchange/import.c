/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <string.h>

#include "collector/exchange/kept.h"
#include "collector/exchange/reader.h"

/* A file being read. */
struct importing {
    const struct exchange_import *order;
    const struct catalogue *catalogue;
    struct reader *reader;
    struct kept kept;
    int64_t expected; /* the next position */
    size_t faults;
};

static void
complain(struct importing *importing, const char *words)
{
    if (importing->faults++ < EXCHANGE_COMPLAINTS_MAX)
        importing->order->complain(importing->order->context, words);
}

/* "line 12, value '1,2': why" */
static void
complain_of_cell(struct importing *importing, const struct cells *cells,
                 enum exchange_column column, const struct err_note *why)
{
    char place[48], quoted[TEXT_QUOTE_MAX], words[1024];
    const char *text = cells->text[column];
    importing->reader->does->place(importing->reader, column, place, sizeof place);
    (void)snprintf(words, sizeof words, "%s, %s '%s': %s", place, column_says[column].name,
                   text_quote(text, strlen(text), quoted), why->text); /* a cut text is a text */
    complain(importing, words);
}

static int
check_position(int64_t position, int64_t expected, struct err_note *note)
{
    if (position == expected)
        return 0;
    if (position > expected)
        return err_set(note, ERR_SYNTAX,
                       "position %" PRId64 " is missing: only a whole export can be imported "
                       "(without --area, --indicator, --latest, --as-of), as it was written",
                       expected);
    return err_set(note, ERR_SYNTAX,
                   "position %" PRId64 " was expected: a position stands once, and rows stay in "
                   "the order of their positions",
                   expected);
}

/* 0, or a code that ends the reading: what is wrong with the row itself was told. */
static int
take_row(struct importing *importing, const struct cells *cells, struct err_note *note)
{
    struct imported_row row;
    struct err_note why = { "" };
    enum exchange_column column = COLUMN_POSITION;
    int code = cells_read(cells, importing->catalogue, &row, &column, &why);
    int64_t expected = importing->expected++;
    if (code == 0) {
        column = COLUMN_POSITION;
        code = check_position(row.position, expected, &why);
        importing->expected = row.position + 1;
    }
    if (code == 0)
        code = kept_add(&importing->kept, &row, &column, &why);
    if (code != 0 && code > -2000)
        return err_set(note, code, "%s", why.text); /* of the system: no memory */
    if (code != 0)
        complain_of_cell(importing, cells, column, &why);
    return 0;
}

static int
read_rows(struct importing *importing, struct err_note *note)
{
    struct cells cells;
    struct err_note why = { "" };
    int code = 0;
    while (importing->faults < EXCHANGE_COMPLAINTS_MAX &&
           (code = importing->reader->does->next(importing->reader, &cells, &why)) == 1) {
        code = take_row(importing, &cells, note);
        if (code != 0)
            return code;
    }
    if (code < 0)
        complain(importing, why.text);
    return 0;
}

static int
read_file(struct importing *importing, struct err_note *note)
{
    const struct exchange_import *order = importing->order;
    int code = reader_open(order->path, order->format, &importing->reader, note);
    if (code != 0)
        return err_prefix(note, code, "%s", order->path);
    code = read_rows(importing, note);
    importing->reader->does->close(importing->reader);
    if (code == 0 && importing->faults > 0)
        code = err_set(note, ERR_SYNTAX, "%s is not taken, and nothing was written: %s%zu fault%s",
                       order->path, importing->faults >= EXCHANGE_COMPLAINTS_MAX ? "at least " : "",
                       importing->faults, importing->faults == 1 ? "" : "s");
    if (code == 0 && importing->kept.count == 0)
        code = err_set(note, ERR_SYNTAX, "%s has no rows", order->path);
    return code;
}

static int
expect_empty(struct ledger *ledger, struct err_note *note)
{
    struct ledger_counts counts;
    int code = ledger_count(ledger, &counts, note);
    if (code == 0 && (counts.observations > 0 || counts.submissions > 0 || counts.streams > 0))
        code =
            err_set(note, ERR_CONFLICT,
                    "the ledger has records already, and an import is for an empty one: values "
                    "come into a site that has some by its feed (docs/feed.md), and a site moves "
                    "with `pacewatch backup` and `restore`");
    return code;
}

int
exchange_import(struct ledger *ledger, const struct catalogue *catalogue,
                const struct exchange_import *order, struct exchange_imported *ret_imported,
                struct err_note *note)
{
    struct importing importing = { .order = order, .catalogue = catalogue, .expected = 1 };
    int code = expect_empty(ledger, note);
    if (code == 0)
        code = read_file(&importing, note);
    if (code == 0)
        code = ledger_begin(ledger, note);
    if (code == 0) {
        code = kept_apply(&importing.kept, ledger, order->now, note);
        if (code == 0)
            code = ledger_commit(ledger, note);
        else
            ledger_rollback(ledger);
    }
    if (code == 0)
        *ret_imported = (struct exchange_imported){ (int64_t)importing.kept.count,
                                                    (int64_t)importing.kept.file_count };
    kept_done(&importing.kept);
    return code;
}

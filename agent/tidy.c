/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/tidy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "agent/tidy_row.h"
#include "agent/words.h"
#include "core/csv.h"

/* What a fault of the whole file says: FAULT(note, lang, code, zh, en, arguments...) is the code.
 */
#define FAULT(note, lang, code, ...) (fault_say((note), (lang), __VA_ARGS__), (code))
#define fault_say(note, lang, ...) \
    ((note) ? (void)words_say((note)->text, sizeof(note)->text, (lang), __VA_ARGS__) : (void)0)

static const char *const column_names[COLUMN_COUNT] = {
#define X(name, text, is_required) [name] = (text),
    TIDY_COLUMN_TABLE(X)
#undef X
};

static const bool column_is_required[COLUMN_COUNT] = {
#define X(name, text, is_required) [name] = (is_required),
    TIDY_COLUMN_TABLE(X)
#undef X
};

/* ---- the file as a whole ---- */

static bool
begins_with(const char *bytes, size_t size, const char *start, size_t length)
{
    return size >= length && memcmp(bytes, start, length) == 0;
}

/* A page instead of a table: what a download gives when the login has run out. */
static bool
looks_like_html(const char *bytes, size_t size)
{
    size_t at = begins_with(bytes, size, "\xef\xbb\xbf", 3) ? 3 : 0;
    while (at < size &&
           (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r' || bytes[at] == '\n'))
        at++;
    static const char *const starts[] = { "<html", "<!doctype", "<head", "<?xml" };
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        size_t length = strlen(starts[i]);
        if (size - at >= length && strncasecmp(bytes + at, starts[i], length) == 0)
            return true;
    }
    return false;
}

static int
check_bytes(const char *bytes, size_t size, enum lang lang, struct err_note *note)
{
    if (size > TIDY_BYTES_MAX)
        return FAULT(note, lang, ERR_RANGE, "文件大于 %d MiB；请分成几份报送",
                     "the file is larger than %d MiB; send it in parts", TIDY_BYTES_MAX >> 20);
    if (begins_with(bytes, size, "PK\x03\x04", 4) ||
        begins_with(bytes, size, "\xd0\xcf\x11\xe0", 4))
        return FAULT(note, lang, ERR_SYNTAX,
                     "这是 Excel 工作簿，不是 CSV；请在 Excel 中另存为“CSV UTF-8（逗号分隔）”",
                     "this is an Excel workbook; save it as 'CSV UTF-8 (comma delimited)'");
    if (looks_like_html(bytes, size))
        return FAULT(note, lang, ERR_SYNTAX,
                     "这是网页（常见于登录过期后下载的文件），不是 CSV；请重新登录后再下载",
                     "this is a web page, not CSV (often the login page of a download); log in "
                     "and fetch the file again");
    if (begins_with(bytes, size, "\xff\xfe", 2) || begins_with(bytes, size, "\xfe\xff", 2) ||
        !text_is_utf8(bytes, size))
        return FAULT(note, lang, ERR_SYNTAX,
                     "文件不是 UTF-8 编码（Excel 默认存为 GBK）；请另存为“CSV UTF-8（逗号分隔）”",
                     "the file is not UTF-8 (Excel often saves GBK or UTF-16); save it as 'CSV "
                     "UTF-8 (comma delimited)'");
    return 0;
}

/* ---- header ---- */

/* A cell without the blanks around it (also full-width and no-break ones). Ends the text in the
 * reader's buffer. */
static const char *
cell_trim(struct csv_reader *reader, unsigned index)
{
    static const char *const blanks[] = { " ", "\t", "\r", "\n", "\u3000", "\u00a0" };
    char *start = reader->buffer + (reader->fields[index].text - reader->buffer);
    size_t length = reader->fields[index].length;
    if (length > 0 && start[0] > ' ' && start[0] <= '~' && start[length - 1] > ' ' &&
        start[length - 1] <= '~')
        return start; /* most cells */
    for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++) {
        size_t n = strlen(blanks[i]);
        bool is_hit = false;
        if (length >= n && memcmp(start, blanks[i], n) == 0) {
            start += n;
            length -= n;
            is_hit = true;
        }
        if (length >= n && memcmp(start + length - n, blanks[i], n) == 0) {
            length -= n;
            is_hit = true;
        }
        if (is_hit)
            i = SIZE_MAX; /* begin again with the first kind */
    }
    start[length] = '\0';
    return start;
}

/* `is_other`: the cells seem to be separated by something else than commas. */
static int
header_missing(const int *place, bool is_other, enum lang lang, struct err_note *note)
{
    char list[128] = "";
    size_t used = 0;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        if (!column_is_required[i] || place[i] >= 0)
            continue;
        int n =
            snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", column_names[i]);
        used += n > 0 ? (size_t)n : 0; /* four short names at most */
    }
    return FAULT(note, lang, ERR_ABSENT, "第 1 行是表头，缺少列：%s%s", "the header lacks: %s%s",
                 list,
                 !is_other ? ""
                           : words_pick(lang, "；列之间须用英文逗号分隔",
                                        "; columns must be separated by commas"));
}

static int
read_header(struct csv_reader *reader, int place[COLUMN_COUNT], enum lang lang,
            struct err_note *note)
{
    struct err_note why = { { 0 } };
    char quote[TEXT_QUOTE_MAX];
    int code = csv_next(reader, &why);
    if (code == 0)
        return FAULT(note, lang, ERR_ABSENT, "文件是空的", "the file is empty");
    if (code < 0)
        return FAULT(note, lang, code, "表头读不懂：%s", "the header cannot be read: %s", why.text);
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        place[i] = -1;
    for (unsigned i = 0; i < reader->field_count; i++) {
        const char *name = cell_trim(reader, i);
        size_t column = 0;
        while (column < COLUMN_COUNT && strcmp(name, column_names[column]) != 0)
            column++;
        bool is_other = strpbrk(name, ";\t") || strstr(name, "，");
        if (column == COLUMN_COUNT && is_other)
            return header_missing(place, true, lang, note);
        if (column == COLUMN_COUNT)
            return FAULT(note, lang, ERR_UNKNOWN,
                         "表头第 %u 列“%s”不认识；可用的列：area indicator period value "
                         "status stage cumulation unit released note publisher",
                         "column %u of the header, '%s', is unknown; columns are area indicator "
                         "period value status stage cumulation unit released note publisher",
                         i + 1, text_quote(name, strlen(name), quote));
        if (place[column] >= 0)
            return FAULT(note, lang, ERR_CONFLICT, "表头中列 %s 出现两次",
                         "column %s stands twice in the header", column_names[column]);
        place[column] = (int)i;
    }
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (column_is_required[i] && place[i] < 0)
            return header_missing(place, false, lang, note);
    return 0;
}

/* ---- rows ---- */

/* Rows taken so far by what makes them the same statement: open addressing, row number + 1. */
struct seen {
    uint32_t *slots;
    size_t mask;
};

struct tidy_reader {
    const struct tidy_context *context;
    struct csv_reader *csv;
    struct seen seen;
    unsigned header_cells;
    int place[COLUMN_COUNT];
    struct tidy *tidy;
};

static uint64_t
mix(uint64_t hash, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ at[i]) * 1099511628211U; /* FNV-1a */
    return hash;
}

static bool
says_the_same(const struct sample *a, const struct sample *b)
{
    return strcmp(a->area, b->area) == 0 && strcmp(a->indicator, b->indicator) == 0 &&
           cal_period_equal(a->period, b->period) && a->has_released == b->has_released &&
           (!a->has_released || a->released.days == b->released.days);
}

/* The earlier row that makes the same statement, or NULL; the row at `index` is remembered. */
static const struct sample *
seen_before(struct seen *seen, const struct tidy *tidy, size_t index)
{
    const struct sample *sample = &tidy->rows[index].as.sample;
    int64_t key = cal_period_key(sample->period);
    uint64_t hash = mix(14695981039346656037U, sample->area, strlen(sample->area) + 1);
    hash = mix(hash, sample->indicator, strlen(sample->indicator));
    hash = mix(hash, &key, sizeof key);
    size_t at = (size_t)(hash ^ hash >> 32) & seen->mask;
    for (; seen->slots[at]; at = (at + 1) & seen->mask) {
        const struct sample *other = &tidy->rows[seen->slots[at] - 1].as.sample;
        if (says_the_same(sample, other))
            return other;
    }
    seen->slots[at] = (uint32_t)index + 1;
    return NULL;
}

static int
rows_grow(struct tidy *tidy)
{
    if (tidy->count < tidy->room)
        return 0;
    size_t room = tidy->room ? tidy->room * 2 : 256;
    struct record *grown = realloc(tidy->rows, room * sizeof *grown);
    if (!grown)
        return -ENOMEM;
    tidy->rows = grown;
    tidy->room = room;
    return 0;
}

/* Turns the row at work into a reject with the line as it stands in the file. */
static void
row_reject(const struct tidy_reader *reader, struct record *record, uint32_t row,
           enum reject_code code, const char *text)
{
    const struct csv_reader *csv = reader->csv;
    memset(record, 0, sizeof *record);
    record->type = RECORD_REJECTED;
    record->as.rejected.row = row;
    record->as.rejected.code = code;
    text_clean(csv->bytes + csv->record_start, csv->record_end - csv->record_start,
               record->as.rejected.original, sizeof record->as.rejected.original);
    text_clean(text, strlen(text), record->as.rejected.text, sizeof record->as.rejected.text);
    reader->tidy->rejected++;
}

/* Understands the record the reader stands at. */
static void
row_understand(struct tidy_reader *reader, struct record *record)
{
    struct csv_reader *csv = reader->csv;
    enum lang lang = reader->context->lang;
    struct tidy_row row = { .context = reader->context };
    memset(record, 0, sizeof *record);
    if (csv->field_count != reader->header_cells) {
        words_say(row.text, sizeof row.text, lang,
                  "这一行有 %u 格，表头有 %u 格（数值含逗号时须加引号）",
                  "the row has %u cells, the header %u (a value with commas needs quotes)",
                  csv->field_count, reader->header_cells);
        row_reject(reader, record, csv->line, REJECT_SYNTAX, row.text);
        return;
    }
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        row.cell[i] = reader->place[i] < 0 ? "" : csv->fields[reader->place[i]].text;
    row.sample.row = csv->line;
    enum reject_code code = tidy_row_read(&row);
    if (code != REJECT_NONE) {
        row_reject(reader, record, csv->line, code, row.text);
        return;
    }
    record->type = RECORD_SAMPLE;
    record->as.sample = row.sample;
    const struct sample *other =
        seen_before(&reader->seen, reader->tidy, (size_t)(record - reader->tidy->rows));
    if (!other)
        return;
    words_say(row.text, sizeof row.text, lang, "与第 %u 行重复（地区、指标、期别、发布日期都相同）",
              "says the same as line %u (area, indicator, period, release day)", other->row);
    row_reject(reader, record, csv->line, REJECT_TWICE, row.text);
}

/* Trims all cells; false when nothing is left of any: lines of commas that spreadsheets leave. */
static bool
row_trim(struct csv_reader *csv)
{
    bool has_text = false;
    for (unsigned i = 0; i < csv->field_count; i++) {
        const char *text = cell_trim(csv, i);
        csv->fields[i] = (struct csv_field){ text, strlen(text) };
        has_text = has_text || text[0];
    }
    return has_text;
}

static int
read_rows(struct tidy_reader *reader, struct tidy *tidy, struct err_note *note)
{
    enum lang lang = reader->context->lang;
    struct err_note why = { { 0 } };
    for (;;) {
        int code = csv_next(reader->csv, &why);
        if (code == 0)
            break;
        if (code > 0 && !row_trim(reader->csv))
            continue;
        if (tidy->count == TIDY_ROWS_MAX)
            return FAULT(note, lang, ERR_RANGE, "文件多于 %d 行；请分成几份报送",
                         "the file has more than %d rows; send it in parts", TIDY_ROWS_MAX);
        if (rows_grow(tidy))
            return FAULT(note, lang, -ENOMEM, "内存不足，读不了第 %u 行", "no memory for line %u",
                         reader->csv->line);
        struct record *record = &tidy->rows[tidy->count];
        if (code > 0) {
            row_understand(reader, record);
        } else {
            char text[WIRE_TEXT_MAX + 1];
            words_say(text, sizeof text, lang, "这一行不是合法的 CSV：%s",
                      "not well-formed CSV: %s", why.text);
            row_reject(reader, record, reader->csv->line, REJECT_SYNTAX, text);
        }
        tidy->count++;
    }
    if (tidy->count == 0)
        return FAULT(note, lang, ERR_ABSENT, "只有表头，没有数据行",
                     "there is a header, but no row");
    return 0;
}

int
tidy_read(const char *bytes, size_t size, const struct tidy_context *context, struct tidy *ret_tidy,
          struct err_note *note)
{
    int code = check_bytes(bytes, size, context->lang, note);
    if (code)
        return code;
    struct tidy tidy = { 0 };
    struct tidy_reader reader = { .context = context, .tidy = &tidy };
    size_t slots = 1024;
    while (slots < 4 * (size_t)TIDY_ROWS_MAX && slots < size / 4)
        slots *= 2;
    reader.seen.mask = slots - 1;
    reader.seen.slots = calloc(slots, sizeof *reader.seen.slots);
    reader.csv = malloc(sizeof *reader.csv);
    if (reader.seen.slots && reader.csv) {
        csv_open(reader.csv, bytes, size);
        code = read_header(reader.csv, reader.place, context->lang, note);
        reader.header_cells = reader.csv->field_count;
        if (!code)
            code = read_rows(&reader, &tidy, note);
    } else {
        code = FAULT(note, context->lang, -ENOMEM, "内存不足", "no memory");
    }
    free(reader.seen.slots);
    free(reader.csv);
    if (code)
        tidy_done(&tidy);
    else
        *ret_tidy = tidy;
    return code;
}

void
tidy_done(struct tidy *tidy)
{
    free(tidy->rows);
    memset(tidy, 0, sizeof *tidy);
}

bool
tidy_is_question(const struct record *row)
{
    return row->type == RECORD_SAMPLE && row->as.sample.value[0] == '\0' &&
           row->as.sample.status == 'O';
}

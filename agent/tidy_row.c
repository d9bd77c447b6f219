/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/tidy_row.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "agent/words.h"

/* Says why the row is not taken: SAY(row, code, zh, en, arguments...) is the code. */
#define SAY(row, code, ...) \
    (words_say((row)->text, sizeof(row)->text, (row)->context->lang, __VA_ARGS__), (code))

static const char *
quoted(const char *text, char *quote)
{
    return text_quote(text, strlen(text), quote);
}

static const char *
indicator_name(const struct tidy_row *row)
{
    return cat_name(&row->indicator->name, row->context->lang);
}

/* ---- area, indicator, period ---- */

static void
list_areas(const struct cat_publisher *publisher, char *text, size_t size)
{
    size_t length = 0;
    text[0] = '\0';
    for (size_t i = 0; i < publisher->area_count; i++) {
        int n =
            snprintf(text + length, size - length, "%s%s", i ? " " : "", publisher->areas[i]->id);
        if (n < 0 || (size_t)n >= size - length) {
            text[length] = '\0';
            return;
        }
        length += (size_t)n;
    }
}

static enum reject_code
read_area(struct tidy_row *row)
{
    const struct cat_area *area =
        catalogue_find_area(row->context->catalogue, row->cell[COLUMN_AREA]);
    if (area) {
        memcpy(row->sample.area, area->id, strlen(area->id) + 1);
        return REJECT_NONE;
    }
    char quote[TEXT_QUOTE_MAX], list[128];
    list_areas(row->context->sender, list, sizeof list);
    return SAY(row, REJECT_AREA, "没有地区“%s”；本单位可填 %s",
               "there is no area '%s'; you may report %s", quoted(row->cell[COLUMN_AREA], quote),
               list);
}

/* The text in the last brackets of a name, half or full width: where they begin, and the inside.
 * false: the name does not end so. */
static bool
split_bracket(const char *name, size_t *ret_start, char *inside, size_t size)
{
    static const struct {
        const char *open, *close;
    } pairs[] = { { "（", "）" }, { "(", ")" } };
    size_t length = strlen(name);
    for (size_t i = 0; i < 2; i++) {
        size_t open = strlen(pairs[i].open), close = strlen(pairs[i].close);
        if (length < open + close || strcmp(name + length - close, pairs[i].close) != 0)
            continue;
        size_t start = length - close;
        while (start > 0 && strncmp(name + start, pairs[i].open, open) != 0)
            start--;
        size_t inner = length - close - start;
        if (strncmp(name + start, pairs[i].open, open) != 0 || inner - open >= size)
            continue;
        memcpy(inside, name + start + open, inner - open);
        inside[inner - open] = '\0';
        *ret_start = start;
        return true;
    }
    return false;
}

/* A printed name may end with its unit. In a name of the catalogue it counts when it is of the
 * indicator's family (some names end with brackets that are no unit, or with another count word);
 * behind such a name it counts always. */
static enum reject_code
read_indicator(struct tidy_row *row)
{
    const struct catalogue *catalogue = row->context->catalogue;
    const char *name = row->cell[COLUMN_INDICATOR];
    char inside[64], plain[256], quote[TEXT_QUOTE_MAX];
    size_t start = 0;
    const struct cat_unit *unit = NULL;
    if (split_bracket(name, &start, inside, sizeof inside))
        unit = catalogue_find_unit(catalogue, inside);
    row->indicator = catalogue_find_indicator(catalogue, name);
    if (row->indicator && unit && strcmp(unit->family, row->indicator->unit->family) != 0)
        unit = NULL;
    if (!row->indicator && unit && start < sizeof plain) {
        memcpy(plain, name, start);
        plain[start] = '\0';
        row->indicator = catalogue_find_indicator(catalogue, plain);
    }
    row->unit = unit;
    if (!row->indicator)
        return SAY(row, REJECT_INDICATOR, "没有指标“%s”；请用指标目录中的编号或名称",
                   "there is no indicator '%s'; use an id or a printed name of the catalogue",
                   quoted(name, quote));
    memcpy(row->sample.indicator, row->indicator->id, strlen(row->indicator->id) + 1);
    return REJECT_NONE;
}

static enum reject_code
read_period(struct tidy_row *row)
{
    const char *text = row->cell[COLUMN_PERIOD];
    char quote[TEXT_QUOTE_MAX];
    struct err_note note = { { 0 } };
    if (cal_period_parse(text, strlen(text), &row->sample.period, &note) == 0)
        return REJECT_NONE;
    if (row->context->lang == LANG_EN)
        return SAY(row, REJECT_PERIOD, "%s", "period: %s", note.text);
    return SAY(row, REJECT_PERIOD,
               "期别“%s”读不懂；应写成 2023-04（月）、2023-Q1（季）、2023（年）", "%s",
               quoted(text, quote));
}

/* ---- value, unit, cumulation ---- */

struct marker {
    const char *text;
    char status;
};

/* What people write where there is no number (docs/feed.md). */
static const struct marker markers[] = {
    { "", 'O' },       { "—", 'O' },      { "——", 'O' },     { "-", 'O' },
    { "--", 'O' },     { "/", 'M' },      { "不适用", 'M' }, { "无此项", 'M' },
    { "待下达", 'L' }, { "待核定", 'L' }, { "保密", 'Q' },   { "*", 'Q' },
};

static const struct marker *
find_marker(const char *text)
{
    for (size_t i = 0; i < sizeof markers / sizeof markers[0]; i++)
        if (strcmp(text, markers[i].text) == 0)
            return &markers[i];
    return NULL;
}

static enum reject_code
read_status(struct tidy_row *row)
{
    const char *text = row->cell[COLUMN_STATUS];
    char quote[TEXT_QUOTE_MAX];
    row->sample.status = 'A';
    if (text[0] == '\0')
        return REJECT_NONE;
    if (text[1] != '\0')
        return SAY(row, REJECT_STATUS,
                   "状态“%s”应为一个字母：A 正常、P 初步、E 估计、O 缺报、M 不存在",
                   "status '%s' must be one letter: A normal, P provisional, E estimated, O "
                   "missing, M cannot exist",
                   quoted(text, quote));
    row->sample.status = text[0];
    return REJECT_NONE;
}

/* A row that names its stage need not say its status. */
static enum reject_code
read_stage(struct tidy_row *row)
{
    const char *text = row->cell[COLUMN_STAGE];
    char quote[TEXT_QUOTE_MAX];
    if (obs_stage_parse(text, strlen(text), &row->sample.stage) != 0)
        return SAY(row, REJECT_STATUS, "核算阶段“%s”不认识；应为 快报、初步、核实 或 最终",
                   "stage '%s' is unknown; it is flash, preliminary, verified or final",
                   quoted(text, quote));
    if (row->sample.stage != OBS_STAGE_NONE && row->cell[COLUMN_STATUS][0] == '\0')
        row->sample.status = obs_stage_status(row->sample.stage);
    return REJECT_NONE;
}

static enum reject_code
read_value(struct tidy_row *row)
{
    const char *text = row->cell[COLUMN_VALUE];
    char quote[TEXT_QUOTE_MAX];
    if (strcmp(text, "…") == 0 || strcmp(text, "……") == 0 || strcmp(text, "...") == 0)
        return SAY(row, REJECT_NOT_DUE, "“%s”表示本期未公布；请删去这一行，公布后再报",
                   "'%s' says that this period is not published; leave the row out until it is",
                   text);
    const struct marker *marker = find_marker(text);
    if (marker) {
        row->sample.value[0] = '\0';
        if (row->cell[COLUMN_STATUS][0] == '\0')
            row->sample.status = marker->status;
        return REJECT_NONE;
    }
    struct num_decimal number;
    struct err_note note = { { 0 } };
    int code = num_decimal_parse(text, strlen(text), &number, &note);
    if (code == 0) {
        memcpy(row->sample.value, number.text, sizeof row->sample.value);
        return REJECT_NONE;
    }
    if (row->context->lang == LANG_EN)
        return SAY(row, REJECT_VALUE, "%s", "value: %s", note.text);
    if (code == ERR_RANGE)
        return SAY(row, REJECT_VALUE, "数值“%s”位数太多，最多 %d 位", "%s: more than %d digits",
                   quoted(text, quote), NUM_DIGITS_MAX);
    return SAY(row, REJECT_VALUE,
               "数值“%s”读不懂；应为普通小数，如 1234.5 或 1,234.5（千分位须三位一组）", "%s",
               quoted(text, quote));
}

int
tidy_unit_shift(const struct cat_unit *from, const struct cat_unit *to, int *ret_shift)
{
    static const double powers[] = { 1,   1e1, 1e2, 1e3,  1e4,  1e5, 1e6,
                                     1e7, 1e8, 1e9, 1e10, 1e11, 1e12 };
    double ratio = from->factor / to->factor;
    for (int k = 0; k <= 12; k++) {
        /* factors are decimal texts: their ratio is a power of ten but for rounding */
        if (fabs(ratio / powers[k] - 1) < 1e-9 || fabs(ratio * powers[k] - 1) < 1e-9) {
            *ret_shift = ratio >= 1 ? k : -k;
            return 0;
        }
    }
    return ERR_RANGE;
}

int
tidy_shift(const char *decimal, int shift, char text[NUM_TEXT_MAX])
{
    char digits[2 * NUM_TEXT_MAX] = { 0 };
    int count = 0, decimals = 0;
    bool is_negative = decimal[0] == '-', has_point = false;
    for (const char *c = decimal + is_negative; *c && count < NUM_TEXT_MAX; c++) {
        if (*c == '.') {
            has_point = true;
            continue;
        }
        digits[count++] = *c;
        decimals += has_point;
    }
    decimals -= shift;
    for (; decimals < 0 && count < NUM_TEXT_MAX; decimals++)
        digits[count++] = '0';
    if (decimals < 0 || count >= NUM_TEXT_MAX || decimals >= NUM_TEXT_MAX)
        return ERR_RANGE;
    int whole = count - decimals;
    char plain[4 * NUM_TEXT_MAX];
    int n = snprintf(plain, sizeof plain, "%s%.*s%s%.*s%s", is_negative ? "-" : "",
                     whole > 0 ? whole : 1, whole > 0 ? digits : "0", decimals > 0 ? "." : "",
                     whole < 0 ? -whole : 0, "0000000000000000000000000000000000000000",
                     digits + (whole > 0 ? whole : 0));
    struct num_decimal number;
    int code = num_decimal_parse(plain, (size_t)n, &number, NULL);
    if (!code)
        memcpy(text, number.text, NUM_TEXT_MAX);
    return code;
}

static enum reject_code
convert_value(struct tidy_row *row)
{
    const struct cat_unit *from = row->unit, *to = row->indicator->unit;
    enum lang lang = row->context->lang;
    const char *from_name = cat_name(&from->name, lang), *to_name = cat_name(&to->name, lang);
    int shift = 0;
    char ratio[NUM_TEXT_MAX], text[NUM_TEXT_MAX];
    if (strcmp(from->family, to->family) != 0)
        return SAY(row, REJECT_UNIT, "单位 %s 与指标“%s”不符，应为 %s",
                   "unit %s does not fit '%s', which is in %s", from_name, indicator_name(row),
                   to_name);
    if (tidy_unit_shift(from, to, &shift)) {
        num_print_short(from->factor / to->factor, 9, ratio);
        return SAY(row, REJECT_UNIT, "1 %s = %s %s，不能只移小数点；请折算成 %s 后填报",
                   "1 %s = %s %s: moving the point is not enough; convert to %s first", from_name,
                   ratio, to_name, to_name);
    }
    if (row->sample.value[0] == '\0' || shift == 0)
        return REJECT_NONE;
    if (tidy_shift(row->sample.value, shift, text))
        return SAY(row, REJECT_VALUE, "%s %s 折算成 %s 后位数太多",
                   "%s %s has too many digits in %s", row->sample.value, from_name, to_name);
    memcpy(row->sample.value, text, sizeof text);
    return REJECT_NONE;
}

static enum reject_code
read_unit(struct tidy_row *row)
{
    const char *text = row->cell[COLUMN_UNIT];
    char quote[TEXT_QUOTE_MAX];
    if (text[0] != '\0') {
        const struct cat_unit *unit = catalogue_find_unit(row->context->catalogue, text);
        if (!unit)
            return SAY(row, REJECT_UNIT, "没有计量单位“%s”；指标“%s”的单位是 %s",
                       "there is no unit '%s'; '%s' is in %s", quoted(text, quote),
                       indicator_name(row),
                       cat_name(&row->indicator->unit->name, row->context->lang));
        if (row->unit && row->unit != unit)
            return SAY(row, REJECT_UNIT, "单位列“%s”与指标名括号内的单位 %s 不一致",
                       "unit '%s' contradicts %s in the indicator's name", quoted(text, quote),
                       cat_name(&row->unit->name, row->context->lang));
        row->unit = unit;
    }
    return row->unit ? convert_value(row) : REJECT_NONE;
}

static enum reject_code
read_cumulation(struct tidy_row *row)
{
    const char *text = row->cell[COLUMN_CUMULATION];
    char quote[TEXT_QUOTE_MAX];
    enum cumulation cumulation = CUMULATION_MONTH;
    if (text[0] == '\0')
        return REJECT_NONE;
    const char *right = cumulation_name(row->indicator->cumulation);
    if (cumulation_parse(text, strlen(text), &cumulation) == 0 &&
        cumulation == row->indicator->cumulation)
        return REJECT_NONE;
    return SAY(row, REJECT_CUMULATION,
               "累计方式“%s”不符；指标“%s”为 %s（MONTH 当期、YTD 本年累计、STOCK 时点）",
               "cumulation '%s' does not fit: '%s' is %s (MONTH: the period alone, YTD: since "
               "January, STOCK: at its end)",
               quoted(text, quote), indicator_name(row), right);
}

/* ---- release, note, publisher ---- */

static enum reject_code
read_released(struct tidy_row *row)
{
    const char *text = row->cell[COLUMN_RELEASED];
    char quote[TEXT_QUOTE_MAX];
    if (text[0] == '\0')
        return REJECT_NONE;
    row->sample.has_released = true;
    if (cal_date_parse(text, strlen(text), &row->sample.released, NULL) == 0)
        return REJECT_NONE;
    return SAY(row, REJECT_RELEASED, "发布日期“%s”读不懂；应写成 2023-07-12",
               "release day '%s' cannot be read; write 2023-07-12", quoted(text, quote));
}

static enum reject_code
read_note(struct tidy_row *row)
{
    const char *text = row->cell[COLUMN_NOTE];
    size_t length = strlen(text);
    if (!text_is_clean(text, length, SAMPLE_NOTE_MAX))
        return SAY(row, REJECT_TEXT, "备注只能是一行文字，最多 %d 字节（约 %d 个汉字）",
                   "the note must be one line of at most %d bytes (%d Chinese characters)",
                   SAMPLE_NOTE_MAX, SAMPLE_NOTE_MAX / 3);
    memcpy(row->sample.note, text, length + 1);
    return REJECT_NONE;
}

static enum reject_code
read_publisher(struct tidy_row *row)
{
    const char *text = row->cell[COLUMN_PUBLISHER];
    char quote[TEXT_QUOTE_MAX];
    size_t length = strlen(text);
    if (length > 0 && !text_is_id(text, length))
        return SAY(row, REJECT_PUBLISHER, "没有发布者“%s”；留空即为本单位（%s）",
                   "there is no publisher '%s'; leave it empty for yourself (%s)",
                   quoted(text, quote), row->context->sender->id);
    memcpy(row->sample.publisher, text, length + 1);
    return REJECT_NONE;
}

enum reject_code
tidy_row_read(struct tidy_row *row)
{
    static enum reject_code (*const steps[])(struct tidy_row *) = {
        read_area, read_indicator,  read_period,   read_status, read_stage,     read_value,
        read_unit, read_cumulation, read_released, read_note,   read_publisher,
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        enum reject_code code = steps[i](row);
        if (code != REJECT_NONE)
            return code;
    }
    struct sample_place place;
    struct err_note note = { { 0 } };
    enum reject_code code = sample_check(row->context->catalogue, row->context->sender,
                                         &row->sample, row->context->today, &place, &note);
    if (code != REJECT_NONE)
        tidy_explain(row, code, &note);
    return code;
}

/* ---- what sample_check found, in Chinese: its own words are English ---- */

#define ZH(row, zh, ...) \
    ((void)words_say((row)->text, sizeof(row)->text, LANG_ZH, (zh), (zh), __VA_ARGS__))

static void
explain_right(struct tidy_row *row)
{
    const struct cat_publisher *sender = row->context->sender;
    const char *id = row->sample.publisher;
    const struct cat_publisher *publisher = NULL;
    if (id[0])
        publisher = catalogue_publisher(row->context->catalogue, id);
    if (publisher && !publisher_may_come_via(publisher, sender)) {
        ZH(row, "%s 不能代报 %s 的数据；请由其自行报送", sender->name.zh, publisher->name.zh);
        return;
    }
    char list[128];
    list_areas(publisher ? publisher : sender, list, sizeof list);
    ZH(row, "%s 无权填报地区 %s；可填 %s", (publisher ? publisher : sender)->name.zh,
       row->sample.area, list);
}

static void
explain_time(struct tidy_row *row, enum reject_code code)
{
    const struct sample *sample = &row->sample;
    char period[CAL_TEXT_MAX], last[CAL_TEXT_MAX], first[CAL_TEXT_MAX], today[CAL_TEXT_MAX];
    cal_period_print(sample->period, period);
    struct cal_date end = { cal_period_after(sample->period).days - 1 };
    if (code == REJECT_FUTURE)
        ZH(row, "%s 要到 %s 才结束，之后方可填报", period, cal_date_print(end, last));
    else if (code == REJECT_RELEASED)
        ZH(row, "发布日期 %s 应在 %s 与今天 %s 之间", cal_date_print(sample->released, last),
           cal_date_print(cal_period_first(sample->period), first),
           cal_date_print(row->context->today, today));
    else
        ZH(row, "指标“%s”没有 %s 这一期（%s）", row->indicator->name.zh, period,
           row->indicator->calendar->name.zh);
}

static void
explain_value(struct tidy_row *row, enum reject_code code)
{
    const struct sample *sample = &row->sample;
    const char status[2] = { sample->status, '\0' };
    if (code == REJECT_VALUE)
        ZH(row, "数值为空而状态是 %s；没有数值请填 O 缺报、M 不存在、L 待核定或 Q 保密", status);
    else if (obs_status_is_known(sample->status))
        ZH(row, "状态 %s 表示没有数值，但填了 %s；正常数值的状态是 A", status, sample->value);
    else
        ZH(row, "没有状态代码“%s”；正常 A、初步 P、估计 E、缺报 O、不存在 M", status);
}

/* False for codes that tidy_row_read has seen to before sample_check. */
static bool
explain_in_chinese(struct tidy_row *row, int code)
{
    switch (code) {
    case REJECT_RIGHT:
        explain_right(row);
        return true;
    case REJECT_PERIOD:
    case REJECT_NOT_DUE:
    case REJECT_FUTURE:
    case REJECT_RELEASED:
        explain_time(row, (enum reject_code)code);
        return true;
    case REJECT_VALUE:
    case REJECT_STATUS:
        explain_value(row, (enum reject_code)code);
        return true;
    case REJECT_PUBLISHER:
        ZH(row, "没有发布者“%s”；留空即为本单位（%s）", row->sample.publisher,
           row->context->sender->id);
        return true;
    case REJECT_EVIDENCE:
        ZH(row, "指标 %s 须人工佐证，请在备注里写明佐证（文件、文号、日期）",
           row->sample.indicator);
        return true;
    default:
        return false;
    }
}

void
tidy_explain(struct tidy_row *row, enum reject_code code, const struct err_note *note)
{
    if (row->context->lang == LANG_EN || !explain_in_chinese(row, (int)code))
        (void)SAY(row, 0, "%s", "%s", note->text);
}

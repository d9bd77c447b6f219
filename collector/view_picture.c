/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words a picture's request (graphs/picture.h) from the ledger. */
#include "collector/archive.h"
#include "collector/view_picture_parts.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
add_text(json_t *object, const char *key, const char *text)
{
    return json_object_set_new(object, key, json_string(text));
}

/* The level a point had when the value in force was judged in its own month; LEVEL_UNKNOWN without
 * a target. */
static enum level
level_of(const struct catalogue *catalogue, const struct view_series *view,
         struct cal_period period)
{
    struct cal_date day = { cal_period_after(period).days - 1 };
    const struct cat_target *target =
        catalogue_target_for(catalogue, view->area, view->indicator, period.year, day);
    if (!target)
        return LEVEL_UNKNOWN;
    struct cal_period month = cal_month(period.year, cal_period_end_month(period));
    struct verdict_evidence evidence = view_evidence(view, day);
    return verdict_judge(target, &evidence, month).level;
}

/* Did the period have another number once? */
static bool
was_another(const struct view_series *view, struct cal_period period)
{
    const char *first = NULL;
    for (size_t i = 0; i < view->rows.count; i++) {
        const struct ledger_row *row = &view->rows.rows[i];
        if (!cal_period_equal(row->period, period) || row->value[0] == '\0')
            continue;
        if (first && strcmp(first, row->value) != 0)
            return true;
        first = row->value;
    }
    return false;
}

static json_t *
point_json(const struct catalogue *catalogue, const struct view_series *view,
           const struct obs_point *point)
{
    char from[CAL_TEXT_MAX], to[CAL_TEXT_MAX], label[CAL_TEXT_MAX], value[NUM_TEXT_MAX];
    const char status[2] = { point->status, '\0' };
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b}", "from",
                     cal_date_print(cal_period_first(point->period), from), "to",
                     cal_date_print(cal_period_after(point->period), to), "label",
                     cal_period_print(point->period, label), "value",
                     view_value_text(view, point->period, value), "level",
                     level_name(level_of(catalogue, view, point->period)), "status", status,
                     "simulated", point->is_simulated ? 1 : 0, "revised",
                     was_another(view, point->period) ? 1 : 0);
}

json_t *
picture_points(const struct catalogue *catalogue, const struct view_series *view,
               const struct view_picture *what)
{
    json_t *points = json_array();
    int code = points ? 0 : -1;
    for (size_t i = 0; code == 0 && i < view->series.count; i++) {
        const struct obs_point *point = &view->series.points[i];
        if (point->has_value && !point->is_derived &&
            cal_period_after(point->period).days > what->from.days &&
            cal_period_first(point->period).days <= what->to.days)
            code = json_array_append_new(points, point_json(catalogue, view, point));
    }
    if (code == 0)
        return points;
    json_decref(points);
    return NULL;
}

/* Where the plan of a year begins, when it is a line of its own: not the target itself, and not the
 * rise from zero of what counts up. False when it is not. */
static bool
plan_begins(const struct view_series *view, const struct cat_target *target, int year,
            double *ret_plan)
{
    struct verdict_evidence evidence = view_evidence(view, cal_date_of(year, 12, 31));
    double goal = target_value(target);
    bool is_own = false;
    for (int month = 12; month >= 1; month--) {
        double plan = verdict_plan_value(target, &evidence, cal_month(year, month));
        if (isnan(plan))
            return false;
        is_own = is_own || fabs(plan - goal) > 1e-9 * fabs(goal);
        *ret_plan = plan;
    }
    return is_own;
}

static int
add_targets(json_t *root, const struct catalogue *catalogue, const struct view_series *view,
            const struct view_picture *what)
{
    json_t *targets = json_array();
    int code = json_object_set_new(root, "targets", targets);
    int first = 0, last = 0;
    cal_civil(what->from, &first, NULL, NULL);
    cal_civil(what->to, &last, NULL, NULL);
    for (int year = first; code == 0 && year <= last; year++) {
        const struct cat_target *target = catalogue_target_for(
            catalogue, view->area, view->indicator, year, cal_date_of(year, 12, 31));
        if (!target || isnan(target_value(target)))
            continue;
        char value[NUM_TEXT_MAX];
        num_print_short(target_value(target), 9, value);
        json_t *item = json_pack("{s:i, s:s}", "year", year, "value", value);
        double plan = 0;
        if (item && plan_begins(view, target, year, &plan)) {
            num_print_short(plan, 9, value);
            code = add_text(item, "plan", value);
        }
        if (json_array_append_new(targets, item) != 0)
            code = -1;
    }
    return code;
}

static int
add_fact(json_t *facts, const char *label, const char *text, const char *level)
{
    json_t *fact = json_pack("{s:s, s:s}", "label", label, "text", text);
    if (level && json_object_set_new(fact, "level", json_string(level)) != 0)
        return -1;
    return json_array_append_new(facts, fact);
}

const char *
picture_with_unit(char *text, size_t size, const char *value, const char *unit, enum lang lang)
{
    bool close = lang == LANG_ZH || strcmp(unit, "%") == 0;
    bool is_negative = value[0] == '-';
    (void)snprintf(text, size, "%s%s%s%s", is_negative ? "−" : "", value + is_negative,
                   close ? "" : " ", unit); /* cut is enough */
    return text;
}

static int
add_verdict_facts(json_t *facts, const struct verdict *verdict, const char *unit, enum lang lang)
{
    char number[NUM_TEXT_MAX], text[192];
    int decimals = verdict->target->indicator->decimals;
    int code = 0;
    if (!isnan(verdict->target_value)) {
        num_print_short(verdict->target_value, decimals > 2 ? decimals : 2, number);
        code = add_fact(facts, lang == LANG_ZH ? "年度目标" : "Target",
                        picture_with_unit(text, sizeof text, number, unit, lang), NULL);
    }
    if (code == 0 && !isnan(verdict->expected) && !isnan(verdict->actual)) {
        bool is_share = strcmp(verdict->target->indicator->unit->family, "percent") ==
                        0; /* shares differ by points, never by percent */
        const char *points = lang == LANG_ZH ? "个百分点" : "points";
        double gap = verdict->actual - verdict->expected;
        num_print_short(fabs(gap), decimals + 1, number);
        char with_sign[NUM_TEXT_MAX + 4];
        (void)snprintf(with_sign, sizeof with_sign, "%s%s", gap < 0 ? "−" : "+", number);
        code = add_fact(
            facts, lang == LANG_ZH ? "与计划差距" : "Gap to plan",
            picture_with_unit(text, sizeof text, with_sign, is_share ? points : unit, lang),
            level_name(verdict->level));
    }
    if (code == 0)
        code = add_fact(facts, lang == LANG_ZH ? "判断" : "Verdict",
                        level_word(verdict->level, lang), level_name(verdict->level));
    return code;
}

/* The verdict for what->month by the target that counts then; false: there is none. `evidence` is
 * what it rests on. */
static bool
verdict_for(const struct catalogue *catalogue, const struct view_series *view,
            const struct view_picture *what, struct verdict *ret_verdict)
{
    struct cal_date day = view_rules_day(what->month, &what->as_of);
    const struct cat_target *target =
        catalogue_target_for(catalogue, view->area, view->indicator, what->month.year, day);
    if (!target)
        return false;
    struct verdict_evidence evidence = view_evidence(view, day);
    view_due_soon(catalogue, &what->as_of, &evidence);
    *ret_verdict = verdict_judge(target, &evidence, what->month);
    return true;
}

static int
add_facts(json_t *root, const struct view_series *view, const struct view_picture *what,
          const struct verdict *verdict)
{
    json_t *facts = json_array();
    int code = json_object_set_new(root, "facts", facts);
    const char *unit = cat_name(&view->indicator->unit->name, what->lang);
    const struct obs_point *latest = series_latest_in_year(&view->series, what->month);
    if (code == 0 && latest) {
        char label[CAL_TEXT_MAX], text[192], both[256], value[NUM_TEXT_MAX];
        picture_with_unit(text, sizeof text, view_value_text(view, latest->period, value), unit,
                          what->lang);
        (void)snprintf(both, sizeof both, what->lang == LANG_ZH ? "%s（%s）" : "%s (%s)", text,
                       cal_period_print(latest->period, label)); /* cut is enough */
        code = add_fact(facts, what->lang == LANG_ZH ? "最新值" : "Latest", both, NULL);
    }
    return code == 0 && verdict ? add_verdict_facts(facts, verdict, unit, what->lang) : code;
}

/* The one fact of charts that compare: which period. */
static int
add_period_fact(json_t *root, struct cal_period period, const struct view_picture *what)
{
    char label[CAL_TEXT_MAX];
    json_t *facts = json_array();
    int code = json_object_set_new(root, "facts", facts);
    return code ? code
                : add_fact(facts, what->lang == LANG_ZH ? "数据期" : "Period",
                           cal_period_print(period, label), NULL);
}

static int
add_head(json_t *root, const struct view_series *view, const struct view_picture *what)
{
    char name[ARCHIVE_NAME_MAX], from[CAL_TEXT_MAX], to[CAL_TEXT_MAX], as_of[CAL_TEXT_MAX];
    const char kind[2] = { view->indicator->kind, '\0' };
    const char *archive = what->archive ? what->archive : archive_name(view->id, name);
    bool failed = add_text(root, "format", what->format) || add_text(root, "chart", what->chart) ||
                  add_text(root, "size", what->size) || add_text(root, "theme", what->theme) ||
                  add_text(root, "lang", what->lang == LANG_ZH ? "zh-CN" : "en") ||
                  add_text(root, "archive", archive) ||
                  add_text(root, "from", cal_date_print(what->from, from)) ||
                  add_text(root, "to", cal_date_print(what->to, to)) ||
                  add_text(root, "title", cat_name(&view->indicator->name, what->lang)) ||
                  add_text(root, "area", cat_name(&view->area->name, what->lang)) ||
                  add_text(root, "unit", cat_name(&view->indicator->unit->name, what->lang)) ||
                  json_object_set_new(root, "decimals", json_integer(view->indicator->decimals)) ||
                  add_text(root, "cumulation", cumulation_name(view->indicator->cumulation)) ||
                  add_text(root, "kind", kind) ||
                  json_object_set_new(root, "simulated", json_boolean(view->has_simulated)) ||
                  (what->as_of.has_released &&
                   add_text(root, "as_of", cal_date_print(what->as_of.released, as_of)));
    return failed ? -1 : 0;
}

bool
view_picture_needs_archive(const struct view_picture *what)
{
    return strcmp(what->chart, "trend") == 0 || strcmp(what->chart, "spark") == 0;
}

bool
view_cut_after(struct view_series *view, struct cal_period month)
{
    size_t before = view->series.count;
    while (view->series.count > 0 &&
           cal_period_after(view->points[view->series.count - 1].period).days >
               cal_period_after(month).days)
        view->series.count--;
    return view->series.count < before;
}

/* Trend, spark, overlay. */
static int
add_series(json_t *root, const struct catalogue *catalogue, const struct view_series *view,
           const struct view_picture *what)
{
    struct verdict verdict;
    const bool is_judged = verdict_for(catalogue, view, what, &verdict);
    int code = add_facts(root, view, what, is_judged ? &verdict : NULL);
    if (code == 0)
        code = json_object_set_new(root, "points", picture_points(catalogue, view, what));
    if (code == 0)
        code = add_targets(root, catalogue, view, what);
    if (code || strcmp(what->chart, "trend") != 0)
        return code;
    code = picture_add_gaps(root, view, what);
    if (code == 0)
        code = picture_add_milestones(root, catalogue, view, what);
    if (code == 0 && is_judged)
        code = picture_add_projection(root, &verdict);
    if (code == 0 && is_judged)
        code = picture_add_zones(root, &verdict);
    return code;
}

/* What only one chart shows. */
static int
add_chart(json_t *root, struct ledger *ledger, const struct catalogue *catalogue,
          const struct view_series *view, const struct view_picture *what, struct err_note *note)
{
    const bool is_versions = strcmp(what->chart, "revisions") == 0;
    if (!is_versions && strcmp(what->chart, "multiples") != 0 &&
        strcmp(what->chart, "ranking") != 0)
        return add_series(root, catalogue, view, what);
    int code = json_object_set_new(root, "points", json_array());
    if (code == 0)
        code = json_object_set_new(root, "targets", json_array());
    if (code == 0)
        code = add_period_fact(
            root, is_versions ? picture_versions_period(view, what) : what->month, what);
    if (code)
        return code;
    return is_versions ? picture_add_versions(root, view, what)
                       : picture_add_areas(root, ledger, catalogue, view, what, note);
}

int
view_picture_request(struct ledger *ledger, const struct catalogue *catalogue,
                     const struct view_series *view, const struct view_picture *what,
                     char **ret_json, size_t *ret_size, struct err_note *note)
{
    json_t *root = json_object();
    char *text = NULL;
    int code = root ? add_head(root, view, what) : -1;
    if (code == 0)
        code = add_chart(root, ledger, catalogue, view, what, note);
    if (code == 0)
        text = json_dumps(root, JSON_COMPACT);
    json_decref(root);
    if (code < -1) /* the ledger's own, with its words */
        return code;
    if (!text)
        return err_set(note, -ENOMEM, "out of memory");
    *ret_json = text;
    *ret_size = strlen(text);
    return 0;
}

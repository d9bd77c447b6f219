/* SPDX-License-Identifier: GPL-3.0-or-later
 * `/api/v1/verdicts`: each with its arithmetic as numbers and as a sentence, the rule that decided,
 * the versions that counted, and with inputs=true every observation it rests on. */
#include <errno.h>
#include <jansson.h>
#include <math.h>

#include "collector/pages/api_fields.h"
#include "collector/view.h"

/* What is asked for, and the answer as it grows. */
struct verdict_call {
    struct page *page;
    const struct cat_area *area; /* NULL: every one */
    const struct cat_indicator *indicator;
    bool with_inputs;
    json_t *data;
};

/* The numbers of the methods: those that have a meaning here. */
static json_t *
arithmetic(const struct verdict *v)
{
    const struct {
        const char *key;
        double value;
    } numbers[] = {
        { "year_share", v->year_share },
        { "base", v->base },
        { "tolerance", v->tolerance },
        { "same_period", v->same_period },
        { "share_low", v->share_low },
        { "share_high", v->share_high },
        { "last_year", v->last_year },
        { "year_on_year", v->year_on_year },
        { "volume_growth", v->volume_growth },
        { "reference", v->reference },
        { "cases", v->cases },
        { "interval_low", v->interval_low },
        { "interval_high", v->interval_high },
        { "likelihood", v->likelihood },
        { "growth_ratio", v->cagr_ratio },
        { "rest_share", v->rest_share },
        { "rest_growth", v->rest_growth },
        { "projection_pace", v->projection_pace },
        { "projection_last", v->projection_last },
        { "projection_same", v->projection_same },
        { "projection_low", v->projection_low },
        { "projection_high", v->projection_high },
        { "projected_mean", v->projected_mean },
        { "projected_chance", v->projected_chance },
    };
    json_t *object = json_object();
    for (size_t i = 0; object && i < sizeof numbers / sizeof *numbers; i++)
        if (!isnan(numbers[i].value))
            (void)json_object_set_new(object, numbers[i].key, /* left out without memory */
                                      api_number(numbers[i].value, SENT_DECIMALS));
    return object;
}

static int
add_input(void *context, enum input_role role, const struct cat_area *area,
          const struct cat_indicator *indicator, const struct obs_point *point)
{
    json_t *input =
        json_pack("{s:s, s:s, s:s, s:o, s:o, s:i, s:I, s:o, s:b}", "role", input_name(role), "area",
                  area->id, "indicator", indicator->id, "period", api_period(point->period),
                  "value", api_number(point->value, SENT_DECIMALS), "revision",
                  (int)point->revision, "position", (json_int_t)point->position, "released",
                  api_day(point->released), "simulated", point->is_simulated);
    return json_array_append_new(context, input);
}

static json_t *
verdict_object(const struct verdict_call *call, const struct verdict *v)
{
    char sentence[VERDICT_SENTENCE_MAX];
    const struct cat_target *target = v->target;
    int decimals = target->indicator->decimals + MORE_DECIMALS;
    return json_pack(
        "{s:s, s:s, s:s, s:o, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
        "s:o, "
        "s:b, s:b, s:b, s:b, s:b, s:o, s:o, s:s, s:o}",
        "target", target->id, "area", target->area->id, "indicator", target->indicator->id,
        "period", api_period(v->period), "level", level_name(v->level), "rule", rule_name(v->rule),
        "own_level", level_name(v->own_level), "own_rule", rule_name(v->own_rule), "method",
        method_name(target->method), "actual", api_number(v->actual, SENT_DECIMALS), "expected",
        api_number(v->expected, decimals), "target_value",
        api_number(v->target_value, SENT_DECIMALS), "completion",
        api_number(v->completion, RATIO_DECIMALS), "ratio", api_number(v->ratio, RATIO_DECIMALS),
        "gap", api_number(v->gap, RATIO_DECIMALS), "needed_pace",
        api_number(v->needed_pace, RATIO_DECIMALS), "projection",
        api_number(v->projection, decimals), "arithmetic", arithmetic(v), "simulated",
        v->is_simulated, "derived", v->is_derived, "provisional", v->is_provisional, "unconfirmed",
        v->is_unconfirmed, "primary", target->is_primary, "version",
        api_day_or_null(target->valid_from), "bands", api_text(v->bands ? v->bands->id : NULL),
        "reason", verdict_sentence(v, call->page->lang, sentence), "asked", api_period(v->asked));
}

static int
add_verdict(void *context, const struct verdict *verdict, const struct verdict_evidence *evidence)
{
    struct verdict_call *call = context;
    const struct cat_target *target = verdict->target;
    if ((call->area && target->area != call->area) ||
        (call->indicator && target->indicator != call->indicator))
        return 0;
    json_t *object = verdict_object(call, verdict);
    json_t *inputs = call->with_inputs && object ? json_array() : NULL;
    int code = inputs ? verdict_each_input(verdict, evidence, add_input, inputs) : 0;
    if (inputs && json_object_set_new(object, "inputs", inputs) != 0)
        code = -ENOMEM;
    if (json_array_append_new(call->data, object) != 0)
        code = -ENOMEM;
    return code ? -ENOMEM : 0;
}

int
api_verdicts(struct page *page)
{
    struct verdict_call call = { .page = page };
    int status = param_area(page, "area", &call.area);
    status = status ? status : param_indicator(page, "indicator", &call.indicator);
    status = status ? status : param_bool(page, "inputs", &call.with_inputs);
    status = status ? status : page_read_month(page, "at");
    if (status)
        return status;
    call.data = json_array();
    int code = call.data ? view_each_verdict(page->pages->ledger, page->catalogue, page->month,
                                             &page->as_of, add_verdict, &call, page->note)
                         : -ENOMEM;
    if (code == 0)
        return api_answer(page, call.data);
    json_decref(call.data);
    return page_failed(page, "verdicts", code);
}

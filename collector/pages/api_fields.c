/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/pages/api_fields.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "collector/pages/format.h"

json_t *
api_text(const char *text)
{
    json_t *string = text && text[0] ? json_string(text) : NULL;
    return string ? string : json_null();
}

json_t *
api_number(double value, int decimals)
{
    char text[NUM_TEXT_MAX];
    return api_text(num_print_short(value, decimals, text));
}

json_t *
api_period(struct cal_period period)
{
    char text[CAL_TEXT_MAX];
    return period.freq == CAL_NONE ? json_null() : json_string(cal_period_print(period, text));
}

json_t *
api_day(struct cal_date date)
{
    char text[CAL_TEXT_MAX];
    return json_string(cal_date_print(date, text));
}

json_t *
api_instant(struct wall_time when)
{
    char text[CAL_TEXT_MAX];
    return json_string(cal_instant_print(when, text));
}

json_t *
api_name(const struct page *page, const struct cat_name *name)
{
    return api_text(name ? name_of(page, name) : NULL);
}

int
api_answer(struct page *page, json_t *data)
{
    json_t *root = data ? json_pack("{s:s, s:o}", "status", "success", "data", data) : NULL;
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(root);
    if (!text)
        return page_failed(page, "JSON", -ENOMEM);
    html_bytes(page->out, text, strlen(text));
    html_bytes(page->out, "\n", 1);
    free(text);
    page->answer->type = "application/json";
    return 200;
}

json_t *
api_day_or_null(struct cal_date day)
{
    return day.days == INT32_MIN ? json_null() : api_day(day);
}

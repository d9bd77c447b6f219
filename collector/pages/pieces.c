/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/pages/pieces.h"

#include <math.h>
#include <string.h>

#include "collector/pages/format.h"
#include "collector/pages/layout.h"

void
piece_level(struct page *page, enum level level)
{
    html_put(
        page->out,
        "<span class=\"lv lv-%s\"><span class=\"sign\" aria-hidden=\"true\">%s</span>%s</span>",
        level_name(level), format_level_sign(level), level_word(level, page->lang));
}

void
piece_head(struct page *page, enum word word, bool is_number)
{
    if (is_number)
        html_put(page->out, "<th scope=\"col\" class=\"number\">%s</th>", say(page, word));
    else
        html_put(page->out, "<th scope=\"col\">%s</th>", say(page, word));
}

/* ---- counts and notices ---- */

void
piece_counts(struct page *page, const struct model *model)
{
    struct html *out = page->out;
    html_put(out, "<ul class=\"counts\" aria-label=\"%s\">\n", say(page, W_COUNTS));
    for (int level = 0; level < LEVEL_COUNT; level++) {
        if (model->levels[level] == 0 && level > LEVEL_REACHED)
            continue;
        html_put(out, "<li data-level=\"%s\">", level_name((enum level)level));
        piece_level(page, (enum level)level);
        html_put(out, " <b>%zu</b></li>\n", model->levels[level]);
    }
    html_put(out, "<li class=\"all\"><b>%zu</b> %s</li>\n</ul>\n", model->primaries,
             say(page, W_TARGETS_IN_ALL));
}

void
piece_simulated_notice(struct page *page, bool has_simulated)
{
    if (has_simulated)
        html_put(page->out, "<p class=\"notice\" role=\"note\">%s</p>\n",
                 say(page, W_SIMULATED_NOTICE));
}

/* ---- values ---- */

static void
put_simulated(struct page *page)
{
    html_put(page->out, " <span class=\"sim\" title=\"%s\">%s</span>", say(page, W_SIMULATED_LONG),
             say(page, W_SIMULATED));
}

/* A unit whose Chinese name is a sign ("%") is written as that sign in both languages. */
static const char *
unit_words(const struct page *page, const struct cat_unit *unit)
{
    return (unsigned char)unit->name.zh[0] < 0x80 ? unit->name.zh : name_of(page, &unit->name);
}

void
piece_with_unit(struct page *page, const char *value, const struct cat_unit *unit)
{
    const char *name = unit_words(page, unit);
    html_put(page->out, "<span class=\"value\">%s</span>", value);
    if (format_unit_is_plain(name))
        html_put(page->out, " <span class=\"unit\">%s</span>", name);
    else
        html_put(page->out, " <span class=\"unit\">× %s</span>", name);
}

/* "截至5月": said where the value is older than the month the page shows, or always (`is_always`).
 */
static void
put_data_month(struct page *page, struct cal_period period)
{
    int month = cal_period_end_month(period);
    const char *words = format_month(month, page->lang);
    if (month == page->month.index && period.year == page->month.year)
        return;
    if (page->lang == LANG_ZH)
        html_put(page->out, " <span class=\"by\">%s%s</span>", say(page, W_DATA_BY), words);
    else
        html_put(page->out, " <span class=\"by\">%s %s</span>", say(page, W_DATA_BY), words);
}

void
piece_latest(struct page *page, const struct verdict *verdict)
{
    const struct cat_indicator *indicator = verdict->target->indicator;
    char text[FORMAT_MAX];
    if (isnan(verdict->actual) || verdict->period.freq == CAL_NONE) {
        html_put(page->out, "<span class=\"none\">%s</span>", say(page, W_NO_VALUE));
        return;
    }
    piece_with_unit(page, format_value(verdict->actual, indicator->decimals, text),
                    indicator->unit);
    put_data_month(page, verdict->period);
    if (verdict->is_simulated)
        put_simulated(page);
}

bool
piece_is_phrase(const struct cat_target *target)
{
    enum { CELL_MAX = 40 }; /* bytes */
    return strlen(target->text) > CELL_MAX;
}

void
piece_printed(struct page *page, const struct cat_target *target)
{
    bool has_number = target->value.text[0] != '\0' && !piece_is_phrase(target) && target->unit &&
                      !strstr(target->text, target->unit->name.zh);
    if (!target->text[0])
        html_put(page->out, "<span class=\"none\">%s</span>", say(page, W_BLANK_CELL));
    else if (has_number)
        piece_with_unit(page, target->text, target->unit);
    else
        html_put(page->out, "<span class=\"words\" lang=\"zh-CN\">%s</span>", target->text);
}

void
piece_moment(struct page *page, struct wall_time when)
{
    char instant[CAL_TEXT_MAX];
    char moment[FORMAT_MAX];
    if (when.seconds == 0) {
        html_put(page->out, "<span class=\"none\">%s</span>", say(page, W_NEVER));
        return;
    }
    html_put(page->out, "<time datetime=\"%s\">%s</time>", cal_instant_print(when, instant),
             format_moment(when, moment));
}

/* ---- a table of targets ---- */

void
piece_targets_begin(struct page *page, enum piece_columns columns, const char *caption)
{
    struct html *out = page->out;
    enum word first = columns == PIECE_BY_AREA ? W_AREA : W_INDICATOR;
    html_put(out,
             "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s\">\n"
             "<table class=\"targets\">\n<caption class=\"unseen\">%s</caption>\n<thead><tr><th "
             "scope=\"col\">%s</th>"
             "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
             "<th scope=\"col\">%s</th><th scope=\"col\">%s</th>",
             caption, caption, say(page, first), say(page, W_TARGET), say(page, W_LATEST),
             say(page, W_VERDICT), say(page, W_SENTENCE),
             say(page, columns == PIECE_BY_AREA ? W_TREND : W_OWNER));
    html_put(out, "<th scope=\"col\">%s</th></tr></thead>\n<tbody>\n", say(page, W_SOURCE));
}

void
piece_targets_group(struct page *page, const char *group)
{
    html_put(page->out,
             "</tbody>\n<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\" "
             "colspan=\"7\">%s</th></tr>\n",
             group);
}

static const char DARK[] = "(prefers-color-scheme: dark)";

static void
put_source(struct page *page, struct layout_picture picture, const char *media)
{
    html_put(page->out, "<source media=\"%s\" srcset=\"", media);
    layout_picture(page, &picture);
    html_put(page->out, "\"/>");
}

static void
put_owner_or_trend(struct page *page, enum piece_columns columns, const struct verdict *verdict)
{
    struct html *out = page->out;
    const struct cat_target *target = verdict->target;
    if (columns == PIECE_BY_INDICATOR) {
        html_put(out, "<td class=\"owner\">%s",
                 target->owner ? name_of(page, &target->owner->name) : "");
        if (target->lead && target->lead != target->owner)
            html_put(out, " <span class=\"lead\">%s%s%s</span>", say(page, W_LEAD),
                     say(page, W_COLON), name_of(page, &target->lead->name));
        html_put(out, "</td>");
        return;
    }
    if (verdict->position == 0) {
        html_put(out, "<td class=\"spark\"></td>");
        return;
    }
    struct layout_picture spark = { .area = target->area->id,
                                    .indicator = target->indicator->id,
                                    .size = "spark",
                                    .theme = "dark" };
    html_put(out, "<td class=\"spark\"><picture>");
    put_source(page, spark, DARK);
    spark.theme = NULL;
    html_put(out, "<img loading=\"lazy\" alt=\"%s\" src=\"", say(page, W_TREND));
    layout_picture(page, &spark);
    html_put(out, "\"/></picture></td>");
}

void
piece_targets_row(struct page *page, enum piece_columns columns, const struct verdict *verdict)
{
    const struct cat_target *target = verdict->target;
    struct html *out = page->out;
    char sentence[VERDICT_SENTENCE_MAX];
    html_put(out, "<tr data-level=\"%s\"><th scope=\"row\">", level_name(verdict->level));
    layout_target_link(page, target);
    html_put(
        out, "%s</a></th><td class=\"target\">",
        name_of(page, columns == PIECE_BY_AREA ? &target->area->name : &target->indicator->name));
    piece_printed(page, target);
    html_put(out, "</td><td class=\"latest\">");
    piece_latest(page, verdict);
    html_put(out, "</td><td class=\"level\">");
    piece_level(page, verdict->level);
    if (!target->is_primary)
        html_put(out, " <span class=\"lead\">%s</span>", say(page, W_NOT_PRIMARY));
    html_put(out, "</td><td class=\"sentence\">%s</td>",
             verdict_sentence(verdict, page->lang, sentence));
    put_owner_or_trend(page, columns, verdict);
    html_put(out, "<td class=\"source\" lang=\"zh-CN\">%s</td></tr>\n", target->source);
}

void
piece_targets_end(struct page *page)
{
    html_put(page->out, "</tbody>\n</table>\n</div>\n");
}

/* ---- pictures ---- */

static void
put_picture_link(struct page *page, struct layout_picture picture, enum word word)
{
    html_put(page->out, "%s<a href=\"", word == W_PICTURE_SCREEN ? "" : " · ");
    layout_picture(page, &picture);
    html_put(page->out, "\">%s</a>", say(page, word));
}

void
piece_picture(struct page *page, enum word heading, const struct cat_area *area,
              const struct cat_indicator *indicator, const char *chart, const char *alt)
{
    struct html *out = page->out;
    struct layout_picture picture = { .area = area->id,
                                      .indicator = indicator->id,
                                      .chart = chart,
                                      .size = "phone",
                                      .theme = "dark" };
    html_put(out, "<section class=\"trend\"><h2>%s</h2>\n<picture>", say(page, heading));
    put_source(page, picture, "(max-width: 640px) and (prefers-color-scheme: dark)");
    picture.theme = NULL;
    put_source(page, picture, "(max-width: 640px)");
    picture.size = "page";
    picture.theme = "dark";
    put_source(page, picture, DARK);
    picture.theme = NULL;
    html_put(out, "<img alt=\"%s\"%s src=\"", alt, chart ? " loading=\"lazy\"" : "");
    layout_picture(page, &picture);
    html_put(out, "\"/></picture>\n<p class=\"sizes\">%s%s", say(page, W_PICTURE_AS),
             say(page, W_COLON));
    picture.size = "screen";
    put_picture_link(page, picture, W_PICTURE_SCREEN);
    picture.size = "print";
    put_picture_link(page, picture, W_PICTURE_PRINT);
    picture.format = "png";
    put_picture_link(page, picture, W_PICTURE_PRINT_PNG);
    picture.size = "page";
    put_picture_link(page, picture, W_PICTURE_PNG);
    html_put(out, "</p></section>\n");
}

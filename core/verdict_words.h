/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pieces of a verdict's sentence, shared by the files that write it. */
#ifndef PACEWATCH_CORE_VERDICT_WORDS_H
#define PACEWATCH_CORE_VERDICT_WORDS_H

#include "core/verdict_private.h"

enum { PHRASE_MAX = 160 };

/* The sentence as it grows. */
struct line {
    char *text;
    size_t used;
};

/* Who says what of which verdict. */
struct writer {
    const struct verdict *verdict;
    const struct cat_indicator *indicator;
    enum lang lang;
    int decimals;
};

void line_add(struct line *line, const char *format, ...) __attribute__((format(__printf__, 2, 3)));

/* The same in either language; no conversions inside. */
void line_say(struct line *line, const struct writer *writer, const char *zh, const char *en);

extern const char *const words_month[13];

/* Each writes into `text`, which has PHRASE_MAX bytes. */
void words_period_zh(struct cal_period period, enum cumulation cumulation, char *text);
void words_period_en(struct cal_period period, enum cumulation cumulation, char *text);
char *words_number(double value, int decimals, bool is_short, char *text);
char *words_percent(double share, char *text); /* 99.99 % never reads as 100 % */
char *words_quantity(const struct writer *writer, double value, char *text);
char *words_difference(const struct writer *writer, double value, char *text);
char *words_goal(const struct writer *writer, char *text);

/* Decimals that tell the verdict's numbers exactly, as far as that goes. */
int words_decimals(const struct verdict *verdict);

void words_actual(struct line *line, const struct writer *writer);
void words_actual_and_goal(struct line *line, const struct writer *writer);
void words_distance(struct line *line, const struct writer *writer);
/* What makes this level: which gaps in points, when the target is short (in brackets); which
 * shortfalls in percent of the target; which chances. */
void words_gap_band(struct line *line, const struct writer *writer);
void words_share_band(struct line *line, const struct writer *writer);
void words_chance_band(struct line *line, const struct writer *writer);
/* What the rest of the year has to grow by, when the target is short. */
void words_rest_growth(struct line *line, const struct writer *writer);
void words_pace(struct line *line, const struct writer *writer, bool with_plan);
void words_needed_pace(struct line *line, const struct writer *writer);

/* Just what was expected? */
bool words_is_even(const struct verdict *verdict);

/* Is the value on the bad side of what was expected? */
bool words_is_short(const struct writer *writer);

/* The sentences of the methods in verdict_sentence_methods.c. */
typedef void say_method(struct line *line, const struct writer *writer);
say_method say_milestone, say_relative, say_no_reference, say_rate, say_no_rate, say_hold,
    say_count, say_step, say_done, say_manual, say_cagr, say_no_path;

#endif

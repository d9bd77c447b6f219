/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a made-up series is worth in a month: plausible by its kind, and the same on every machine.
 * Values are whole numbers of the last decimal (a model with 1 decimal says 123 for 12.3); chance
 * is a hash of area, indicator and what it is asked for. Nothing here touches a double but the
 * target's number, once. */
#ifndef PACEWATCH_CLI_DEMO_MODEL_H
#define PACEWATCH_CLI_DEMO_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/catalogue.h"

/* How an area does on an indicator in the targets' year. */
enum demo_form { FORM_GOOD, FORM_NEAR, FORM_BEHIND, FORM_FAR };

struct demo_model {
    const struct cat_area *area;
    const struct cat_indicator *indicator;
    enum method method;
    int year;       /* the targets' year, the last one made */
    int decimals;   /* of the values */
    int64_t one;    /* 10^decimals */
    int64_t target; /* in the last decimal; made up where the target has no number */
    enum demo_form form;
    uint64_t seed;
};

/* `target` may be NULL: a reference series (GDP growth). */
void demo_model_init(struct demo_model *model, const struct cat_area *area,
                     const struct cat_indicator *indicator, const struct cat_target *target,
                     int year);

/* The value in the year's period that ends with `month`; year model->year - 2 .. model->year. */
int64_t demo_model_value(const struct demo_model *model, int year, int month);

/* A slightly different value, for a revision; the same where nothing smaller could differ. */
int64_t demo_model_revised(const struct demo_model *model, int64_t value, int year, int month);

/* Keeps a value in the bounds of its kind: no negative counts, no share above 100. */
int64_t demo_model_clamp(const struct demo_model *model, int64_t value);

/* Is it a level (growth, share, stock, rate) rather than a count since January? */
bool demo_model_is_level(const struct demo_model *model);

/* A number in [low, high], from the model's seed, a word and two numbers. */
int64_t demo_roll(const struct demo_model *model, const char *word, int year, int month,
                  int64_t low, int64_t high);

/* value * times / by, rounded half away from zero; by > 0. */
int64_t demo_scale(int64_t value, int64_t times, int64_t by);

#endif

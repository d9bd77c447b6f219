/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading JSON of others: an object is a table of fields, each a key, what it must be, and where in
 * a struct of ours it goes. Private to the reading of requests. */
#ifndef PACEWATCH_GRAPHS_FIELDS_H
#define PACEWATCH_GRAPHS_FIELDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/err.h"

/* Into `into`, the struct that is being filled. */
typedef int field_reader(json_t *value, void *into, struct err_note *note);

enum field_type {
    FIELD_TEXT,   /* char[size]: clean, cut between two characters */
    FIELD_WORD,   /* an enum of ours: the place among `words` */
    FIELD_LETTER, /* char: one ASCII letter out of words[0] */
    FIELD_BOOL,   /* bool */
    FIELD_INT,    /* int between low and high */
    FIELD_DATE,   /* struct cal_date within the years low and high */
    FIELD_LEVEL,  /* enum level */
    FIELD_NUMBER, /* double at `offset`, and as it was written in char[NUM_TEXT_MAX] at `text`
                     unless that is 0; a text in the request, within 10^15 of zero */
    FIELD_OTHER   /* whatever `read` makes of it */
};

struct field {
    const char *key;
    size_t offset;
    size_t size; /* FIELD_TEXT; of the table FIELD_WORD */
    size_t text; /* FIELD_NUMBER */
    const char *const *words;
    field_reader *read;
    enum field_type type;
    int low, high;
    bool is_optional; /* without it the struct stays as it is */
};

/* Reads every field of `object`. Returns 0, or ERR_SYNTAX / ERR_RANGE / -ENOMEM with a note that
 * begins with the key at fault; an unknown key is a fault. */
int fields_read(json_t *object, const struct field *fields, size_t count, void *into,
                struct err_note *note);

/* A list of objects of `size` bytes each. `begin` and `check`, which may be NULL, see each item
 * before and after it is read; `before` is the item before it, NULL for the first. */
struct field_list {
    const struct field *fields;
    size_t count;
    size_t size, max;
    void (*begin)(void *item);
    int (*check)(const void *item, const void *before, struct err_note *note);
};

/* *ret_items is zeroed memory for them, which the caller frees, also after a fault; *ret_count says
 * how many it holds. Both are untouched by an empty list. */
int field_list_read(json_t *value, const struct field_list *list, void **ret_items,
                    size_t *ret_count, struct err_note *note);

#endif

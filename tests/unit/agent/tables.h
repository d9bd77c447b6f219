/* SPDX-License-Identifier: GPL-3.0-or-later
 * The catalogue of the tests: the real one, loaded once a program. */
#ifndef PACEWATCH_TESTS_UNIT_AGENT_TABLES_H
#define PACEWATCH_TESTS_UNIT_AGENT_TABLES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agent/tidy.h"
#include "platform/catalogue_load.h"

static struct catalogue_store *tables;

static inline int
tables_load(void **state)
{
    (void)state;
    struct err_note note = { { 0 } };
    int code = catalogue_load(PACEWATCH_SOURCE_DIR "/data/huzhou-2023", &tables, &note);
    if (code)
        print_error("%s\n", note.text);
    return code;
}

static inline int
tables_free(void **state)
{
    (void)state;
    catalogue_free(tables);
    return 0;
}

/* What a clerk of `publisher` may say on 2023-08-15. */
static inline struct tidy_context
tables_context(const char *publisher, enum lang lang)
{
    const struct catalogue *catalogue = catalogue_of(tables);
    return (struct tidy_context){ catalogue, catalogue_publisher(catalogue, publisher),
                                  cal_date_of(2023, 8, 15), lang };
}

#endif

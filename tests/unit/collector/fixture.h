/* SPDX-License-Identifier: GPL-3.0-or-later
 * What collector tests share: a folder that goes away, a small catalogue, an empty ledger, and
 * short words for rows. */
#ifndef PACEWATCH_TESTS_COLLECTOR_FIXTURE_H
#define PACEWATCH_TESTS_COLLECTOR_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "collector/ledger_write.h"
#include "collector/site.h"

struct fixture {
    char folder[FILE_PATH_MAX];
    struct site site; /* opened */
    const struct catalogue *catalogue;
    struct ledger *ledger; /* LEDGER_WRITE */
};

/* cmocka setup and teardown; the fixture is *state. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Fails the test with the note's words when code is not 0. */
void expect_ok(int code, const struct err_note *note);

/* A moment on a civil day (noon UTC). */
struct wall_time noon(int year, int month, int day);

/* A sample of the small catalogue; released "" for none. */
struct sample sample_of(const char *area, const char *indicator, const char *period,
                        const char *value, const char *released, uint32_t row);

/* Commits a sample of wuxing's, received on 2023-08-01, as a file of its own; files are numbered
 * from 1. */
void fixture_apply(struct fixture *f, uint64_t file_number, const struct sample *sample);

/* A second, read-only connection to the fixture's ledger. */
struct ledger *fixture_reader(const struct fixture *f);

#endif

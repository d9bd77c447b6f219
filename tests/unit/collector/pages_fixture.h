/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the tests of the pages share: a site with the real catalogue and a few invented values, and
 * a way to ask it. Drawing is faked. */
#ifndef PACEWATCH_TESTS_PAGES_FIXTURE_H
#define PACEWATCH_TESTS_PAGES_FIXTURE_H

#include "tests/unit/collector/fixture.h"

#include "collector/pages/pages.h"
#include "tests/fakes/painter_fake.h"

/* The values, released on the 12th of the following month unless said:
 *   anji    land-freed     2023-01 150, 2023-05 700, 2023-06 980 (target 2000: warn), 2022-06 600;
 * 2023-05 was 690 before, with a note wuxing  land-freed     2023-06 1500 (reached), by the
 * demonstration generator nanxun  iva-growth     2023-05 7.2 (on pace; one month old in June)
 *   wuxing+nantaihu energy-intensity-fall 2023-Q2 4.4
 * One alert is open (anji land-freed), one is resolved (nanxun land-freed). */
struct pages_fixture {
    char folder[FILE_PATH_MAX];
    struct site site;
    struct http_gauges gauges;
    struct http_settings settings;
    struct pages *pages;
};

int pages_fixture_setup(void **state);
int pages_fixture_teardown(void **state);

/* Asks; the answer is the caller's to free. `accept` is an Accept-Language field, `tag` an
 * If-None-Match field; both may be NULL. */
struct answer ask_with(struct pages_fixture *f, const char *target, const char *accept,
                       const char *tag);
struct answer ask(struct pages_fixture *f, const char *target);

/* Asks and checks status and, where not NULL, that the body holds the text. */
void expect_answer(struct pages_fixture *f, const char *target, int status, const char *text);
void expect_absent(struct pages_fixture *f, const char *target, const char *text);

/* Fails unless the text is well-formed: tags closed in order, attributes quoted, no bare '&' or
 * '<'. */
void expect_well_formed(const char *html);

#endif

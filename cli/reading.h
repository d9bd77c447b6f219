/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a verb that reads a site works on: the site, its ledger, the moment asked for, the form of
 * the answer. */
#ifndef PACEWATCH_CLI_READING_H
#define PACEWATCH_CLI_READING_H

#include "cli/call.h"
#include "cli/listing.h"
#include "collector/ledger.h"
#include "collector/site.h"

struct reading {
    struct site site;
    struct ledger *ledger; /* NULL with reading_open_site */
    struct ledger_as_of as_of;
    enum listing_format format;
};

/* Opens the site of operand 0; the call's language becomes the site's unless --lang was given.
 * Return CALL_DONE, or an exit code after having said why. */
int reading_open_site(struct call *call, struct reading *reading);
int reading_open(struct call *call, struct reading *reading);
void reading_close(struct reading *reading);

/* A text for a cell: NULL (no value) for an empty one. */
const char *reading_cell(const char *text);

/* A catalogued object as the operator names it: id, or printed name. NULL after having said what is
 * known. */
const struct cat_area *reading_area(const struct call *call, const struct reading *reading,
                                    const char *name);
const struct cat_indicator *reading_indicator(const struct call *call,
                                              const struct reading *reading, const char *name);
const struct cat_owner *reading_owner(const struct call *call, const struct reading *reading,
                                      const char *name);
const struct cat_target *reading_target(const struct call *call, const struct reading *reading,
                                        const char *id);

/* --at, else the latest month with data of the newest targets' year. CALL_DONE or an exit code. */
int reading_month(const struct call *call, const struct reading *reading,
                  struct cal_period *ret_month);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 * Archives: one RRD a series, a drawing of the ledger that can be deleted and rebuilt to the byte.
 * Civil days as UTC, step one day; every day of a period carries the period's value; unknown is
 * explicit (docs/libraries.md, R-DAY, R-U, R-WHOLE). Always written whole: temp file and rename.
 *
 * Data sources: value as in force; pace, the plan at the period's end; target, the year's target;
 * level, the verdict's level as a number (0 normal or reached, 1 remind, 2 warn, 3 severe, unknown
 * otherwise). pace and target run to 31 December of the last year with a target. */
#ifndef PACEWATCH_COLLECTOR_ARCHIVE_H
#define PACEWATCH_COLLECTOR_ARCHIVE_H

#include <stddef.h>
#include <stdint.h>

#include "core/cal.h"
#include "core/err.h"

enum {
    ARCHIVE_NAME_MAX = 24,
    ARCHIVE_ROWS = 7686, /* 21 x 366 days */
};

/* "00/00000012.rrd": 256 folders by the low byte of the number. */
char *archive_name(int64_t series, char name[ARCHIVE_NAME_MAX]);

/* One period; NaN where unknown. */
struct archive_period {
    struct cal_date first;
    struct cal_date after;
    double value;
    double pace;
    double target;
    double level;
};

/* Call once at program start, before any thread. */
void archive_prepare(void);

/* Writes the archive `name` (archive_name or archive_scratch_name) below `folder` from periods in
 * time order that do not overlap; gaps become unknown. At most ARCHIVE_ROWS days count: what is
 * older than that is left out. Threads may write different names at the same time. */
int archive_write(const char *folder, const char *name, const struct archive_period *periods,
                  size_t count, struct err_note *note);

/* "scratch/0000000a.rrd": an archive that shows a series as it was known on some day, for one
 * picture. Each owner (a page thread) has a number of its own and writes it again and again. */
char *archive_scratch_name(unsigned owner, char name[ARCHIVE_NAME_MAX]);

/* Removes temp files a crash left. */
int archive_sweep(const char *folder, struct err_note *note);

#endif

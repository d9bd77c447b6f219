/* SPDX-License-Identifier: GPL-3.0-or-later
 * Archives: one RRD a series, a drawing of the ledger that can be deleted and rebuilt to the byte.
 * Civil days as UTC, step one day; every day of a period carries the period's value; unknown is
 * explicit (docs/libraries.md, R-DAY, R-U, R-WHOLE). Always written whole: another file and
 * rename.
 * docs/archives.md tells how to read them with rrdtool.
 *
 * The bytes are those that librrd's create and one update of all periods would write, made in
 * memory: one write instead of some twenty calls a file. A test holds them equal.
 *
 * Data sources: value as in force; and, where the series has a target: pace, the plan at the
 * period's end; target, the year's target; level, the verdict's level as a number (0 normal or
 * reached, 1 remind, 2 warn, 3 severe, unknown otherwise). pace and target run to 31 December of
 * the last year with a target. As many rows as days: a file has the size of what it shows. */
#ifndef PACEWATCH_COLLECTOR_ARCHIVE_H
#define PACEWATCH_COLLECTOR_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/cal.h"
#include "core/err.h"

enum {
    ARCHIVE_NAME_MAX = 24,
    ARCHIVE_ROWS = 7686, /* days at most: 21 x 366 */
    ARCHIVE_BYTES_MAX = 1024 * 1024,
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

/* The archive's bytes, from periods in time order that do not overlap (ERR_CONFLICT); gaps become
 * unknown. At most ARCHIVE_ROWS days count: what is older than that, or than 1970-01-02, is left
 * out. The caller frees *ret_bytes, which stays NULL when nothing is left. `has_all`: all four
 * sources, also where but values are known. */
int archive_image(const struct archive_period *periods, size_t count, bool has_all,
                  char **ret_bytes, size_t *ret_size, struct err_note *note);

/* Puts an image in the place of the archive `name` (archive_name or archive_scratch_name) below
 * `folder`; what it replaces stays beside it as a spare (file_write_again). Not synced: what a
 * power cut takes is drawn again. Threads may write different names at the same time. */
int archive_put(const char *folder, const char *name, const char *bytes, size_t size,
                struct err_note *note);

/* Both, with all sources; nothing is written when there is nothing. */
int archive_write(const char *folder, const char *name, const struct archive_period *periods,
                  size_t count, struct err_note *note);

/* What librrd would find. It trusts a file's header and may end its process over a damaged one:
 * nothing of ours opens an archive with librrd that is not sound. */
enum archive_state {
    ARCHIVE_MISSING,
    ARCHIVE_DAMAGED, /* not what archive_image makes: another size, header or step */
    ARCHIVE_VALUES,  /* sound, of a series without targets: the one source `value` */
    ARCHIVE_WHOLE,   /* sound, with all four */
};
enum archive_state archive_look(const char *folder, const char *name);

/* "scratch/0000000a.rrd": an archive that shows a series as it was known on some day, for one
 * picture. Each owner (a page thread) has a number of its own and writes it again and again. */
char *archive_scratch_name(unsigned owner, char name[ARCHIVE_NAME_MAX]);

/* Removes temp files a crash left. */
int archive_sweep(const char *folder, struct err_note *note);

#endif

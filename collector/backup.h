/* SPDX-License-Identifier: GPL-3.0-or-later
 * Backups of a site: a folder with what cannot be computed again.
 *
 *     ledger.db         a copy of the ledger that was read back whole
 *     catalogue/        the tables in force
 *     pacewatch.yaml    the settings
 *     SHA256SUMS        of all of these, as `sha256sum -c` reads it
 *
 * Not in it: the collector's private key (keep SITE/keys apart from backups, and put it in place
 * before restoring elsewhere), and what is drawn from the ledger. */
#ifndef PACEWATCH_COLLECTOR_BACKUP_H
#define PACEWATCH_COLLECTOR_BACKUP_H

#include "collector/ledger_backup.h"
#include "collector/site.h"

enum { BACKUP_OLD_DAYS = 7 }; /* a newest backup older than this deserves attention */

/* Writes a backup into a folder that is not there yet; whole and durable, or not at all. The
 * collector may run. Telling the ledger of it is a change of its own (change.h, `backup`). */
int backup_make(const struct site *site, const char *folder, struct err_note *note);

/* Is it whole? ERR_DAMAGED names the file whose bytes have changed; the ledger is not opened. */
int backup_check(const char *folder, struct err_note *note);

struct backup_restored {
    bool is_new_site;             /* made from the backup; its settings too */
    uint64_t generation;          /* the ledger's, told to agents */
    int64_t position;             /* its last row */
    char replaced[FILE_PATH_MAX]; /* where the ledger and catalogue of before lie; "" if none did */
};

/* Puts a backup in place of a site's ledger and catalogue, or makes a site of it where there is
 * none. Nothing is thrown away: what stood there goes into SITE/replaced-<time>. Under the site's
 * lock: ERR_BUSY while a collector runs. A crash in between is mended by restoring again. */
int backup_restore(const char *site_folder, const char *folder, struct wall_time now,
                   struct backup_restored *ret_restored, struct err_note *note);

#endif

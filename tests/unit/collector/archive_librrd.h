/* SPDX-License-Identifier: GPL-3.0-or-later
 * The same archive, made by librrd itself (create, then one update with all periods): what
 * archive_image must equal to the byte, and what the bench compares with. */
#ifndef PACEWATCH_TESTS_ARCHIVE_LIBRRD_H
#define PACEWATCH_TESTS_ARCHIVE_LIBRRD_H

#include "collector/archive.h"

/* Call once, first. */
void archive_librrd_prepare(void);

/* Writes `path`; every period counts, `rows` days. 0, or ERR_LIBRARY with librrd's words. */
int archive_librrd_write(const char *path, const struct archive_period *periods, size_t count,
                         struct err_note *note);

#endif

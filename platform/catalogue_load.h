/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reads a catalogue's folder of CSV tables into memory. */
#ifndef PACEWATCH_PLATFORM_CATALOGUE_LOAD_H
#define PACEWATCH_PLATFORM_CATALOGUE_LOAD_H

#include "core/catalogue.h"

struct catalogue_store; /* owns the memory */

/* Reads FOLDER/areas.csv ... and parses them; the note names folder, file, line and column. */
int catalogue_load(const char *folder, struct catalogue_store **ret_store, struct err_note *note);
/* Copies the tables of one catalogue folder into another that exists. */
int catalogue_copy(const char *from_folder, const char *to_folder, struct err_note *note);
void catalogue_free(struct catalogue_store *store);

const struct catalogue *catalogue_of(const struct catalogue_store *store);

/* SHA-256 over the tables in order: the catalogue's version for caches and projections, as 64
 * hexadecimal characters. */
const char *catalogue_version(const struct catalogue_store *store);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* renameat2 */
#include "collector/catalogue_change.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/catalogue_diff.h"

enum { TABLE_SIZE_MAX = 64 << 20 };

/* A table's text; "" for one that may be missing and is. */
static int
read_table(const char *folder, enum cat_table table, char **ret_bytes, size_t *ret_size,
           struct err_note *note)
{
    char path[FILE_PATH_MAX];
    if (file_join(path, folder, cat_table_file(table)) != 0)
        return err_set(note, ERR_RANGE, "path too long");
    int code = file_read(path, TABLE_SIZE_MAX, ret_bytes, ret_size, note);
    if (code != -ENOENT || !cat_table_is_optional(table))
        return code;
    *ret_bytes = calloc(1, 1);
    *ret_size = 0;
    return *ret_bytes ? 0 : err_set(note, -ENOMEM, "out of memory");
}

/* The site's table with the edition's changes, into the new folder. */
static int
merge_table(const char *old_folder, const char *edition, const char *new_folder,
            enum cat_table table, struct cal_date effective, struct merge_counts *ret_counts,
            struct err_note *note)
{
    char *old = NULL, *given = NULL, *merged = NULL, path[FILE_PATH_MAX];
    size_t old_size = 0, given_size = 0, merged_size = 0;
    int code = read_table(old_folder, table, &old, &old_size, note);
    if (code == 0)
        code = read_table(edition, table, &given, &given_size, note);
    bool is_there = code == 0 && (old_size > 0 || given_size > 0);
    if (is_there)
        code = catalogue_merge_table(old, old_size, given, given_size, effective, &merged,
                                     &merged_size, ret_counts, note);
    if (is_there && code == 0)
        code = file_join(path, new_folder, cat_table_file(table));
    if (is_there && code == 0)
        code = file_write(path, merged, merged_size, 0644, note);
    free(old);
    free(given);
    free(merged);
    return code;
}

/* The first profile that both have and that says something else. */
static int
find_changed_profile(void *context, const struct cat_difference *difference)
{
    struct err_note *note = context;
    if (difference->table != CAT_PROFILES || difference->change != CAT_CHANGED ||
        strcmp(difference->field, "points") != 0)
        return 0;
    return err_set(note, ERR_CONFLICT,
                   "profiles.csv: '%s' says %s here and %s in the site; targets were judged by it, "
                   "so give the new profile an id of its own",
                   difference->id, difference->new_text, difference->old_text);
}

static int
record(struct ledger *ledger, const char *folder, struct cal_date effective, struct wall_time now,
       const char *version, int64_t *ret_id, struct err_note *note)
{
    int code = ledger_catalogue_add(ledger, effective, now, version, ret_id, note);
    for (int i = 0; code == 0 && i < CAT_TABLE_COUNT; i++) {
        const char *name = cat_table_file((enum cat_table)i);
        char *bytes = NULL;
        size_t size = 0;
        code = read_table(folder, (enum cat_table)i, &bytes, &size, note);
        if (code == 0 && size > 0)
            code = ledger_catalogue_table(ledger, *ret_id, name, bytes, size, note);
        free(bytes);
    }
    return code;
}

int
catalogue_change_prepare(struct ledger *ledger, const struct site *site, const char *folder,
                         struct cal_date effective, struct wall_time now,
                         struct catalogue_change *ret_change, struct err_note *note)
{
    char old_folder[FILE_PATH_MAX], new_folder[FILE_PATH_MAX];
    struct catalogue_store *store = NULL;
    int code = catalogue_load(folder, &store, note); /* the edition by itself */
    if (code == 0)
        code = catalogue_diff(site->catalogue, catalogue_of(store), find_changed_profile, note);
    catalogue_free(store);
    store = NULL;
    if (code == 0 && (site_path(site, "catalogue", old_folder) != 0 ||
                      site_path(site, "catalogue.new", new_folder) != 0))
        code = err_set(note, ERR_RANGE, "path too long");
    if (code == 0)
        code = file_make_folder(new_folder, note);
    if (code == 0)
        code = catalogue_copy(folder, new_folder, note);
    if (code == 0)
        code = merge_table(old_folder, folder, new_folder, CAT_TARGETS, effective,
                           &ret_change->targets, note);
    if (code == 0)
        code = merge_table(old_folder, folder, new_folder, CAT_BANDS, effective, &ret_change->bands,
                           note);
    if (code == 0)
        code = catalogue_load(new_folder, &store, note); /* and merged */
    if (code == 0)
        code = record(ledger, new_folder, effective, now, catalogue_version(store),
                      &ret_change->edition, note);
    catalogue_free(store);
    return code;
}

/* Removes the tables of a folder and the folder. */
static void
remove_folder(const char *folder)
{
    char path[FILE_PATH_MAX];
    for (int i = 0; i < CAT_TABLE_COUNT; i++)
        if (file_join(path, folder, cat_table_file((enum cat_table)i)) == 0)
            (void)unlink(path); /* what is not there need not go */
    (void)rmdir(folder); /* what the operator put beside the tables stays, and the folder with it */
}

int
catalogue_change_finish(const struct site *site, struct err_note *note)
{
    char old_folder[FILE_PATH_MAX], new_folder[FILE_PATH_MAX];
    if (site_path(site, "catalogue", old_folder) != 0 ||
        site_path(site, "catalogue.new", new_folder) != 0)
        return err_set(note, ERR_RANGE, "path too long");
    if (renameat2(AT_FDCWD, new_folder, AT_FDCWD, old_folder, RENAME_EXCHANGE) != 0)
        return err_set(note, -errno, "put %s in place: %s", new_folder, strerror(errno));
    int code = file_sync_folder(site->folder, note);
    remove_folder(new_folder);
    return code;
}

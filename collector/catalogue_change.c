/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* renameat2 */
#include "collector/catalogue_change.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TABLE_SIZE_MAX = 64 << 20 };

static int
read_table(const char *folder, const char *name, char **ret_bytes, size_t *ret_size,
           struct err_note *note)
{
    char path[FILE_PATH_MAX];
    if (file_join(path, folder, name) != 0)
        return err_set(note, ERR_RANGE, "path too long");
    return file_read(path, TABLE_SIZE_MAX, ret_bytes, ret_size, note);
}

/* The site's targets with the edition's changes, into the new folder. */
static int
merge_targets(const char *old_folder, const char *edition, const char *new_folder,
              struct cal_date effective, struct merge_counts *ret_counts, struct err_note *note)
{
    const char *name = cat_table_file(CAT_TARGETS);
    char *old = NULL, *given = NULL, *merged = NULL, path[FILE_PATH_MAX];
    size_t old_size = 0, given_size = 0, merged_size = 0;
    int code = read_table(old_folder, name, &old, &old_size, note);
    if (code == 0)
        code = read_table(edition, name, &given, &given_size, note);
    if (code == 0)
        code = catalogue_merge_targets(old, old_size, given, given_size, effective, &merged,
                                       &merged_size, ret_counts, note);
    if (code == 0)
        code = file_join(path, new_folder, name);
    if (code == 0)
        code = file_write(path, merged, merged_size, 0644, note);
    free(old);
    free(given);
    free(merged);
    return code;
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
        code = read_table(folder, name, &bytes, &size, note);
        if (code == -ENOENT && cat_table_is_optional((enum cat_table)i))
            code = 0;
        else if (code == 0)
            code = ledger_catalogue_table(ledger, *ret_id, name, bytes, size, note);
        free(bytes);
    }
    return code;
}

int
catalogue_change_prepare(struct ledger *ledger, const struct site *site, const char *folder,
                         struct cal_date effective, struct wall_time now, int64_t *ret_id,
                         struct merge_counts *ret_counts, struct err_note *note)
{
    char old_folder[FILE_PATH_MAX], new_folder[FILE_PATH_MAX];
    struct catalogue_store *store = NULL;
    int code = catalogue_load(folder, &store, note); /* the edition by itself */
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
        code = merge_targets(old_folder, folder, new_folder, effective, ret_counts, note);
    if (code == 0)
        code = catalogue_load(new_folder, &store, note); /* and merged */
    if (code == 0)
        code = record(ledger, new_folder, effective, now, catalogue_version(store), ret_id, note);
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

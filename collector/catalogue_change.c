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

/* The first change of something without versions that past verdicts rest on. */
static int
find_rewrite(void *context, const struct cat_difference *difference)
{
    static const struct {
        enum cat_table table;
        const char *field;
    } fixed[] = { { CAT_PROFILES, "points" },      { CAT_PROFILES, "form" },
                  { CAT_INDICATORS, "kind" },      { CAT_INDICATORS, "cumulation" },
                  { CAT_INDICATORS, "direction" }, { CAT_INDICATORS, "unit" },
                  { CAT_UNITS, "factor" },         { CAT_CALENDARS, "frequency" } };
    struct err_note *note = context;
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        if (difference->change == CAT_CHANGED && difference->table == fixed[i].table &&
            strcmp(difference->field, fixed[i].field) == 0)
            return err_set(note, ERR_CONFLICT,
                           "%s: column %s of '%s' says %s, and %s in the site: past verdicts rest "
                           "on that, so give what is new an id of its own",
                           cat_table_file(difference->table), difference->field, difference->id,
                           difference->new_text, difference->old_text);
    return 0;
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

/* A table the edition may do without and does: the site's stays. */
static int
keep_tables(const char *old_folder, const char *new_folder, struct err_note *note)
{
    int code = 0;
    for (int i = 0; code == 0 && i < CAT_TABLE_COUNT; i++) {
        enum cat_table table = (enum cat_table)i;
        char path[FILE_PATH_MAX], *bytes = NULL;
        size_t size = 0;
        code = file_join(path, new_folder, cat_table_file(table));
        if (code != 0 || !cat_table_is_optional(table) || access(path, F_OK) == 0)
            continue;
        code = read_table(old_folder, table, &bytes, &size, note);
        if (code == 0 && size > 0)
            code = file_write(path, bytes, size, 0644, note);
        free(bytes);
    }
    return code;
}

/* The edition's tables, with the versions the site has, in the new folder. */
static int
merge_tables(const char *old_folder, const char *edition, const char *new_folder,
             struct cal_date effective, struct catalogue_change *change, struct err_note *note)
{
    int code = file_make_folder(new_folder, note);
    if (code == 0)
        code = catalogue_copy(edition, new_folder, note);
    if (code == 0)
        code = merge_table(old_folder, edition, new_folder, CAT_TARGETS, effective,
                           &change->targets, note);
    if (code == 0)
        code = merge_table(old_folder, edition, new_folder, CAT_BANDS, effective, &change->bands,
                           note);
    return code == 0 ? keep_tables(old_folder, new_folder, note) : code;
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
        code = catalogue_diff(site->catalogue, catalogue_of(store), find_rewrite, note);
    catalogue_free(store);
    store = NULL;
    if (code == 0 && (site_path(site, "catalogue", old_folder) != 0 ||
                      site_path(site, "catalogue.new", new_folder) != 0))
        code = err_set(note, ERR_RANGE, "path too long");
    if (code != 0)
        return code;
    remove_folder(new_folder); /* of one that was refused */
    code = merge_tables(old_folder, folder, new_folder, effective, ret_change, note);
    if (code == 0) {
        code = catalogue_load(new_folder, &store, note);
        if (code != 0)
            code = err_prefix(note, code,
                              "targets the edition leaves out stay in the site, and need what they "
                              "refer to; together");
    }
    if (code == 0)
        code = record(ledger, new_folder, effective, now, catalogue_version(store),
                      &ret_change->edition, note);
    catalogue_free(store);
    if (code != 0)
        remove_folder(new_folder);
    return code;
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/backup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "platform/hash.h"

enum { SUMS_MAX = 16 * 1024, FILES_MAX = CAT_TABLE_COUNT + 2, NAME_MAX_BYTES = 64 };

/* The n-th file of a backup, as SHA256SUMS names it. */
static void
file_name(size_t n, char name[NAME_MAX_BYTES])
{
    if (n < CAT_TABLE_COUNT)
        (void)snprintf(name, NAME_MAX_BYTES, "catalogue/%s", cat_table_file((enum cat_table)n));
    else
        (void)snprintf(name, NAME_MAX_BYTES, "%s",
                       n == CAT_TABLE_COUNT ? "ledger.db" : "pacewatch.yaml");
}

static bool
file_is_optional(size_t n)
{
    return n < CAT_TABLE_COUNT && cat_table_is_optional((enum cat_table)n);
}

static int
join(char *path, const char *folder, const char *name, struct err_note *note)
{
    return file_join(path, folder, name) == 0 ? 0 : err_set(note, ERR_RANGE, "path too long");
}

/* 1 or 0, or the code of a disk that cannot say: what may be there is never written over. */
static int
path_is_there(const char *path, struct err_note *note)
{
    if (access(path, F_OK) == 0)
        return 1;
    int code = -errno;
    return code == -ENOENT ? 0 : err_set(note, code, "%s: %s", path, err_text(code));
}

static int
is_there(const char *folder, const char *name, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    int code = join(path, folder, name, note);
    return code == 0 ? path_is_there(path, note) : code;
}

/* ---- SHA256SUMS ---- */

/* One line a file that is there; `text` has SUMS_MAX bytes. */
static int
sums_of(const char *folder, char *text, struct err_note *note)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t n = 0; n < FILES_MAX; n++) {
        char name[NAME_MAX_BYTES], path[FILE_PATH_MAX], hex[HASH_HEX];
        uint8_t hash[HASH_SIZE];
        file_name(n, name);
        int code = join(path, folder, name, note);
        if (code == 0)
            code = hash_sha256_file(path, hash, note);
        if (code == -ENOENT && file_is_optional(n))
            continue;
        if (code != 0)
            return code;
        used += (size_t)snprintf(text + used, SUMS_MAX - used, "%s  %s\n",
                                 hash_hex(hash, sizeof hash, hex), name);
    }
    return 0;
}

/* The name in the first line that the other text does not have. */
static const char *
first_difference(const char *text, const char *other, char name[NAME_MAX_BYTES])
{
    for (const char *line = text, *end; *line; line = end + 1) {
        end = strchr(line, '\n');
        if (!end)
            break;
        char whole[HASH_HEX + NAME_MAX_BYTES + 2];
        size_t length = (size_t)(end - line);
        if (length >= sizeof whole || length < HASH_HEX + 1)
            break;
        memcpy(whole, line, length);
        whole[length] = '\0';
        if (!strstr(other, whole)) {
            (void)snprintf(name, NAME_MAX_BYTES, "%.60s", whole + HASH_HEX + 1);
            return name;
        }
    }
    return "SHA256SUMS";
}

int
backup_check(const char *folder, struct err_note *note)
{
    char path[FILE_PATH_MAX], name[NAME_MAX_BYTES], got[SUMS_MAX], *want = NULL;
    size_t size = 0;
    int code = join(path, folder, "SHA256SUMS", note);
    if (code == 0)
        code = file_read(path, SUMS_MAX, &want, &size, note);
    if (code == -ENOENT)
        code = err_set(note, ERR_ABSENT, "%s is no backup: it has no SHA256SUMS", folder);
    if (code == 0)
        code = sums_of(folder, got, note);
    if (code == 0 && want && strcmp(want, got) != 0)
        code = err_set(note, ERR_DAMAGED, "%s: %s is not as it was written (sha256sum -c)", folder,
                       first_difference(got, want, name));
    free(want);
    return code;
}

/* ---- making ---- */

static int
copy_settings(const char *from_folder, const char *to_folder, struct err_note *note)
{
    char from[FILE_PATH_MAX], to[FILE_PATH_MAX], *bytes = NULL;
    size_t size = 0;
    int code = join(from, from_folder, "pacewatch.yaml", note);
    if (code == 0)
        code = join(to, to_folder, "pacewatch.yaml", note);
    if (code == 0)
        code = file_read(from, 1 << 20, &bytes, &size, note);
    if (code == 0)
        code = file_write(to, bytes, size, 0644, note);
    free(bytes);
    return code;
}

static int
copy_catalogue(const char *from_folder, const char *to_folder, const char *to_name,
               struct err_note *note)
{
    char from[FILE_PATH_MAX], to[FILE_PATH_MAX];
    int code = join(from, from_folder, "catalogue", note);
    if (code == 0)
        code = join(to, to_folder, to_name, note);
    if (code == 0)
        code = file_make_folder(to, note);
    return code == 0 ? catalogue_copy(from, to, note) : code;
}

static int
copy_ledger(const char *from_folder, const char *to_folder, const char *to_name,
            struct err_note *note)
{
    char from[FILE_PATH_MAX], to[FILE_PATH_MAX];
    struct ledger *ledger = NULL;
    int code = join(from, from_folder, "ledger.db", note);
    if (code == 0)
        code = join(to, to_folder, to_name, note);
    if (code == 0)
        code = ledger_open(from, LEDGER_READ, &ledger, note);
    if (code == 0)
        code = ledger_copy(ledger, to, note);
    ledger_close(ledger);
    return code;
}

static int
write_sums(const char *folder, struct err_note *note)
{
    char path[FILE_PATH_MAX], text[SUMS_MAX];
    int code = sums_of(folder, text, note);
    if (code == 0)
        code = join(path, folder, "SHA256SUMS", note);
    if (code == 0)
        code = file_write(path, text, strlen(text), 0644, note);
    return code;
}

/* What a backup that failed, or was cut off, left. */
static void
remove_backup(const char *folder)
{
    char path[FILE_PATH_MAX], name[NAME_MAX_BYTES];
    for (size_t n = 0; n < FILES_MAX; n++) {
        file_name(n, name);
        if (file_join(path, folder, name) == 0)
            (void)unlink(path); /* it may not be there */
    }
    if (file_join(path, folder, "SHA256SUMS") == 0)
        (void)unlink(path); /* likewise */
    if (file_join(path, folder, "catalogue") == 0)
        (void)rmdir(path); /* likewise */
    (void)rmdir(folder);   /* what others put there stays */
}

int
backup_make(const struct site *site, const char *folder, struct err_note *note)
{
    char partial[FILE_PATH_MAX];
    int n = snprintf(partial, sizeof partial, "%s.partial", folder);
    if (n < 0 || (size_t)n >= sizeof partial)
        return err_set(note, ERR_RANGE, "path too long");
    int code = path_is_there(folder, note);
    if (code == 1)
        return err_set(note, ERR_CONFLICT,
                       "%s exists already; every backup has a folder of its own", folder);
    if (code != 0)
        return code;
    remove_backup(partial);
    code = file_make_folder(partial, note);
    /* The catalogue first: the ledger may know more than the tables, never less. */
    if (code == 0)
        code = copy_catalogue(site->folder, partial, "catalogue", note);
    if (code == 0)
        code = copy_settings(site->folder, partial, note);
    if (code == 0)
        code = copy_ledger(site->folder, partial, "ledger.db", note);
    if (code == 0)
        code = write_sums(partial, note);
    if (code == 0)
        code = file_rename(partial, folder, note);
    if (code != 0) /* it may have its name already, and only not keep it through a power cut */
        remove_backup(access(partial, F_OK) == 0 ? partial : folder);
    return code;
}

/* ---- restoring ---- */

/* Brings what a writer left in the log into the file, and raises *generation to how often it was
 * restored. One that cannot be opened is set aside as it is. */
static int
close_ledger(const char *site_folder, const char *name, uint64_t *generation, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    uint8_t id[WIRE_STREAM_ID];
    uint64_t its = 0;
    struct ledger *ledger = NULL;
    int code = is_there(site_folder, name, note);
    if (code != 1)
        return code;
    if (file_join(path, site_folder, name) == 0 &&
        ledger_open(path, LEDGER_WRITE, &ledger, NULL) == 0)
        ledger_identity(ledger, id, &its);
    ledger_close(ledger);
    *generation = its > *generation ? its : *generation;
    return 0;
}

/* The highest generation that is known here: a restore that was cut off may have set the old ledger
 * aside already, and left only the new one. */
static int
close_old_ledgers(const char *site_folder, uint64_t *ret_generation, struct err_note *note)
{
    *ret_generation = 0;
    int code = close_ledger(site_folder, "ledger.db", ret_generation, note);
    return code == 0 ? close_ledger(site_folder, "ledger.db.new", ret_generation, note) : code;
}

/* The ledger that will stand there, under a name of its own. */
static int
prepare_ledger(const char *site_folder, const char *folder, uint64_t old_generation,
               struct backup_restored *restored, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    uint8_t id[WIRE_STREAM_ID];
    struct ledger *ledger = NULL;
    int code = join(path, site_folder, "ledger.db.new", note);
    if (code == 0)
        code = file_remove(path, note); /* of a restore that was cut off */
    if (code == 0)
        code = copy_ledger(folder, site_folder, "ledger.db.new", note);
    if (code == 0)
        code = ledger_open(path, LEDGER_WRITE, &ledger, note);
    if (code == 0) {
        ledger_identity(ledger, id, &restored->generation);
        if (restored->generation < old_generation)
            restored->generation = old_generation;
        restored->generation++;
        restored->position = ledger_position(ledger);
        code = ledger_begin(ledger, note);
    }
    if (code == 0)
        code = ledger_set_generation(ledger, restored->generation, note);
    if (code == 0)
        code = ledger_commit(ledger, note);
    ledger_close(ledger);
    return code;
}

static int
move(const char *from_folder, const char *from_name, const char *to_folder, const char *to_name,
     struct err_note *note)
{
    char from[FILE_PATH_MAX], to[FILE_PATH_MAX];
    int code = is_there(from_folder, from_name, note);
    if (code != 1)
        return code;
    code = join(from, from_folder, from_name, note);
    if (code == 0)
        code = join(to, to_folder, to_name, note);
    return code == 0 ? file_rename(from, to, note) : code;
}

/* A folder of its own for what is set aside, also when the clock shows a time for the second time.
 */
static int
make_aside(const char *site_folder, struct wall_time now, char path[FILE_PATH_MAX],
           struct err_note *note)
{
    char name[64]; /* fits */
    (void)snprintf(name, sizeof name, "replaced-%" PRId64, now.seconds);
    int code;
    for (int i = 2; (code = is_there(site_folder, name, note)) == 1; i++)
        (void)snprintf(name, sizeof name, "replaced-%" PRId64 "-%d", now.seconds, i);
    if (code == 0)
        code = join(path, site_folder, name, note);
    return code == 0 ? file_make_folder(path, note) : code;
}

/* The log of a ledger goes before the ledger: a log beside another ledger would be taken for its.
 */
static int
set_aside(const char *site_folder, struct wall_time now, struct backup_restored *restored,
          struct err_note *note)
{
    static const char *const names[] = { "ledger.db-wal", "ledger.db-shm", "ledger.db",
                                         "catalogue" };
    int code = make_aside(site_folder, now, restored->replaced, note);
    for (size_t i = 0; code == 0 && i < sizeof names / sizeof names[0]; i++)
        code = move(site_folder, names[i], restored->replaced, names[i], note);
    return code;
}

static int
restore_locked(const char *site_folder, const char *folder, struct wall_time now,
               struct backup_restored *restored, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    uint64_t old_generation = 0;
    int code = close_old_ledgers(site_folder, &old_generation, note);
    if (code == 0)
        code = prepare_ledger(site_folder, folder, old_generation, restored, note);
    if (code == 0)
        code = copy_catalogue(folder, site_folder, "catalogue.new", note);
    if (code == 0) /* archives are drawn anew from what the ledger holds then */
        code = join(path, site_folder, "rrd/state", note);
    if (code == 0)
        code = file_remove(path, note);
    if (code == 0)
        code = set_aside(site_folder, now, restored, note);
    if (code == 0)
        code = move(site_folder, "ledger.db.new", site_folder, "ledger.db", note);
    return code == 0 ? move(site_folder, "catalogue.new", site_folder, "catalogue", note) : code;
}

static int
make_site(const char *site_folder, const char *folder, struct err_note *note)
{
    char catalogue[FILE_PATH_MAX];
    int code = join(catalogue, folder, "catalogue", note);
    if (code == 0)
        code = site_create(site_folder, catalogue, note);
    return code == 0 ? copy_settings(folder, site_folder, note) : code;
}

int
backup_restore(const char *site_folder, const char *folder, struct wall_time now,
               struct backup_restored *ret_restored, struct err_note *note)
{
    *ret_restored = (struct backup_restored){ .generation = 0 };
    int code = backup_check(folder, note);
    if (code != 0)
        return code;
    code = is_there(site_folder, "pacewatch.yaml", note);
    if (code < 0)
        return code;
    ret_restored->is_new_site = code == 0;
    code = 0;
    if (ret_restored->is_new_site)
        code = make_site(site_folder, folder, note);
    if (code != 0)
        return code;
    int lock = file_lock_folder(site_folder, note);
    if (lock < 0)
        return lock;
    code = restore_locked(site_folder, folder, now, ret_restored, note);
    (void)close(lock); /* gives the lock back */
    return code;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/orphans.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "agent/receipt.h"
#include "platform/file.h"
#include "platform/hash.h"

static bool
has_receipt(const char *folder, const char *name, const uint8_t sha256[HASH_SIZE])
{
    char path[FILE_PATH_MAX];
    return receipt_path(folder, name, sha256, "csv", path) == 0 && access(path, F_OK) == 0;
}

/* "6月.3f2a91bc.csv" -> "6月.csv": in done/ a name that was taken got the hash into it, in
 * receipts/ it did not. */
static bool
plain_name(const char *name, const uint8_t sha256[HASH_SIZE], char plain[FILE_PATH_MAX])
{
    char hex[10] = ".";
    (void)hash_hex(sha256, 4, hex + 1);
    const char *at = strstr(name, hex);
    if (!at)
        return false;
    (void)snprintf(plain, FILE_PATH_MAX, "%.*s%s", (int)(at - name), name, at + strlen(hex));
    return true;
}

/* What cannot be read, or is no file, could not come back either. */
static void
look_at(const char *home, const char *name, const struct spool *spool,
        const struct spool_events *events)
{
    char done[FILE_PATH_MAX], receipts[FILE_PATH_MAX], path[FILE_PATH_MAX], plain[FILE_PATH_MAX];
    uint8_t sha256[HASH_SIZE];
    if (file_join(done, home, "done") != 0 || file_join(receipts, home, "receipts") != 0 ||
        file_join(path, done, name) != 0 || hash_sha256_file(path, sha256, NULL) != 0)
        return;
    if (!has_receipt(receipts, name, sha256) &&
        !(plain_name(name, sha256, plain) && has_receipt(receipts, plain, sha256)) &&
        !spool_knows_file(spool, sha256, NULL, NULL))
        events->lost(events->context, name, sha256);
}

int
orphans_find(const char *home, const struct spool *spool, const struct spool_events *events,
             struct err_note *note)
{
    char done[FILE_PATH_MAX];
    struct file_list files = { 0 };
    int code = file_join(done, home, "done");
    if (!code)
        code = file_list(done, &files, note);
    for (size_t i = 0; !code && i < files.count; i++)
        look_at(home, files.names[i], spool, events);
    file_list_free(&files);
    return code;
}

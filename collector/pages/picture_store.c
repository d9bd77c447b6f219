/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/pages/picture_store.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "collector/pages/pages.h"
#include "platform/hash.h"

enum {
    MAGIC = 4,
    NUMBER = 4,
    SIZE_AT = MAGIC + NUMBER,
    HASH_AT = SIZE_AT + NUMBER,
    HEAD = HASH_AT + HASH_SIZE,
    FILE_MAX = HEAD + ANSWER_TAG_MAX + PICTURE_STORED_MAX,
    READ_SECONDS = 10, /* a file is read at once */
};

/* SITE/cache/5f3.picture */
static int
path_of(const struct site *site, const char *tag, char *path)
{
    uint8_t hash[HASH_SIZE];
    char name[32];
    hash_sha256(tag, strlen(tag), hash);
    (void)snprintf(name, sizeof name, "cache/%03x.picture",
                   (hash[0] << 8 | hash[1]) % PICTURE_SLOTS); /* fits */
    return site_path(site, name, path);
}

static void
put_number(char *at, size_t number)
{
    for (int i = 0; i < NUMBER; i++)
        at[i] = (char)(number >> (8 * i) & 0xff);
}

/* What comes before tag and picture. */
static void
make_head(const char *tag, const char *bytes, size_t size, char head[HEAD])
{
    uint8_t of_tag[HASH_SIZE], hash[HASH_SIZE];
    memcpy(head, "PWP1", MAGIC);
    put_number(head + MAGIC, strlen(tag));
    put_number(head + SIZE_AT, size);
    hash_sha256(tag, strlen(tag), of_tag);
    hash_chain(of_tag, size, bytes, size, hash);
    memcpy(head + HASH_AT, hash, HASH_SIZE);
}

bool
picture_store_get(const struct site *site, const char *tag, char **ret_bytes, size_t *ret_size)
{
    char path[FILE_PATH_MAX], head[HEAD], *text = NULL;
    size_t size = 0, before = HEAD + strlen(tag);
    if (path_of(site, tag, path) != 0 || file_read(path, FILE_MAX, &text, &size, NULL) != 0)
        return false;
    bool is_it = size > before && memcmp(text + HEAD, tag, strlen(tag)) == 0;
    if (is_it) {
        make_head(tag, text + before, size - before, head);
        is_it = memcmp(text, head, HEAD) == 0;
    }
    if (is_it) {
        memmove(text, text + before, size - before);
        *ret_bytes = text;
        *ret_size = size - before;
        return true;
    }
    free(text);
    return false;
}

void
picture_store_put(const struct site *site, const char *tag, const char *bytes, size_t size)
{
    char path[FILE_PATH_MAX], folder[FILE_PATH_MAX];
    size_t before = HEAD + strlen(tag);
    if (size == 0 || size > PICTURE_STORED_MAX || strlen(tag) >= ANSWER_TAG_MAX ||
        path_of(site, tag, path) != 0 || site_path(site, "cache", folder) != 0)
        return;
    char *text = malloc(before + size);
    if (!text)
        return;
    make_head(tag, bytes, size, text);
    for (size_t i = 0; tag[i]; i++)
        text[HEAD + i] = tag[i];
    memcpy(text + before, bytes, size);
    int code = file_write_again(path, text, before + size, 0644, READ_SECONDS, NULL);
    if (code == -ENOENT && file_make_folder(folder, NULL) == 0)
        code = file_write_again(path, text, before + size, 0644, READ_SECONDS, NULL);
    (void)code; /* it is drawn again then */
    free(text);
}

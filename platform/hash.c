/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
hash_sha256(const void *bytes, size_t size, uint8_t ret_hash[HASH_SIZE])
{
    static const uint8_t nothing;
    (void)crypto_hash_sha256(ret_hash, size > 0 ? bytes : &nothing, size); /* always 0 */
}

int
hash_sha256_file(const char *path, uint8_t ret_hash[HASH_SIZE], struct err_note *note)
{
    crypto_hash_sha256_state state;
    uint8_t bytes[16384];
    struct stat st;
    ssize_t n = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return err_set(note, -errno, "read %s: %s", path, err_text(-errno));
    (void)crypto_hash_sha256_init(&state); /* always 0, like the others */
    bool is_regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    while (is_regular && (n = read(fd, bytes, sizeof bytes)) != 0) {
        if (n > 0)
            (void)crypto_hash_sha256_update(&state, bytes, (unsigned long long)n);
        else if (errno != EINTR)
            break;
    }
    int code = !is_regular ? err_set(note, ERR_REFUSED, "read %s: not a regular file", path)
               : n < 0     ? err_set(note, -errno, "read %s: %s", path, err_text(-errno))
                           : 0;
    (void)close(fd); /* only read */
    if (code == 0)
        (void)crypto_hash_sha256_final(&state, ret_hash);
    return code;
}

void
hash_chain(const uint8_t previous[HASH_SIZE], uint64_t seq, const void *payload, size_t size,
           uint8_t ret_hash[HASH_SIZE])
{
    uint8_t number[8];
    for (size_t i = 0; i < sizeof number; i++)
        number[i] = (uint8_t)(seq >> (8 * i));
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, HASH_SIZE); /* fails only for bad sizes */
    (void)crypto_generichash_update(&state, previous, HASH_SIZE);
    (void)crypto_generichash_update(&state, number, sizeof number);
    if (size > 0)
        (void)crypto_generichash_update(&state, payload, size);
    uint8_t hash[HASH_SIZE]; /* `ret_hash` may be `previous` */
    (void)crypto_generichash_final(&state, hash, sizeof hash);
    memcpy(ret_hash, hash, sizeof hash);
}

void
hash_chain_start(const uint8_t stream_id[16], uint8_t ret_hash[HASH_SIZE])
{
    memcpy(ret_hash, stream_id, 16);
    memset(ret_hash + 16, 0, 16);
}

char *
hash_hex(const uint8_t *bytes, size_t size, char *text)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * size] = '\0';
    return text;
}

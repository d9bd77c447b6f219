/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "folder.h"
#include "platform/crc32c.h"
#include "platform/hash.h"

static void
test_sha256(void **state)
{
    (void)state;
    uint8_t hash[HASH_SIZE];
    char text[HASH_HEX];
    hash_sha256("abc", 3, hash);
    assert_string_equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                        hash_hex(hash, sizeof hash, text));
    hash_sha256(NULL, 0, hash);
    assert_string_equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                        hash_hex(hash, sizeof hash, text));
}

/* The vectors are from Python: hashlib.blake2b(previous + seq.to_bytes(8, "little") + payload,
 * digest_size=32). */
/* Of a file as of its bytes, in however many pieces; what is no regular file has none. */
static void
test_sha256_of_a_file(void **state)
{
    static uint8_t bytes[50000];
    static const size_t sizes[] = { 0, 1, 16383, 16384, 16385, sizeof bytes };
    struct err_note note = { { 0 } };
    const char *path = folder_path(*state, "file");
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint8_t want[HASH_SIZE], got[HASH_SIZE];
        FILE *out = fopen(path, "wb");
        assert_non_null(out);
        assert_int_equal(sizes[i], fwrite(bytes, 1, sizes[i], out));
        assert_int_equal(0, fclose(out));
        hash_sha256(bytes, sizes[i], want);
        assert_int_equal(0, hash_sha256_file(path, got, &note));
        assert_memory_equal(want, got, HASH_SIZE);
    }
    uint8_t untouched[HASH_SIZE] = { 7 };
    assert_int_equal(-ENOENT, hash_sha256_file(folder_path(*state, "none"), untouched, &note));
    assert_non_null(strstr(note.text, "none"));
    assert_int_equal(ERR_REFUSED, hash_sha256_file(*state, untouched, &note));
    assert_int_equal(0, symlink("file", folder_path(*state, "link")));
    assert_int_equal(-ELOOP, hash_sha256_file(folder_path(*state, "link"), untouched, &note));
    assert_int_equal(7, untouched[0]);
}

static void
test_chain(void **state)
{
    (void)state;
    uint8_t id[16], hash[HASH_SIZE];
    char text[HASH_HEX];
    for (uint8_t i = 0; i < 16; i++)
        id[i] = i;
    hash_chain_start(id, hash);
    assert_string_equal("000102030405060708090a0b0c0d0e0f00000000000000000000000000000000",
                        hash_hex(hash, sizeof hash, text));
    hash_chain(hash, 1, "payload", 7, hash); /* in place */
    assert_string_equal("52e12345dd52e73fe910f0d1b20646e0dc5a8e46f22d8130ce518eab3398fd19",
                        hash_hex(hash, sizeof hash, text));
    hash_chain(hash, 0x0102030405060708, NULL, 0, hash);
    assert_string_equal("7582b52ebf27277e219a2be688b39acdf8e15adca04095e32aa7790a2657cd74",
                        hash_hex(hash, sizeof hash, text));
}

static void
test_chain_depends_on_all(void **state)
{
    (void)state;
    uint8_t start[HASH_SIZE] = { 1 }, other[HASH_SIZE] = { 2 }, a[HASH_SIZE], b[HASH_SIZE];
    hash_chain(start, 1, "x", 1, a);
    hash_chain(other, 1, "x", 1, b);
    assert_memory_not_equal(a, b, HASH_SIZE);
    hash_chain(start, 2, "x", 1, b);
    assert_memory_not_equal(a, b, HASH_SIZE);
    hash_chain(start, 1, "y", 1, b);
    assert_memory_not_equal(a, b, HASH_SIZE);
    hash_chain(start, 1, "x", 1, b);
    assert_memory_equal(a, b, HASH_SIZE);
}

static void
test_crc32c(void **state)
{
    (void)state;
    static const uint8_t zeros[32];
    uint8_t ones[32], rising[32];
    memset(ones, 0xFF, sizeof ones);
    for (uint8_t i = 0; i < 32; i++)
        rising[i] = i;
    assert_int_equal(0xE3069283, hash_crc32c(0, "123456789", 9));
    assert_int_equal(0x8A9136AA, hash_crc32c(0, zeros, 32)); /* RFC 3720, B.4 */
    assert_int_equal(0x62A8AB43, hash_crc32c(0, ones, 32));
    assert_int_equal(0x46DD794E, hash_crc32c(0, rising, 32));
    assert_int_equal(0, hash_crc32c(0, NULL, 0));
    static const char digits[] = "123456789";
    for (size_t cut = 0; cut <= 9; cut++)
        assert_int_equal(0xE3069283,
                         hash_crc32c(hash_crc32c(0, digits, cut), digits + cut, 9 - cut));
}

/* A bit at a time, as the polynomial says. */
static uint32_t
crc_by_bits(uint32_t crc, const uint8_t *bytes, size_t size)
{
    crc = ~crc;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78 : 0);
    }
    return ~crc;
}

/* Table and instruction say the same, at every length and place. */
static void
test_crc32c_both_ways(void **state)
{
    (void)state;
    uint8_t bytes[300];
    uint32_t drawn = 1;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)((drawn = drawn * 1664525 + 1013904223) >> 24);
    for (size_t at = 0; at < 9; at++) {
        for (size_t size = 0; size + at <= sizeof bytes; size++) {
            uint32_t before = (uint32_t)size * 2654435761U;
            uint32_t want = crc_by_bits(before, bytes + at, size);
            assert_int_equal(want, crc32c_by_table(before, bytes + at, size));
            assert_int_equal(want, hash_crc32c(before, bytes + at, size));
        }
    }
}

static void
test_hex(void **state)
{
    (void)state;
    static const uint8_t bytes[] = { 0x00, 0x9f, 0xa0, 0xff };
    char text[9] = "........";
    assert_string_equal("009fa0ff", hash_hex(bytes, 4, text));
    assert_string_equal("", hash_hex(bytes, 0, text));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256),
        cmocka_unit_test_setup_teardown(test_sha256_of_a_file, folder_setup, folder_teardown),
        cmocka_unit_test(test_chain),
        cmocka_unit_test(test_chain_depends_on_all),
        cmocka_unit_test(test_crc32c),
        cmocka_unit_test(test_crc32c_both_ways),
        cmocka_unit_test(test_hex),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

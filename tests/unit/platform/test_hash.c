/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

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
        cmocka_unit_test(test_chain),
        cmocka_unit_test(test_chain_depends_on_all),
        cmocka_unit_test(test_crc32c),
        cmocka_unit_test(test_hex),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

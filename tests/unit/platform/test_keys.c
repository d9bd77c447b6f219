/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "folder.h"
#include "platform/keys.h"

static const struct key_pair manual = { "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
                                        "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6" };

static void
put_secret(const char *folder, const char *name, const char *text)
{
    (void)unlink(folder_path(folder, name));
    folder_put(folder, name, text);
    assert_int_equal(0, chmod(folder_path(folder, name), 0400));
}

static void
test_round_trip(void **state)
{
    struct key_pair pair, again, other;
    struct stat st;
    struct err_note note = { 0 };
    assert_int_equal(0, keys_generate(&pair, &note));
    assert_int_equal(0, keys_generate(&other, &note));
    assert_string_not_equal(pair.public_key, other.public_key);
    assert_int_equal(40, strlen(pair.public_key));
    assert_int_equal(0, keys_save(*state, "agent", &pair, &note));
    assert_int_equal(0, keys_load(*state, "agent", &again, &note));
    assert_memory_equal(&pair, &again, sizeof pair);
    assert_int_equal(0, stat(folder_path(*state, "agent.secret"), &st));
    assert_int_equal(0400, st.st_mode & 0777);
    assert_int_equal(0, stat(folder_path(*state, "agent.public"), &st));
    assert_int_equal(0644, st.st_mode & 0777);

    assert_int_equal(ERR_CONFLICT, keys_save(*state, "agent", &other, &note));
    assert_non_null(strstr(note.text, "agent.secret exists and is not overwritten"));
    assert_int_equal(0, keys_load(*state, "agent", &again, &note));
    assert_memory_equal(&pair, &again, sizeof pair);
    assert_int_equal(ERR_RANGE, keys_save(*state, "../agent", &pair, &note));
}

static void
test_load_refuses(void **state)
{
    struct key_pair pair, other, untouched;
    struct err_note note = { 0 };
    assert_int_equal(0, keys_generate(&pair, NULL));
    assert_int_equal(0, keys_generate(&other, NULL));
    memset(&untouched, 'u', sizeof untouched);
    struct key_pair result = untouched;
    assert_int_equal(-ENOENT, keys_load(*state, "k", &result, &note));
    assert_non_null(strstr(note.text, "k.secret"));
    assert_int_equal(0, keys_save(*state, "k", &pair, NULL));

    static const mode_t modes[] = { 0440, 0404, 0420, 0401 };
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(0, chmod(folder_path(*state, "k.secret"), modes[i]));
        assert_int_equal(ERR_REFUSED, keys_load(*state, "k", &result, &note));
        assert_non_null(strstr(note.text, "others may read this secret"));
        assert_non_null(strstr(note.text, "chmod 400"));
    }
    assert_int_equal(0, chmod(folder_path(*state, "k.secret"), 0600));
    assert_int_equal(0, keys_load(*state, "k", &result, &note));
    result = untouched;

    folder_put(*state, "k.public", other.public_key);
    assert_int_equal(ERR_CONFLICT, keys_load(*state, "k", &result, &note));
    assert_non_null(strstr(note.text, "does not belong to its .public file"));
    folder_put(*state, "k.public", "nonsense");
    assert_int_equal(ERR_SYNTAX, keys_load(*state, "k", &result, &note));
    assert_non_null(strstr(note.text, "k.public: not a key (40 characters of Z85)"));
    put_secret(*state, "k.secret", "nonsense");
    assert_int_equal(ERR_SYNTAX, keys_load(*state, "k", &result, &note));
    assert_non_null(strstr(note.text, "k.secret: not a key"));
    assert_null(strstr(note.text, "nonsense")); /* a secret is never repeated */
    assert_int_equal(0, unlink(folder_path(*state, "k.secret")));
    assert_int_equal(0, symlink("k.public", folder_path(*state, "k.secret")));
    assert_true(keys_load(*state, "k", &result, &note) < 0);
    assert_int_equal(0, unlink(folder_path(*state, "k.secret")));
    assert_int_equal(0, mkfifo(folder_path(*state, "k.secret"), 0400));
    assert_int_equal(ERR_REFUSED, keys_load(*state, "k", &result, &note));
    assert_memory_equal(&untouched, &result, sizeof result);
}

static void
test_a_folder_open_to_others_is_refused(void **state)
{
    struct key_pair pair, result;
    struct err_note note = { 0 };
    assert_int_equal(0, keys_generate(&pair, NULL));
    assert_int_equal(0, keys_save(*state, "k", &pair, NULL));
    static const mode_t open_to[] = { 0755, 0704, 0720, 0702, 0701 };
    for (size_t i = 0; i < sizeof open_to / sizeof open_to[0]; i++) {
        assert_int_equal(0, chmod(*state, open_to[i]));
        assert_int_equal(ERR_REFUSED, keys_load(*state, "k", &result, &note));
        assert_non_null(strstr(note.text, "chmod 700"));
    }
    assert_int_equal(0, chmod(*state, 0750));
    assert_int_equal(0, keys_load(*state, "k", &result, &note));
}

static void
test_check_public(void **state)
{
    (void)state;
    struct key_pair pair;
    struct err_note note = { 0 };
    assert_int_equal(0, keys_generate(&pair, NULL));
    assert_int_equal(0, keys_check_public(pair.public_key, &note));
    assert_int_equal(ERR_SYNTAX, keys_check_public("nonsense", &note));
    assert_int_equal(ERR_REFUSED, keys_check_public(manual.public_key, &note));
}

/* What must be in the folder: the pair, loadable after settling, and nothing of the next. */
static void
expect_settled(const char *folder, const struct key_pair *want)
{
    struct key_pair got;
    struct err_note note = { 0 };
    assert_int_equal(0, keys_settle(folder, "k.next", "k", &note));
    assert_int_equal(0, keys_load(folder, "k", &got, &note));
    assert_memory_equal(want, &got, sizeof got);
}

static void
test_a_promotion_survives_a_crash_at_every_step(void **state)
{
    struct key_pair old, next;
    struct stat st;
    assert_int_equal(0, keys_generate(&old, NULL));
    assert_int_equal(0, keys_generate(&next, NULL));
    assert_int_equal(0, keys_save(*state, "k", &old, NULL));
    expect_settled(*state, &old); /* there is none */
    folder_put(*state, "k.next.public", next.public_key);
    expect_settled(*state, &old); /* crash while it is made */
    assert_false(keys_exist(*state, "k.next"));
    assert_int_equal(0, keys_save(*state, "k.next", &next, NULL));
    assert_true(keys_exist(*state, "k.next"));
    expect_settled(*state, &old); /* not promoted yet */
    char from[128];
    (void)snprintf(from, sizeof from, "%s", folder_path(*state, "k.next.public"));
    assert_int_equal(0, rename(from, folder_path(*state, "k.public"))); /* crash between */
    expect_settled(*state, &next);
    expect_settled(*state, &next);
    assert_false(keys_exist(*state, "k.next"));

    assert_int_equal(0, keys_save(*state, "k.next", &old, NULL));
    assert_int_equal(0, keys_promote(*state, "k.next", "k", NULL));
    expect_settled(*state, &old);
    assert_int_equal(0, stat(folder_path(*state, "k.secret"), &st));
    assert_int_equal(0400, st.st_mode & 0777);
    assert_int_not_equal(0, keys_promote(*state, "k.next", "k", NULL)); /* none is there */
    expect_settled(*state, &old);
}

static void
test_a_copy_takes_the_place_of_another(void **state)
{
    struct key_pair pair, other, got;
    assert_int_equal(0, keys_generate(&pair, NULL));
    assert_int_equal(0, keys_generate(&other, NULL));
    assert_int_equal(0, keys_save(*state, "k", &pair, NULL));
    assert_int_equal(0, keys_save(*state, "k.old", &other, NULL));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(0, keys_copy(*state, "k", "k.old", NULL));
        assert_int_equal(0, keys_load(*state, "k.old", &got, NULL));
        assert_memory_equal(&pair, &got, sizeof got);
    }
    assert_int_equal(-ENOENT, keys_copy(*state, "none", "k.old", NULL));
    assert_int_equal(0, keys_load(*state, "k.old", &got, NULL));
}

static void
test_published_keys_are_refused(void **state)
{
    static const struct key_pair published[] = {
        { "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7", "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6" },
        { "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID", "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs" },
    };
    for (size_t i = 0; i < 2; i++) {
        struct key_pair result;
        struct err_note note = { 0 };
        char name[8], key[KEY_TEXT];
        (void)snprintf(name, sizeof name, "p%zu", i);
        assert_int_equal(0, keys_save(*state, name, &published[i], NULL));
        assert_int_equal(ERR_REFUSED, keys_load(*state, name, &result, &note));
        assert_non_null(strstr(note.text, "printed in libzmq's manual"));
        assert_int_equal(ERR_REFUSED, keys_load_public(published[i].public_key, key, &note));
    }
}

static void
test_load_public(void **state)
{
    struct key_pair pair;
    struct err_note note = { 0 };
    char key[KEY_TEXT] = "untouched", text[128];
    assert_int_equal(0, keys_generate(&pair, NULL));
    (void)snprintf(text, sizeof text, " \t%s\r\n\n", pair.public_key);
    folder_put(*state, "f", text);
    assert_int_equal(0, keys_load_public(folder_path(*state, "f"), key, &note));
    assert_string_equal(pair.public_key, key);
    memset(key, 0, sizeof key);
    assert_int_equal(0, keys_load_public(text, key, &note)); /* the text itself */
    assert_string_equal(pair.public_key, key);
    assert_int_equal(-ENOENT, keys_load_public(folder_path(*state, "none"), key, &note));
    (void)snprintf(text, sizeof text, "%s\n%s", pair.public_key, pair.public_key);
    folder_put(*state, "f", text);
    assert_int_equal(ERR_SYNTAX, keys_load_public(folder_path(*state, "f"), key, &note));
    assert_non_null(strstr(note.text, "/f: not a key (40 characters of Z85)"));
    folder_put(*state, "f", "");
    assert_int_equal(ERR_SYNTAX, keys_load_public(folder_path(*state, "f"), key, &note));
    assert_string_equal(pair.public_key, key);

    /* A path that looks like a key is still a path when there is a file. */
    char name[KEY_TEXT];
    memset(name, 'x', KEY_TEXT - 1);
    name[KEY_TEXT - 1] = '\0';
    assert_true(keys_is_public(name));
    folder_put(*state, name, pair.public_key);
    char before[256];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(0, chdir(*state));
    int rc = keys_load_public(name, key, &note);
    assert_int_equal(0, chdir(before));
    assert_int_equal(0, rc);
    assert_string_equal(pair.public_key, key);
}

static void
test_is_public(void **state)
{
    (void)state;
    assert_true(keys_is_public(manual.public_key));
    assert_false(keys_is_public(""));
    assert_false(keys_is_public(NULL));
    assert_false(keys_is_public("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf"));
    assert_false(keys_is_public("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf77"));
    assert_false(keys_is_public("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf_")); /* not in Z85 */
    assert_false(keys_is_public("rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]y\xe6\xb9"));
    assert_false(keys_is_public("########################################")); /* over 2^32 */
}

static void
test_fingerprint(void **state)
{
    (void)state;
    char text[KEY_FINGERPRINT];
    keys_fingerprint(manual.public_key, text);
    assert_string_equal("5225-01F4-E7A6-3F61-DD77", text);
    assert_int_equal(24, strlen(text));
    keys_fingerprint("no key", text);
    assert_string_equal("?", text);
}

static void
test_wipe(void **state)
{
    (void)state;
    struct key_pair pair = manual;
    static const char zeros[KEY_TEXT];
    keys_wipe(&pair);
    assert_memory_equal(zeros, pair.secret_key, KEY_TEXT);
    assert_string_equal(manual.public_key, pair.public_key);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_round_trip),
        IN_FOLDER(test_load_refuses),
        IN_FOLDER(test_a_folder_open_to_others_is_refused),
        IN_FOLDER(test_a_promotion_survives_a_crash_at_every_step),
        IN_FOLDER(test_a_copy_takes_the_place_of_another),
        IN_FOLDER(test_published_keys_are_refused),
        cmocka_unit_test(test_check_public),
        IN_FOLDER(test_load_public),
        cmocka_unit_test(test_is_public),
        cmocka_unit_test(test_fingerprint),
        cmocka_unit_test(test_wipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * The status file and agent.yaml. */
#include "tests/unit/agent/spooling.h"

#include "agent/config.h"
#include "agent/status.h"
#include "agent/words.h"

static void
test_status_round_trip(void **state)
{
    (void)state;
    char folder[64];
    struct status status = { .publisher = "deqing", .link = "已连接，握手完成" }, again;
    struct status_line line;
    folder_make(folder);
    assert_int_not_equal(0, status_read(folder, &again, NULL));
    assert_int_equal(0, status_write(folder, &status, NULL));
    assert_int_equal(0, status_read(folder, &again, NULL));
    assert_memory_equal(&status, &again, sizeof status);
    assert_int_equal(1, status_line(&again, 1, LANG_ZH, &line));
    assert_string_equal("publisher", line.key);
    assert_string_equal("填报单位", line.label);
    assert_string_equal("deqing", line.text);
    assert_int_equal(0, status_line(&again, 99, LANG_EN, &line));
    folder_put(folder, "status.txt", "colour: red\npublisher: \nlink: x: y\nnonsense");
    assert_int_equal(0, status_read(folder, &again, NULL));
    assert_string_equal("", again.publisher);
    assert_string_equal("x: y", again.link);
    folder_remove(folder);
}

static void
test_words_are_cut_at_a_character(void **state)
{
    (void)state;
    char copy[8];
    assert_string_equal("湖州", words_say(copy, sizeof copy, LANG_ZH, "%s", "%s", "湖州市"));
}

static void
test_config(void **state)
{
    (void)state;
    struct key_pair pair;
    char yaml[512];
    assert_int_equal(0, keys_generate(&pair, NULL));
    static const struct {
        const char *yaml;
        const char *said; /* NULL: accepted */
    } cases[] = {
        { "collector_key: \"KEY\"\n", NULL },
        { "collector_key: keys/city.public\n", NULL },
        { "", "collector_key" },
        { "collector_key: \"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7\"\n", "manual" },
        { "collector_key: \"x\"\n", "neither" },
        { "collector_key: \"KEY\"\nnext_collector: \"tcp://a:1\"\n"
          "next_collector_key: keys/city.public\n",
          NULL },
        { "collector_key: \"KEY\"\nnext_collector: \"tcp://a:1\"\n", "next_collector_key is" },
        { "collector_key: \"KEY\"\nlanguage: fr\n", "neither zh-CN nor en" },
        { "collector_key: \"KEY\"\nlog_level: all\n", "none of" },
        { "collector_key: \"KEY\"\nretain_days: 0\n", "retain_days" },
        { "colector: tcp://h:1\n", "line 3" },
    };
    char folder[64];
    folder_make(folder);
    assert_int_equal(0, mkdir(folder_path(folder, "keys"), 0700));
    folder_put(folder_path(folder, "keys"), "city.public", pair.public_key);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct agent_config config;
        struct err_note note = { { 0 } };
        (void)snprintf(yaml, sizeof yaml, "publisher: deqing\ncollector: tcp://h:1\n%s",
                       cases[i].yaml);
        char *key = strstr(yaml, "KEY");
        if (key) { /* a real one in its place */
            memmove(key + KEY_TEXT - 1, key + 3, strlen(key + 3) + 1);
            memcpy(key, pair.public_key, KEY_TEXT - 1);
        }
        folder_put(folder, "agent.yaml", yaml);
        int code = agent_config_read(folder, true, &config, &note);
        if ((code == 0) != !cases[i].said || (code && !strstr(note.text, cases[i].said)))
            fail_msg("case %zu: %d %s", i, code, note.text);
        if (code == 0) {
            assert_string_equal(pair.public_key, config.server_key);
            assert_int_equal(LANG_ZH, config.lang);
            assert_int_equal(90, config.retain_days);
        }
    }
    folder_remove(folder);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status_round_trip),
        cmocka_unit_test(test_words_are_cut_at_a_character),
        cmocka_unit_test(test_config),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

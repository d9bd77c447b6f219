/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "folder.h"
#include "platform/config.h"

struct settings {
    int64_t outside; /* not in the table */
    char listen[CONFIG_TEXT_MAX];
    char collector[CONFIG_TEXT_MAX];
    int64_t interval_s;
    bool is_simulated;
    char mail_server[CONFIG_TEXT_MAX];
    int64_t mail_port;
    struct config_pairs mail_to;
    struct config_pairs owners;
};

#define AT(field) offsetof(struct settings, field)

static const struct config_option options[] = {
    { "listen", CONFIG_TEXT, AT(listen), "tcp://127.0.0.1:5670", 0, 0, "where to listen" },
    { "collector", CONFIG_TEXT, AT(collector), NULL, 0, 0, "whom to call" },
    { "interval_s", CONFIG_INT, AT(interval_s), "60", 1, 3600, "seconds between looks" },
    { "simulated", CONFIG_BOOL, AT(is_simulated), "false", 0, 0, "are the values invented" },
    { "mail.server", CONFIG_TEXT, AT(mail_server), "", 0, 0, "smtp server" },
    { "mail.port", CONFIG_INT, AT(mail_port), "25", 1, 65535, "its port" },
    { "mail.to", CONFIG_PAIRS, AT(mail_to), NULL, 0, 0, "who gets what" },
    { "owners", CONFIG_PAIRS, AT(owners), NULL, 0, 0, "addresses of owners" },
};
enum { CONFIG_FILE_BYTES = 256 * 1024, DEEP = 200 * 1024 };
enum { COUNT = sizeof options / sizeof options[0] };

static int
read_text(const char *folder, const char *text, struct settings *settings, struct err_note *note)
{
    folder_put(folder, "agent.yaml", text);
    return config_read(folder_path(folder, "agent.yaml"), options, COUNT, settings,
                       sizeof *settings, note);
}

static void
test_defaults(void **state)
{
    struct settings settings;
    memset(&settings, 0x55, sizeof settings);
    assert_int_equal(0, read_text(*state, "collector: tcp://a:1\n", &settings, NULL));
    assert_string_equal("tcp://127.0.0.1:5670", settings.listen);
    assert_string_equal("tcp://a:1", settings.collector);
    assert_int_equal(60, settings.interval_s);
    assert_false(settings.is_simulated);
    assert_string_equal("", settings.mail_server);
    assert_int_equal(25, settings.mail_port);
    assert_int_equal(0, settings.mail_to.count);
    assert_int_equal(0, settings.owners.count);
    assert_int_equal(0x5555555555555555, settings.outside);
}

static const char full[] = "# a comment\n"
                           "collector: \"tcp://b:2\"\n"
                           "listen: '湖州'\n"
                           "interval_s: 3600\n"
                           "simulated: true\n"
                           "mail: {port: 465, server: smtp.example, to: {all: a@b}}\n"
                           "owners:\n"
                           "  市发展改革委: \"x, \\\"y\\\" \\\\ z\"\n"
                           "  b: \"\"\n";

static void
test_every_type(void **state)
{
    struct settings settings = { 0 };
    struct err_note note = { 0 };
    if (read_text(*state, full, &settings, &note) != 0)
        fail_msg("%s", note.text);
    assert_string_equal("tcp://b:2", settings.collector);
    assert_string_equal("湖州", settings.listen);
    assert_int_equal(3600, settings.interval_s);
    assert_true(settings.is_simulated);
    assert_string_equal("smtp.example", settings.mail_server);
    assert_int_equal(465, settings.mail_port);
    assert_int_equal(1, settings.mail_to.count);
    assert_string_equal("all", settings.mail_to.pair[0].name);
    assert_string_equal("a@b", settings.mail_to.pair[0].text);
    assert_int_equal(2, settings.owners.count);
    assert_string_equal("市发展改革委", settings.owners.pair[0].name);
    assert_string_equal("x, \"y\" \\ z", settings.owners.pair[0].text);
    assert_string_equal("", settings.owners.pair[1].text);
}

static void
print_to(char *text, size_t size, const struct settings *settings)
{
    FILE *out = fmemopen(text, size, "w");
    assert_non_null(out);
    if (settings)
        config_print(out, options, COUNT, settings);
    else
        config_print_sample(out, options, COUNT);
    assert_int_equal(0, fclose(out));
}

static void
test_the_normal_form(void **state)
{
    static const char golden[] = "listen: \"湖州\"\n"
                                 "collector: \"tcp://b:2\"\n"
                                 "interval_s: 3600\n"
                                 "simulated: true\n"
                                 "mail:\n"
                                 "  server: \"smtp.example\"\n"
                                 "  port: 465\n"
                                 "  to:\n"
                                 "    \"all\": \"a@b\"\n"
                                 "owners:\n"
                                 "  \"市发展改革委\": \"x, \\\"y\\\" \\\\ z\"\n"
                                 "  \"b\": \"\"\n";
    struct settings settings = { 0 }, again = { 0 };
    static char text[8192];
    assert_int_equal(0, read_text(*state, full, &settings, NULL));
    print_to(text, sizeof text, &settings);
    assert_string_equal(golden, text);
    assert_int_equal(0, read_text(*state, text, &again, NULL));
    assert_memory_equal(&settings, &again, sizeof settings);
    memset(&settings, 0, sizeof settings);
    assert_int_equal(0, read_text(*state, "collector: x\n", &settings, NULL));
    print_to(text, sizeof text, &settings);
    assert_non_null(strstr(text, "\nowners: {}\n"));
    assert_non_null(strstr(text, "\n  to: {}\n"));
    memset(&again, 0, sizeof again);
    assert_int_equal(0, read_text(*state, text, &again, NULL));
    assert_memory_equal(&settings, &again, sizeof settings);
}

static void
test_the_sample(void **state)
{
    static const char golden[] = "# where to listen (text)\n"
                                 "listen: \"tcp://127.0.0.1:5670\"\n"
                                 "# whom to call (text; required)\n"
                                 "# collector:\n"
                                 "# seconds between looks (a whole number, 1 to 3600)\n"
                                 "interval_s: 60\n"
                                 "# are the values invented (true or false)\n"
                                 "simulated: false\n"
                                 "mail:\n"
                                 "  # smtp server (text)\n"
                                 "  server: \"\"\n"
                                 "  # its port (a whole number, 1 to 65535)\n"
                                 "  port: 25\n"
                                 "  # who gets what (a mapping of names to texts)\n"
                                 "  to: {}\n"
                                 "# addresses of owners (a mapping of names to texts)\n"
                                 "owners: {}\n";
    static char text[8192], filled[8300];
    struct settings from_sample = { 0 }, from_defaults = { 0 };
    print_to(text, sizeof text, NULL);
    assert_string_equal(golden, text);
    (void)snprintf(filled, sizeof filled, "%scollector: x\n", text);
    assert_int_equal(0, read_text(*state, filled, &from_sample, NULL));
    assert_int_equal(0, read_text(*state, "collector: x", &from_defaults, NULL));
    assert_memory_equal(&from_defaults, &from_sample, sizeof from_sample);
}

static void
test_errors(void **state)
{
    static const struct {
        const char *text;
        int code;
        const char *words;
    } rows[] = {
        { "collector: x\n\ncolector: y\n", ERR_UNKNOWN,
          "agent.yaml line 3: unknown key 'colector' (known: listen, collector, interval_s, "
          "simulated, mail.server, mail.port, mail.to, owners)" },
        { "mail:\n  sever: x\n", ERR_UNKNOWN,
          "line 2: unknown key 'mail.sever' (known: mail.server, mail.port, mail.to)" },
        { "mail.server: x\n", ERR_UNKNOWN, "line 1: unknown key 'mail.server'" },
        { "mail:\n  to.x: y\n", ERR_UNKNOWN, "line 2: unknown key 'mail.to.x'" },
        { "<<: x\n", ERR_UNKNOWN, "line 1: unknown key '<<'" },
        { "listen: x\n", ERR_ABSENT, "agent.yaml: the key 'collector' is missing (whom to call)" },
        { "", ERR_ABSENT, "the key 'collector' is missing" },
        { "collector: a\ncollector: b\n", ERR_CONFLICT, "line 2: 'collector' stands there twice" },
        { "mail: {}\nmail: {}\n", ERR_CONFLICT, "line 2: 'mail' stands there twice" },
        { "mail: {port: 1, port: 2}\n", ERR_CONFLICT, "'mail.port' stands there twice" },
        { "owners:\n  a: b\n  a: c\n", ERR_CONFLICT, "line 3: 'owners': 'a' stands there twice" },
        { "interval_s: 0\n", ERR_RANGE,
          "line 1: 'interval_s': '0' is not a whole number from 1 to 3600" },
        { "interval_s: 3601\n", ERR_RANGE, "'3601' is not a whole number" },
        { "interval_s: 1.5\n", ERR_SYNTAX, "'1.5' is not a whole number" },
        { "interval_s: abc\n", ERR_SYNTAX, "'abc' is not a whole number" },
        { "interval_s: 99999999999999999999999\n", ERR_RANGE, "is not a whole number" },
        { "interval_s: \"5\"\n", ERR_SYNTAX,
          "'interval_s': must be a whole number, not a text in quotes" },
        { "simulated: yes\n", ERR_SYNTAX, "'simulated': 'yes' is neither true nor false" },
        { "simulated: 'true'\n", ERR_SYNTAX, "not a text in quotes" },
        { "collector:\n", ERR_SYNTAX, "'collector' has no value (write \"\" for an empty text)" },
        { "collector: ~\n", ERR_SYNTAX, "has no value" },
        { "collector: null\n", ERR_SYNTAX, "has no value" },
        { "owners:\n  a:\n", ERR_SYNTAX, "line 2: 'a' has no value" },
        { "collector: [a, b]\n", ERR_SYNTAX, "'collector' must be text, not a list" },
        { "collector: {a: b}\n", ERR_SYNTAX, "'collector' must be text, not a mapping" },
        { "interval_s: [1]\n", ERR_SYNTAX, "must be a whole number, not a list" },
        { "mail: x\n", ERR_SYNTAX, "'mail' must be a mapping, not a single value" },
        { "mail:\n- a\n", ERR_SYNTAX, "line 2: 'mail' must be a mapping, not a list" },
        { "owners: x\n", ERR_SYNTAX,
          "'owners' must be a mapping of names to texts, not a single value" },
        { "owners:\n  a: {b: c}\n", ERR_SYNTAX, "line 2: 'a' must be text, not a mapping" },
        { "owners: {\"\": x}\n", ERR_SYNTAX, "a key must be 1..127 bytes" },
        { "owners: {\"a\\e[31m\": x}\n", ERR_SYNTAX, "a key must be 1..127 bytes of clean text" },
        { "collector: \"a\\nb\"\n", ERR_SYNTAX, "'collector': contains line breaks" },
        { "collector: |\n  a\n  b\n", ERR_SYNTAX, "contains line breaks" },
        { "collector: \"a\\0b\"\n", ERR_SYNTAX, "contains line breaks, control characters" },
        { "collector: &x a\n", ERR_SYNTAX, "line 1: anchors (&name) are not used here" },
        { "mail: &x {}\n", ERR_SYNTAX, "anchors" },
        { "collector: a\nlisten: *x\n", ERR_SYNTAX, "line 2: aliases (*name) are not used here" },
        { "collector: !!str a\n", ERR_SYNTAX, "tags (!name) are not used here" },
        { "mail: !x {}\n", ERR_SYNTAX, "tags" },
        { "? [a]\n: b\n", ERR_SYNTAX, "a key must be a single word" },
        { "- a\n- b\n", ERR_SYNTAX, "line 1: the file must be lines of 'key: value'" },
        { "just text\n", ERR_SYNTAX, "the file must be lines of 'key: value'" },
        { "collector: a\n---\nlisten: b\n", ERR_SYNTAX, "line 2: a second document begins" },
        { "collector: a\n  listen: b\n", ERR_SYNTAX, "line 2: mapping values are not allowed" },
        { "collector: \"a\n", ERR_SYNTAX, "unexpected end of stream" },
        { "collector: a\nlisten: \xff\n", ERR_SYNTAX, "UTF-8" },
        { "collector: a\nlisten: @\n", ERR_SYNTAX, "line 2: found character that cannot start" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct settings settings, untouched;
        struct err_note note = { 0 };
        memset(&settings, 0x55, sizeof settings);
        untouched = settings;
        int rc = read_text(*state, rows[i].text, &settings, &note);
        if (rc != rows[i].code || !strstr(note.text, rows[i].words) ||
            !strstr(note.text, "agent.yaml"))
            fail_msg("row %zu: %d, '%s', wanted %d, '%s'", i, rc, note.text, rows[i].code,
                     rows[i].words);
        assert_memory_equal(&untouched, &settings, sizeof settings);
        assert_int_equal(rows[i].code, read_text(*state, rows[i].text, &settings, NULL));
    }
}

static void
test_limits(void **state)
{
    static char text[CONFIG_TEXT_MAX * 2], file[300 * 1024];
    struct settings settings = { 0 };
    struct err_note note = { 0 };
    memset(text, 'x', CONFIG_TEXT_MAX);
    text[CONFIG_TEXT_MAX] = '\0';
    (void)snprintf(file, sizeof file, "collector: %s\n", text + 1);
    assert_int_equal(0, read_text(*state, file, &settings, &note));
    assert_string_equal(text + 1, settings.collector);
    (void)snprintf(file, sizeof file, "collector: %s\n", text);
    assert_int_equal(ERR_RANGE, read_text(*state, file, &settings, &note));
    assert_non_null(strstr(note.text, "'collector': longer than 255 bytes"));

    size_t at = (size_t)snprintf(file, sizeof file, "collector: x\nowners:\n");
    for (int i = 0; i < CONFIG_PAIRS_MAX; i++)
        at += (size_t)snprintf(file + at, sizeof file - at, "  owner%d: x\n", i);
    assert_int_equal(0, read_text(*state, file, &settings, &note));
    assert_int_equal(CONFIG_PAIRS_MAX, settings.owners.count);
    (void)snprintf(file + at, sizeof file - at, "  more: x\n");
    assert_int_equal(ERR_RANGE, read_text(*state, file, &settings, &note));
    assert_non_null(strstr(note.text, "line 67: 'owners': more than 64 entries"));

    text[64] = '\0';
    (void)snprintf(file, sizeof file, "collector: x\nowners: {%s: y}\n", text);
    assert_int_equal(ERR_SYNTAX, read_text(*state, file, &settings, &note));
    assert_non_null(strstr(note.text, "a name must be 1..63 bytes of clean text"));

    memset(file, '#', CONFIG_FILE_BYTES + 1);
    file[CONFIG_FILE_BYTES + 1] = '\0';
    assert_int_equal(ERR_RANGE, read_text(*state, file, &settings, &note));
    assert_non_null(strstr(note.text, "larger than"));
    memset(file, '[', DEEP); /* deep nesting ends at the first bracket */
    file[DEEP] = '\0';
    assert_int_equal(ERR_SYNTAX, read_text(*state, file, &settings, &note));
    assert_int_equal(-ENOENT, config_read(folder_path(*state, "none"), options, COUNT, &settings,
                                          sizeof settings, &note));
}

static void
test_a_bad_default_is_found(void **state)
{
    struct settings settings = { 0 };
    struct err_note note = { 0 };
    static const struct config_option bad[] = { { "port", CONFIG_INT, AT(mail_port), "0", 1, 9,
                                                  "port" } };
    folder_put(*state, "agent.yaml", "port: 5\n");
    assert_int_equal(ERR_RANGE, config_read(folder_path(*state, "agent.yaml"), bad, 1, &settings,
                                            sizeof settings, &note));
    assert_non_null(strstr(note.text, "default of 'port'"));
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_defaults),
        IN_FOLDER(test_every_type),
        IN_FOLDER(test_the_normal_form),
        IN_FOLDER(test_the_sample),
        IN_FOLDER(test_errors),
        IN_FOLDER(test_limits),
        IN_FOLDER(test_a_bad_default_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/collector/fixture.h"

#include <stdio.h>
#include <string.h>

#include "collector/mailer.h"

static const struct wall_time when = { 1689854400 }; /* 2023-07-20 12:00:00 UTC, a Thursday */

static struct ledger_mail
make_mail(void)
{
    struct ledger_mail mail = { .firing = "0123abcd" };
    (void)snprintf(mail.recipient, sizeof mail.recipient, "jxj@example.org");
    (void)snprintf(mail.subject, sizeof mail.subject, "【预警·发出】吴兴");
    (void)snprintf(mail.body, sizeof mail.body, "ab\n");
    return mail;
}

static void
a_mail_is_composed(void **state)
{
    (void)state; /* nothing is shared */
    static const char want[] = "Date: Thu, 20 Jul 2023 12:00:00 +0000\r\n"
                               "From: <pacewatch@example.org>\r\n"
                               "To: <jxj@example.org>\r\n"
                               "Message-ID: <0123abcd@pacewatch>\r\n"
                               "Subject: =?UTF-8?B?44CQ6aKE6K2mwrflj5Hlh7rjgJHlkLTlhbQ=?=\r\n"
                               "MIME-Version: 1.0\r\n"
                               "Content-Type: text/plain; charset=UTF-8\r\n"
                               "Content-Transfer-Encoding: base64\r\n"
                               "Auto-Submitted: auto-generated\r\n"
                               "\r\n"
                               "YWIK\r\n";
    char text[4096];
    struct err_note note = { "" };
    struct ledger_mail mail = make_mail();
    int size = mail_compose("pacewatch@example.org", &mail, when, text, sizeof text, &note);
    assert_true(size > 0);
    assert_string_equal(want, text);
}

static void
long_subjects_fold_between_characters(void **state)
{
    (void)state; /* nothing is shared */
    char text[8192];
    struct err_note note = { "" };
    struct ledger_mail mail = make_mail();
    for (size_t i = 0; i < 60; i++)
        memcpy(mail.subject + i * 3, "湖", 3);
    mail.subject[180] = '\0';
    assert_true(mail_compose("a@b", &mail, when, text, sizeof text, &note) > 0);
    for (const char *line = text; line && *line;
         line = strstr(line, "\r\n") ? strstr(line, "\r\n") + 2 : NULL)
        assert_true(strcspn(line, "\r") <= 88);
    /* each word holds whole characters: 42 bytes are 14 of them, 56 characters of base64 without
     * padding */
    assert_non_null(strstr(text, "?=\r\n =?UTF-8?B?"));
    assert_null(strstr(text, "==?=\r\n "));
}

static void
addresses_that_smuggle_headers_are_refused(void **state)
{
    (void)state; /* nothing is shared */
    static const char *const bad[] = { "", "a@b\r\nBcc: c@d", "a b@c", "<a@b>", "a@b\n" };
    char text[4096];
    struct err_note note = { "" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct ledger_mail mail = make_mail();
        assert_int_equal(ERR_REFUSED, mail_compose(bad[i], &mail, when, text, sizeof text, &note));
        (void)snprintf(mail.recipient, sizeof mail.recipient, "%s", bad[i]);
        assert_int_equal(ERR_REFUSED, mail_compose("a@b", &mail, when, text, sizeof text, &note));
    }
    struct ledger_mail mail = make_mail();
    assert_int_equal(ERR_RANGE, mail_compose("a@b", &mail, when, text, 100, &note));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mail_is_composed),
        cmocka_unit_test(long_subjects_fold_between_characters),
        cmocka_unit_test(addresses_that_smuggle_headers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

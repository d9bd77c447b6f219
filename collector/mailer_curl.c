/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/mailer.h"

#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/channel.h"
#include "platform/clock.h"

enum { MESSAGE_MAX = 16384, CONNECT_SECONDS = 5, TOTAL_SECONDS = 20 };

/* `busy` belongs to the loop; `stopping` is written by the loop and read by the thread; server and
 * from never change. */
struct mailer {
    int fds[2];
    pthread_t thread;
    _Atomic bool stopping;
    bool busy;
    char server[256];
    char from[256];
};

struct reader {
    const char *text;
    size_t left;
};

static size_t
on_read(char *buffer, size_t size, size_t count, void *context)
{
    struct reader *reader = context;
    size_t n = size * count < reader->left ? size * count : reader->left;
    memcpy(buffer, reader->text, n);
    reader->text += n;
    reader->left -= n;
    return n;
}

/* Lets mailer_stop end a transfer under way. */
static int
on_progress(void *context, curl_off_t dt, curl_off_t dn, curl_off_t ut, curl_off_t un)
{
    (void)dt, (void)dn, (void)ut, (void)un; /* only the flag matters */
    const struct mailer *mailer = context;
    return mailer->stopping ? 1 : 0;
}

static void
set_options(CURL *curl, struct mailer *mailer, const char *from, struct curl_slist *to,
            struct reader *reader)
{
    (void)curl_easy_setopt(curl, CURLOPT_URL,
                           mailer->server); /* an option that fails shows in perform */
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    (void)curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_TRY);
    (void)curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
    (void)curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    (void)curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
    (void)curl_easy_setopt(curl, CURLOPT_READDATA, reader);
    (void)curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)TOTAL_SECONDS);
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, mailer);
}

static int
send_mail(struct mailer *mailer, const struct ledger_mail *mail, char words[256])
{
    char text[MESSAGE_MAX], from[300], to_text[300];
    struct err_note note = { "" };
    int size = mail_compose(mailer->from, mail, clock_wall(), text, sizeof text, &note);
    if (size < 0) {
        (void)snprintf(words, 256, "%.250s", note.text);
        return size;
    }
    (void)snprintf(from, sizeof from, "<%s>", mailer->from);
    (void)snprintf(to_text, sizeof to_text, "<%s>", mail->recipient);
    struct reader reader = { text, (size_t)size };
    struct curl_slist *to = curl_slist_append(NULL, to_text);
    CURL *curl = curl_easy_init();
    CURLcode rc = CURLE_OUT_OF_MEMORY;
    if (curl && to) {
        set_options(curl, mailer, from, to, &reader);
        rc = curl_easy_perform(curl);
    }
    (void)snprintf(words, 256, "%s", rc == CURLE_OK ? "" : curl_easy_strerror(rc));
    curl_easy_cleanup(curl);
    curl_slist_free_all(to);
    return rc == CURLE_OK ? 0 : ERR_LIBRARY;
}

static void *
run(void *context)
{
    struct mailer *mailer = context;
    struct ledger_mail mail;
    while (!mailer->stopping && channel_receive(mailer->fds[CHANNEL_WORKER], &mail, sizeof mail) ==
                                    (ssize_t)sizeof mail) {
        struct mailer_report report = { .id = mail.id };
        report.code = send_mail(mailer, &mail, report.words);
        if (channel_send(mailer->fds[CHANNEL_WORKER], &report, sizeof report) != 0)
            break;
    }
    return NULL;
}

int
mailer_start(const char *server, const char *from, struct mailer **ret_mailer,
             struct err_note *note)
{
    struct mailer *mailer = calloc(1, sizeof *mailer);
    if (!mailer)
        return err_set(note, -ENOMEM, "out of memory");
    (void)snprintf(mailer->server, sizeof mailer->server, "%s", server); /* CONFIG_TEXT_MAX each */
    (void)snprintf(mailer->from, sizeof mailer->from, "%s", from);
    int code = channel_open(mailer->fds);
    if (code == 0) {
        int rc = pthread_create(&mailer->thread, NULL, run, mailer);
        if (rc == 0) {
            *ret_mailer = mailer;
            return 0;
        }
        code = -rc;
        (void)close(mailer->fds[0]); /* nothing was sent */
        (void)close(mailer->fds[1]);
    }
    free(mailer);
    return err_set(note, code, "mailer: %s", err_text(code));
}

bool
mailer_give(struct mailer *mailer, const struct ledger_mail *mail)
{
    if (mailer->busy || channel_send(mailer->fds[CHANNEL_LOOP], mail, sizeof *mail) != 0)
        return false;
    mailer->busy = true;
    return true;
}

bool
mailer_is_busy(const struct mailer *mailer)
{
    return mailer->busy;
}

int
mailer_fd(const struct mailer *mailer)
{
    return mailer->fds[CHANNEL_LOOP];
}

bool
mailer_take(struct mailer *mailer, struct mailer_report *ret_report)
{
    if (channel_receive(mailer->fds[CHANNEL_LOOP], ret_report, sizeof *ret_report) !=
        (ssize_t)sizeof *ret_report)
        return false;
    mailer->busy = false;
    return true;
}

void
mailer_stop(struct mailer *mailer)
{
    if (!mailer)
        return;
    mailer->stopping = true;
    (void)close(mailer->fds[CHANNEL_LOOP]); /* ends the thread's wait */
    (void)pthread_join(mailer->thread, NULL);
    (void)close(mailer->fds[CHANNEL_WORKER]);
    free(mailer);
}

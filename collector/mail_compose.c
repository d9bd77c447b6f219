/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/mailer.h"

#include <stdio.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct writer {
    char *text;
    size_t size, length;
    bool overflow;
};

static void
put(struct writer *w, const char *bytes, size_t count)
{
    if (w->overflow || count >= w->size - w->length) {
        w->overflow = true;
        return;
    }
    memcpy(w->text + w->length, bytes, count);
    w->length += count;
    w->text[w->length] = '\0';
}

static void
put_text(struct writer *w, const char *text)
{
    put(w, text, strlen(text));
}

static void
put_base64(struct writer *w, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i += 3) {
        unsigned char b[3] = { 0, 0, 0 };
        size_t n = count - i < 3 ? count - i : 3;
        memcpy(b, bytes + i, n);
        char four[4] = { alphabet[b[0] >> 2], alphabet[(b[0] & 3) << 4 | b[1] >> 4],
                         n > 1 ? alphabet[(b[1] & 15) << 2 | b[2] >> 6] : '=',
                         n > 2 ? alphabet[b[2] & 63] : '=' };
        put(w, four, sizeof four);
    }
}

/* RFC 2047: words of at most 75 characters, cut between characters of UTF-8. */
static void
put_encoded_words(struct writer *w, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        size_t part = text_cut(text, left, 42);
        put_text(w, "=?UTF-8?B?");
        put_base64(w, text, part);
        put_text(w, left > part ? "?=\r\n " : "?=");
        text += part;
        left -= part;
    }
}

static void
put_body(struct writer *w, const char *text)
{
    size_t left = strlen(text);
    while (left > 0) {
        size_t part = left < 57 ? left : 57; /* 76 characters a line */
        put_base64(w, text, part);
        put_text(w, "\r\n");
        text += part;
        left -= part;
    }
}

static void
put_date(struct writer *w, struct wall_time now)
{
    static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    struct cal_date date = cal_date_at(now);
    int year = 0, month = 0, day = 0;
    char text[64];
    cal_civil(date, &year, &month, &day);
    int64_t second = now.seconds - cal_midnight(date).seconds;
    int weekday = ((date.days % 7) + 7) % 7;
    (void)snprintf(text, sizeof text, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[weekday],
                   day, months[month - 1], year, (int)(second / 3600), (int)(second / 60 % 60),
                   (int)(second % 60));
    put_text(w, text);
}

static bool
is_address(const char *text)
{
    if (!text[0] || strlen(text) > 254)
        return false;
    for (const char *p = text; *p; p++)
        if ((unsigned char)*p <= ' ' || *p == 127 || *p == '<' || *p == '>')
            return false;
    return true;
}

int
mail_compose(const char *from, const struct ledger_mail *mail, struct wall_time now, char *text,
             size_t size, struct err_note *note)
{
    struct writer w = { .text = text, .size = size };
    if (!is_address(from) || !is_address(mail->recipient))
        return err_set(note, ERR_REFUSED, "'%s' or '%s' is no mail address", from, mail->recipient);
    put_date(&w, now);
    put_text(&w, "From: <");
    put_text(&w, from);
    put_text(&w, ">\r\nTo: <");
    put_text(&w, mail->recipient);
    put_text(&w, ">\r\nMessage-ID: <");
    put_text(&w, mail->firing);
    put_text(&w, "@pacewatch>\r\nSubject: ");
    put_encoded_words(&w, mail->subject);
    put_text(&w, "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
                 "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n");
    put_body(&w, mail->body);
    return w.overflow ? err_set(note, ERR_RANGE, "the mail is too long") : (int)w.length;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * A mail server for the system tests: takes every mail and writes it to a file. Loopback only, one
 * connection at a time.
 *
 *   smtp_server FOLDER
 *
 * FOLDER/port holds the port it listens on (the kernel picks it). Mail n becomes FOLDER/NNNN.eml,
 * there whole or not at all: the envelope as "X-Envelope-From: <a@b>" and "X-Envelope-To: <c@d>"
 * lines, then the mail as it came, lines ending in LF. While FOLDER/refuse exists, every mail is
 * answered 451 (try again later) at MAIL FROM. Ends on TERM. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 8192, NAME_MAX_BYTES = 4096, QUIET_SECONDS = 30 };

static void
fail(const char *what)
{
    perror(what);
    exit(1);
}

/* A file of FOLDER is written under a temporary name and renamed. */
static FILE *
file_begin(const char *folder)
{
    char path[NAME_MAX_BYTES];
    (void)snprintf(path, sizeof path, "%s/being-written", folder);
    FILE *out = fopen(path, "w");
    if (!out)
        fail(path);
    return out;
}

static void
file_end(FILE *out, const char *folder, const char *name)
{
    char from[NAME_MAX_BYTES];
    char to[NAME_MAX_BYTES];
    (void)snprintf(from, sizeof from, "%s/being-written", folder);
    (void)snprintf(to, sizeof to, "%s/%s", folder, name);
    if (fclose(out) != 0 || rename(from, to) != 0)
        fail(to);
}

static bool
is_refusing(const char *folder)
{
    char path[NAME_MAX_BYTES];
    (void)snprintf(path, sizeof path, "%s/refuse", folder);
    return access(path, F_OK) == 0;
}

/* Reads a line without its CR LF; false at the end of the connection or after QUIET_SECONDS of
 * silence. */
static bool
read_line(FILE *peer, char line[LINE_MAX_BYTES])
{
    if (!fgets(line, LINE_MAX_BYTES, peer))
        return false;
    line[strcspn(line, "\r\n")] = '\0';
    return true;
}

static bool
begins(const char *line, const char *command)
{
    return strncasecmp(line, command, strlen(command)) == 0;
}

static void
say(FILE *answers, const char *answer)
{
    (void)fprintf(answers, "%s\r\n", answer); /* a peer that is gone shows at the next read */
    (void)fflush(answers);                    /* likewise */
}

/* The mail's lines after DATA, up to the lone dot; false when the connection ended before it. */
static bool
read_mail(FILE *peer, FILE *out)
{
    char line[LINE_MAX_BYTES];
    while (read_line(peer, line)) {
        if (strcmp(line, ".") == 0)
            return true;
        (void)fprintf(out, "%s\n", line[0] == '.' ? line + 1 : line); /* file_end sees a failure */
    }
    return false;
}

static void
serve(FILE *peer, FILE *answers, const char *folder, int *mails)
{
    char line[LINE_MAX_BYTES];
    char envelope[LINE_MAX_BYTES] = "";
    size_t used = 0;
    say(answers, "220 a fake that keeps what it gets");
    while (read_line(peer, line)) {
        if (begins(line, "EHLO")) {
            say(answers, "250-localhost\r\n250-8BITMIME\r\n250 SMTPUTF8");
        } else if (begins(line, "MAIL FROM:")) {
            if (is_refusing(folder)) {
                say(answers, "451 try again later");
                continue;
            }
            used =
                (size_t)snprintf(envelope, sizeof envelope, "X-Envelope-From: %.500s\n", line + 10);
            say(answers, "250 ok");
        } else if (begins(line, "RCPT TO:")) {
            if (used == 0 || sizeof envelope - used < 600) {
                say(answers, "503 no sender, or too many recipients");
                continue;
            }
            used += (size_t)snprintf(envelope + used, sizeof envelope - used,
                                     "X-Envelope-To: %.500s\n", line + 8);
            say(answers, "250 ok");
        } else if (begins(line, "DATA")) {
            if (used == 0) {
                say(answers, "503 no sender");
                continue;
            }
            say(answers, "354 go on");
            FILE *out = file_begin(folder);
            (void)fputs(envelope, out); /* file_end sees a failure */
            if (!read_mail(peer, out)) {
                (void)fclose(out); /* half a mail is no mail */
                return;
            }
            char name[32];
            (void)snprintf(name, sizeof name, "%04d.eml", ++*mails);
            file_end(out, folder, name);
            used = 0;
            say(answers, "250 kept");
        } else if (begins(line, "RSET")) {
            used = 0;
            say(answers, "250 ok");
        } else if (begins(line, "HELO") || begins(line, "NOOP")) {
            say(answers, "250 ok");
        } else if (begins(line, "QUIT")) {
            say(answers, "221 bye");
            return;
        } else {
            say(answers, "502 not here");
        }
    }
}

int
main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fputs("usage: smtp_server FOLDER\n", stderr);
        return 2;
    }
    int mails = 0;
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    int listening = socket(AF_INET, SOCK_STREAM, 0);
    if (listening < 0 || bind(listening, (struct sockaddr *)&address, size) != 0 ||
        listen(listening, 16) != 0 ||
        getsockname(listening, (struct sockaddr *)&address, &size) != 0)
        fail("listen");
    FILE *out = file_begin(argv[1]);
    (void)fprintf(out, "%d\n", ntohs(address.sin_port)); /* file_end sees a failure */
    file_end(out, argv[1], "port");
    for (;;) {
        int connection = accept(listening, NULL, NULL);
        if (connection < 0) {
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            fail("accept");
        }
        const struct timeval quiet = { .tv_sec = QUIET_SECONDS };
        (void)setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &quiet,
                         sizeof quiet); /* else a silent peer blocks; ctest ends that */
        FILE *peer = fdopen(connection, "r");
        FILE *answers = fdopen(dup(connection), "w");
        if (!peer || !answers)
            fail("fdopen");
        serve(peer, answers, argv[1], &mails);
        (void)fclose(answers); /* nothing left to say */
        (void)fclose(peer);    /* likewise */
    }
}

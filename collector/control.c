/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "collector/control.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { PEER_WAIT_MS = 100, ANSWER_WAIT_MS = 10000 };

/* The socket's address through the folder's descriptor: a site's path may be longer than sun_path.
 * *ret_folder stays open until the address was used. */
static int
address_of(const struct site *site, struct sockaddr_un *address, int *ret_folder,
           struct err_note *note)
{
    int folder = open(site->folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return err_set(note, -errno, "%s: %s", site->folder, strerror(errno));
    *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    (void)snprintf(address->sun_path, sizeof address->sun_path, "/proc/self/fd/%d/control.sock",
                   folder); /* fits by its format */
    *ret_folder = folder;
    return 0;
}

int
control_listen(const struct site *site, struct err_note *note)
{
    struct sockaddr_un address;
    int folder = -1;
    int code = address_of(site, &address, &folder, note);
    if (code != 0)
        return code;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    (void)unlink(
        address.sun_path); /* left by a collector that was killed; the site's lock is ours */
    mode_t old = umask(0177);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(fd, 8) != 0)
        code = err_set(note, -errno, "control socket in %s: %s", site->folder, strerror(errno));
    (void)umask(old); /* cannot fail */
    (void)close(folder);
    if (code != 0 && fd >= 0)
        (void)close(fd); /* never used */
    return code != 0 ? code : fd;
}

static ssize_t
receive_packet(int fd, char *text, size_t size, int wait_ms)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };
    if (poll(&p, 1, wait_ms) != 1)
        return -1;
    ssize_t n = recv(fd, text, size - 1, 0);
    if (n >= 0)
        text[n] = '\0';
    return n;
}

void
control_serve(int listening, control_answer_fn *answer, void *context)
{
    char request[CHANGE_TEXT_MAX], words[CHANGE_TEXT_MAX] = "", packet[CHANGE_TEXT_MAX + 64];
    struct err_note note = { "" };
    int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    if (receive_packet(fd, request, sizeof request, PEER_WAIT_MS) > 0) {
        int code = answer(context, request, words, &note);
        if (code == 0)
            (void)snprintf(packet, sizeof packet, "ok\n%s", words);
        else
            (void)snprintf(packet, sizeof packet, "error %d\n%s", code,
                           note.text[0] ? note.text : err_text(code));
        (void)send(fd, packet, strlen(packet), MSG_NOSIGNAL | MSG_DONTWAIT); /* it may be gone */
    }
    (void)close(fd); /* nothing is left to send */
}

void
control_close(const struct site *site, int listening)
{
    struct sockaddr_un address;
    int folder = -1;
    if (listening < 0)
        return;
    (void)close(listening); /* no requests are under way */
    if (address_of(site, &address, &folder, NULL) == 0) {
        (void)unlink(address.sun_path); /* the next start removes it otherwise */
        (void)close(folder);
    }
}

static int
read_answer(const char *packet, char *answer, struct err_note *note)
{
    const char *words = strchr(packet, '\n');
    if (!words)
        return err_set(note, ERR_SYNTAX, "the collector's answer cannot be read");
    words++;
    if (strncmp(packet, "ok\n", 3) == 0) {
        (void)snprintf(answer, CHANGE_TEXT_MAX, "%s", words);
        return 0;
    }
    int64_t code = ERR_LIBRARY;
    if (strncmp(packet, "error ", 6) == 0)
        (void)num_int_parse(packet + 6, (size_t)(words - 1 - (packet + 6)), -9999, -1, &code, NULL);
    return err_set(note, (int)code, "%s", words);
}

int
control_ask(const struct site *site, const char *request, char *answer, struct err_note *note)
{
    struct sockaddr_un address;
    char packet[CHANGE_TEXT_MAX + 64];
    int folder = -1;
    int code = address_of(site, &address, &folder, note);
    if (code != 0)
        return code;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    int failed = fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0;
    (void)close(folder);
    if (failed)
        code = err_set(note, ERR_ABSENT, "no collector runs on %s", site->folder);
    else if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0 ||
             receive_packet(fd, packet, sizeof packet, ANSWER_WAIT_MS) <= 0)
        code = err_set(note, ERR_TIMEOUT, "the collector does not answer");
    else
        code = read_answer(packet, answer, note);
    if (fd >= 0)
        (void)close(fd); /* the answer is in hand */
    return code;
}

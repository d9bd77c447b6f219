/* SPDX-License-Identifier: GPL-3.0-or-later
 * A service manager's ear for the system tests: what sd_notify(3) says to it.
 *
 *   notify_socket PATH
 *
 * Binds PATH and writes every message that arrives to standard output at once, a line behind each.
 * Ends on TERM. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int
fail(const char *what)
{
    perror(what);
    return 1;
}

int
main(int argc, char **argv)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    char message[4096];
    if (argc != 2 || strlen(argv[1]) >= sizeof address.sun_path) {
        (void)fputs("usage: notify_socket PATH\n", stderr);
        return 2;
    }
    memcpy(address.sun_path, argv[1], strlen(argv[1]));
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        return fail(argv[1]);
    for (;;) {
        ssize_t n = recv(fd, message, sizeof message - 1, 0);
        if (n < 0)
            return fail("recv");
        message[n] = '\n';
        if (write(STDOUT_FILENO, message, (size_t)n + 1) != n + 1)
            return fail("write");
    }
}

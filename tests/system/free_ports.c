/* SPDX-License-Identifier: GPL-3.0-or-later
 * Prints N different TCP ports of 127.0.0.1 that nobody uses, one a line. They lie below the range
 * the kernel gives to outgoing connections: while a collector is down, an agent's own attempt to
 * connect could otherwise be given the collector's port.
 *
 *   free_ports N */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>

enum { PORTS_MAX = 16, LOW = 10000, HIGH = 30000, ATTEMPTS = 1000 };

/* A bound socket, kept open so that the next draw is another port; -1 if the port is taken. */
static int
hold(unsigned port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                   .sin_port = htons((in_port_t)port) };
    int held = socket(AF_INET, SOCK_STREAM, 0);
    return held >= 0 && bind(held, (struct sockaddr *)&address, sizeof address) == 0 ? held : -1;
}

int
main(int argc, char **argv)
{
    long wanted = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
    if (wanted < 1 || wanted > PORTS_MAX) {
        (void)fputs("usage: free_ports N\n", stderr);
        return 2;
    }
    for (int attempt = 0; wanted > 0 && attempt < ATTEMPTS; attempt++) {
        unsigned draw = 0;
        if (getrandom(&draw, sizeof draw, 0) != (ssize_t)sizeof draw)
            return 1;
        unsigned port = LOW + draw % (HIGH - LOW);
        if (hold(port) >= 0) {
            (void)printf("%u\n", port);
            wanted--;
        }
    }
    return wanted == 0 ? 0 : 1;
}

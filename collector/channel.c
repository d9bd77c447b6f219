/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "collector/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

int
channel_open(int fds[2])
{
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0)
        return -errno;
    if (fcntl(fds[CHANNEL_LOOP], F_SETFL, O_NONBLOCK) == 0)
        return 0;
    int code = -errno;
    (void)close(fds[0]); /* nothing was sent */
    (void)close(fds[1]);
    return code;
}

int
channel_send(int fd, const void *bytes, size_t size)
{
    ssize_t n;
    do
        n = send(fd, bytes, size, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : 0;
}

ssize_t
channel_receive(int fd, void *bytes, size_t size)
{
    ssize_t n;
    do
        n = recv(fd, bytes, size, 0);
    while (n < 0 && errno == EINTR);
    return n < 0 ? -errno : n;
}

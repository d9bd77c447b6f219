/* SPDX-License-Identifier: GPL-3.0-or-later
 * A channel between the loop and one worker thread: packets of bytes both ways, copied by the
 * kernel, and a descriptor to poll. Nothing else is shared between threads, so there is nothing to
 * lock. */
#ifndef PACEWATCH_COLLECTOR_CHANNEL_H
#define PACEWATCH_COLLECTOR_CHANNEL_H

#include <stddef.h>
#include <sys/types.h>

enum { CHANNEL_LOOP, CHANNEL_WORKER };

/* Makes the two ends: fds[CHANNEL_LOOP] does not block, fds[CHANNEL_WORKER] does. 0 or -errno. */
int channel_open(int fds[2]);

/* Sends one packet; -EAGAIN when the other side does not keep up. */
int channel_send(int fd, const void *bytes, size_t size);

/* Takes one packet of at most `size` bytes: its length, 0 when the other side is closed, -EAGAIN
 * when there is none. */
ssize_t channel_receive(int fd, void *bytes, size_t size);

#endif

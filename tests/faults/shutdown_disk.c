/* SPDX-License-Identifier: GPL-3.0-or-later
 * The power goes: stops the file system that is mounted at FOLDER on the spot. Nothing more reaches
 * its disk, not even its journal; what was synced before is there after the next mount.
 *
 *   shutdown_disk FOLDER */
#include <fcntl.h>
#include <linux/ioctl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>

/* FS_IOC_SHUTDOWN and FS_SHUTDOWN_FLAGS_NOLOGFLUSH: the same for ext4, xfs and f2fs. */
#define DISK_SHUTDOWN _IOR('X', 125, uint32_t)
enum { DISK_WITHOUT_JOURNAL = 2 };

int
main(int argc, char **argv)
{
    uint32_t how = DISK_WITHOUT_JOURNAL;
    int fd = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0 || ioctl(fd, DISK_SHUTDOWN, &how) != 0) {
        perror(argc == 2 ? argv[1] : "usage: shutdown_disk FOLDER");
        return 1;
    }
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/archive.h"

#include <stdio.h>

char *
archive_name(int64_t series, char name[ARCHIVE_NAME_MAX])
{
    (void)snprintf(name, ARCHIVE_NAME_MAX, "%02x/%08llx.rrd", (unsigned)(series & 0xff),
                   (unsigned long long)series & 0xffffffffULL); /* fits by its formats */
    return name;
}

char *
archive_scratch_name(unsigned owner, char name[ARCHIVE_NAME_MAX])
{
    (void)snprintf(name, ARCHIVE_NAME_MAX, "scratch/%08x.rrd", owner); /* fits by its format */
    return name;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "web/static_files.h"

#include <string.h>

const struct static_file *
static_file_find(const char *name)
{
    for (const struct static_file *file = STATIC_FILES; file->name; file++) {
        if (strcmp(file->name, name) == 0)
            return file;
    }
    return NULL;
}

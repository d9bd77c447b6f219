/* SPDX-License-Identifier: GPL-3.0-or-later
 * The archives' names and files. */
#include "collector/archive.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "platform/file.h"

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

/* Nobody reads an archive longer: a picture takes 10 s at most. */
enum { ARCHIVE_READ_SECONDS = 60 };

/* Makes the folder `name` lies in. */
static int
make_bucket(const char *folder, const char *name, struct err_note *note)
{
    char bucket[ARCHIVE_NAME_MAX], path[FILE_PATH_MAX];
    size_t length = strcspn(name, "/");
    if (length >= sizeof bucket)
        return err_set(note, ERR_RANGE, "archive name '%s' too long", name);
    memcpy(bucket, name, length);
    bucket[length] = '\0';
    if (file_join(path, folder, bucket) != 0)
        return err_set(note, ERR_RANGE, "path too long");
    return file_make_folder(path, note);
}

int
archive_put(const char *folder, const char *name, const char *bytes, size_t size,
            struct err_note *note)
{
    char path[FILE_PATH_MAX];
    if (file_join(path, folder, name) != 0)
        return err_set(note, ERR_RANGE, "path too long");
    int code = file_write_again(path, bytes, size, 0644, ARCHIVE_READ_SECONDS, note);
    if (code != -ENOENT)
        return code;
    code = make_bucket(folder, name, note); /* its first archive */
    return code == 0 ? file_write_again(path, bytes, size, 0644, ARCHIVE_READ_SECONDS, note) : code;
}

static void
sweep_bucket(const char *bucket)
{
    struct file_list list;
    char path[FILE_PATH_MAX];
    if (file_list(bucket, &list, NULL) != 0)
        return;
    for (size_t i = 0; i < list.count; i++)
        if (strstr(list.names[i], ".new") && file_join(path, bucket, list.names[i]) == 0)
            (void)unlink(path); /* what stays is swept next time */
    file_list_free(&list);
}

int
archive_sweep(const char *folder, struct err_note *note)
{
    struct file_list list;
    char path[FILE_PATH_MAX];
    int code = file_list(folder, &list, note);
    if (code != 0)
        return code;
    for (size_t i = 0; i < list.count; i++)
        if ((strlen(list.names[i]) == 2 || strcmp(list.names[i], "scratch") == 0) &&
            file_join(path, folder, list.names[i]) == 0)
            sweep_bucket(path);
    file_list_free(&list);
    return 0;
}

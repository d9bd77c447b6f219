/* SPDX-License-Identifier: GPL-3.0-or-later
 * A folder of its own for a test, removed with all that is in it. */
#ifndef PACEWATCH_TESTS_UNIT_PLATFORM_FOLDER_H
#define PACEWATCH_TESTS_UNIT_PLATFORM_FOLDER_H

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Makes it, below $TMPDIR or /tmp; path[64]. */
static inline void
folder_make(char *path)
{
    const char *below = getenv("TMPDIR");
    (void)snprintf(path, 64, "%.40s/pacewatch-test-XXXXXX", below ? below : "/tmp");
    if (!mkdtemp(path))
        abort();
}

static inline void
folder_remove(const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        char name[1024];
        struct stat st;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        int n = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        if (n < 0 || (size_t)n >= sizeof name)
            abort();
        if (lstat(name, &st) == 0 && S_ISDIR(st.st_mode))
            folder_remove(name);
        else
            (void)unlink(name);
    }
    if (folder)
        (void)closedir(folder);
    if (rmdir(path) != 0 && errno != ENOENT)
        abort();
}

/* For cmocka: a folder for each test; its path is *state. */
static inline int
folder_setup(void **state)
{
    static char path[64];
    folder_make(path);
    *state = path;
    return 0;
}

static inline int
folder_teardown(void **state)
{
    folder_remove(*state);
    return 0;
}

/* PATH/NAME in a buffer that the next call overwrites after four others. */
static inline const char *
folder_path(const char *path, const char *name)
{
    static char names[4][1024];
    static unsigned turn;
    char *text = names[turn++ % 4];
    (void)snprintf(text, sizeof names[0], "%s/%s", path, name);
    return text;
}

static inline void
folder_copy_file(const char *from, const char *to)
{
    char bytes[4096];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    if (!in || !out)
        abort();
    for (size_t size; (size = fread(bytes, 1, sizeof bytes, in)) > 0;)
        if (fwrite(bytes, 1, size, out) != size)
            abort();
    if (ferror(in) || fclose(in) != 0 || fclose(out) != 0)
        abort();
}

/* Copies all that is in a folder, files and folders, into another that is there. */
static inline void
folder_copy(const char *from, const char *to)
{
    DIR *folder = opendir(from);
    const struct dirent *entry;
    if (!folder)
        abort();
    while ((entry = readdir(folder))) {
        char source[1024], copy[1024];
        struct stat st;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        int n = snprintf(source, sizeof source, "%s/%s", from, entry->d_name);
        int m = snprintf(copy, sizeof copy, "%s/%s", to, entry->d_name);
        if (n < 0 || (size_t)n >= sizeof source || m < 0 || (size_t)m >= sizeof copy ||
            lstat(source, &st) != 0)
            abort();
        if (!S_ISDIR(st.st_mode))
            folder_copy_file(source, copy);
        else if (mkdir(copy, 0700) == 0)
            folder_copy(source, copy);
        else
            abort();
    }
    (void)closedir(folder); /* only read */
}

/* Writes a text file without any ceremony. */
static inline void
folder_put(const char *path, const char *name, const char *text)
{
    FILE *out = fopen(folder_path(path, name), "w");
    if (!out || fputs(text, out) < 0 || fclose(out) != 0)
        abort();
}

#endif

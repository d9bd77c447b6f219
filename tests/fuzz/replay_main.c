/* SPDX-License-Identifier: GPL-3.0-or-later
 * Gives files, or all files of folders, to a fuzz target, where there is no libFuzzer. */
#include "fuzz.h"

#include <dirent.h>
#include <string.h>

enum { INPUT_MAX = 8 * 1024 * 1024 };

static void
replay_file(FILE *file)
{
    char *all = malloc(INPUT_MAX);
    FUZZ_CHECK(all);
    size_t size = fread(all, 1, INPUT_MAX, file);
    uint8_t *exact = malloc(size > 0 ? size : 1); /* ends where AddressSanitizer looks */
    FUZZ_CHECK(exact);
    memcpy(exact, all, size);
    free(all);
    (void)LLVMFuzzerTestOneInput(exact, size); /* always 0 */
    free(exact);
}

/* Replays a file, or the files of a folder; returns their number. */
static int
replay(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder) {
        FILE *file = fopen(path, "rb");
        if (!file) {
            perror(path);
            exit(1);
        }
        replay_file(file);
        (void)fclose(file); /* only read */
        return 1;
    }
    int count = 0;
    const struct dirent *entry;
    while ((entry = readdir(folder))) {
        char name[4096];
        int n = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        FUZZ_CHECK(n > 0 && (size_t)n < sizeof name);
        if (entry->d_name[0] != '.')
            count += replay(name);
    }
    (void)closedir(folder); /* only read */
    return count;
}

int
main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++)
        count += replay(argv[i]);
    (void)printf("%d inputs\n", count);
    return count > 0 ? 0 : 1; /* no seeds is a mistake too */
}

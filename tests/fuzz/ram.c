/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fuzz/ram.h"

#include <fcntl.h>

#include "tests/fuzz/fuzz.h"
#include "tests/unit/platform/folder.h"

static char root[256];

static void
remove_root(void)
{
    folder_remove(root);
}

const char *
ram_folder(void)
{
    if (root[0])
        return root;
    const char *below = getenv("TMPDIR");
    int n = snprintf(root, sizeof root, "%s/pacewatch-fuzz-XXXXXX", below ? below : "/dev/shm");
    FUZZ_CHECK(n > 0 && (size_t)n < sizeof root && mkdtemp(root));
    FUZZ_CHECK(atexit(remove_root) == 0);
    return root;
}

void
ram_put(const char *folder, const char *name, const void *bytes, size_t size)
{
    FILE *out = fopen(folder_path(folder, name), "wb");
    FUZZ_CHECK(out && fwrite(bytes, 1, size, out) == size && fclose(out) == 0);
}

int
ram_next_descriptor(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    FUZZ_CHECK(fd > 0 && close(fd) == 0);
    return fd;
}

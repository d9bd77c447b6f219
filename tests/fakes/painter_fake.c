/* SPDX-License-Identifier: GPL-3.0-or-later
 * A painter without a worker: the picture is a small SVG that says which archive it was drawn from.
 * A request with the text in painter_fake_fail fails. */
#include "tests/fakes/painter_fake.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct painter {
    struct painter_counts counts;
};

_Atomic uint64_t painter_fake_drawn;
const char *painter_fake_fail;

struct painter *
painter_new(const char *program, const char *archive_dir)
{
    (void)program;
    (void)archive_dir;
    return calloc(1, sizeof(struct painter));
}

void
painter_free(struct painter *painter)
{
    free(painter);
}

int
painter_draw(struct painter *painter, const char *request, size_t request_size, char **ret_bytes,
             size_t *ret_size, struct err_note *note)
{
    enum { PICTURE_MAX = 400 };
    bool is_spark = strstr(request, "\"spark\"") != NULL;
    const char *archive = strstr(request, "\"archive\":\"");
    archive = archive ? archive + 11 : "";
    (void)request_size;
    bool fails = painter_fake_fail && strstr(request, painter_fake_fail);
    painter->counts.crashed += fails;
    if (fails)
        return err_set(note, ERR_TIMEOUT, "the worker took too long");
    char *bytes = malloc(PICTURE_MAX);
    if (!bytes)
        return -ENOMEM;
    int size =
        snprintf(bytes, PICTURE_MAX,
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\">"
                 "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/><path d=\"M0 %d L%d 4\" "
                 "stroke=\"#14665c\" fill=\"none\"/><desc>%.*s</desc></svg>\n",
                 is_spark ? 160 : 1080, is_spark ? 40 : 420, is_spark ? 36 : 400,
                 is_spark ? 160 : 1080, (int)strcspn(archive, "\""), archive);
    painter->counts.drawn++;
    painter_fake_drawn++;
    *ret_bytes = bytes;
    *ret_size = (size_t)size;
    return 0;
}

struct painter_counts
painter_count(const struct painter *painter)
{
    return painter->counts;
}

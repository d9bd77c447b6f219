/* SPDX-License-Identifier: GPL-3.0-or-later
 * The only code that calls librrd's drawing. Success is a result and no error text; librrd
 * sometimes has one without the other. */
#include "graphs/draw.h"

#include <errno.h>
#include <rrd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "graphs/chart.h"
#include "graphs/png.h"
#include "graphs/svg.h"

/* librrd cuts longer paths silently. */
enum { PATH_BYTES_MAX = 1000 };

void
draw_prepare(void)
{
    (void)setenv("TZ", "UTC", 1); /* an archive's days are civil days written as UTC */
    (void)unsetenv("RRDCACHED_ADDRESS");
    tzset();
    (void)rrd_get_context();
    (void)rrd_set_to_DNAN();
    (void)rrd_set_to_DINF();
    (void)rrd_random();
}

/* Copies the picture out of librrd's results. */
static int
image_take(const rrd_info_t *info, char **ret_bytes, size_t *ret_size, struct err_note *note)
{
    while (info && (strcmp(info->key, "image") != 0 || info->type != RD_I_BLO))
        info = info->next;
    if (!info || info->value.u_blo.size == 0 || info->value.u_blo.size > PICTURE_BYTES_MAX)
        return err_set(note, ERR_LIBRARY, "librrd: no picture, or one beyond all bounds");
    const size_t size = info->value.u_blo.size;
    char *bytes = malloc(size + 1);
    if (!bytes)
        return err_set(note, -ENOMEM, "out of memory");
    memcpy(bytes, info->value.u_blo.ptr, size);
    bytes[size] = '\0';
    *ret_bytes = bytes;
    *ret_size = size;
    return 0;
}

/* Runs librrd over `args`, which it permutes. */
static int
graph_run(struct rrd_args *args, char **ret_bytes, size_t *ret_size, struct err_note *note)
{
    if (args->has_failed)
        return err_set(note, -ENOMEM, "no memory for librrd's arguments");
    char *permuted[RRD_ARGS_MAX + 1];
    memcpy(permuted, args->items, sizeof permuted);
    rrd_clear_error();
    rrd_info_t *infos = rrd_graph_v(args->count, permuted);
    int rc = 0;
    if (!infos || rrd_test_error())
        rc = err_set(note, ERR_LIBRARY, "librrd: %.400s",
                     rrd_test_error() ? rrd_get_error() : "no picture");
    else
        rc = image_take(infos, ret_bytes, ret_size, note);
    rrd_info_free(infos);
    return rc;
}

/* The source of the charts: librrd. */
static int
source_draw(void *context, struct rrd_args *args, char **ret_svg, struct err_note *note)
{
    size_t size;
    (void)context; /* librrd has its own, one a thread */
    return graph_run(args, ret_svg, &size, note);
}

/* The archive's path as librrd shall see it: never one that begins like another of its back ends
 * ("sql//", "cb//", ...). Not there is fine for a series that has no value yet; then ret_path is
 * "". */
static int
archive_path(const struct picture *picture, const char *archive_dir, char *ret_path,
             struct err_note *note)
{
    int n = snprintf(ret_path, PATH_BYTES_MAX, "%s%s/%s", archive_dir[0] == '/' ? "" : "./",
                     archive_dir, picture->archive);
    if (n < 0 || n >= PATH_BYTES_MAX || strchr(archive_dir, '\\') || !archive_dir[0])
        return err_set(note, ERR_RANGE, "archive folder: too long or with a backslash");
    if (access(ret_path, R_OK) == 0)
        return 0;
    if (errno == ENOENT && picture->point_count == 0) {
        ret_path[0] = '\0';
        return 0;
    }
    return err_set(note, errno == ENOENT ? ERR_ABSENT : -errno, "archive %s: %s", picture->archive,
                   strerror(errno));
}

static int
scene_write(const struct picture *picture, const struct content *content, const struct scene *scene,
            char **ret_bytes, size_t *ret_size, struct err_note *note)
{
    char title[sizeof picture->title + 64];
    const bool is_zh = picture->lang == LANG_ZH;
    (void)snprintf(title, sizeof title, "%s%s%s%s", picture->title,
                   !content->is_simulated ? ""
                   : is_zh                ? "（"
                                          : " (",
                   content->is_simulated ? content_word(WORD_STAMP, picture->lang) : "",
                   !content->is_simulated ? ""
                   : is_zh                ? "）"
                                          : ")"); /* fits */
    const struct theme theme = theme_of(picture);
    char *description = chart_description(picture, content);
    if (!description)
        return err_set(note, -ENOMEM, "out of memory");
    int rc = picture->format == PICTURE_SVG
                 ? svg_write(scene, picture->lang, title, description, ret_bytes, ret_size, note)
                 : png_write(scene, &theme, title, description, ret_bytes, ret_size, note);
    free(description);
    return rc;
}

int
draw_picture(const struct picture *picture, const char *archive_dir, char **ret_bytes,
             size_t *ret_size, struct err_note *note)
{
    char path[PATH_BYTES_MAX] = "";
    int rc = picture_needs_archive(picture) ? archive_path(picture, archive_dir, path, note) : 0;
    if (rc < 0)
        return rc;
    struct content content;
    struct scene scene = { 0 };
    const struct chart_source source = { source_draw, NULL, path[0] ? path : NULL };
    content_make(picture, &content);
    rc = chart_draw(picture, &content, &source, &scene, note);
    if (rc == 0)
        rc = scene_write(picture, &content, &scene, ret_bytes, ret_size, note);
    scene_done(&scene);
    return rc;
}

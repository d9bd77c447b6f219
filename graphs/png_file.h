/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pixels as a PNG file, written for speed: two thirds of the time of a picture by cairo's own
 * encoder goes into compressing, at a middle level and with an empty fourth channel, what is mostly
 * one colour. RGB, unfiltered, at zlib's fastest is as small here and three times as fast. */
#ifndef PACEWATCH_GRAPHS_PNG_FILE_H
#define PACEWATCH_GRAPHS_PNG_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"

/* `pixels`: 0x00RRGGBB each, rows `stride` pixels apart. `dpi` 0: not told. */
struct png_image {
    const uint32_t *pixels;
    size_t width, height, stride;
    double dpi;
    const char *title;       /* UTF-8 */
    const char *description; /* likewise */
};

/* The caller frees *ret_bytes. */
int png_file_write(const struct png_image *image, char **ret_bytes, size_t *ret_size,
                   struct err_note *note);

#endif

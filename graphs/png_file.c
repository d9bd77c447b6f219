/* SPDX-License-Identifier: GPL-3.0-or-later
 * PNG (ISO/IEC 15948): signature, then chunks of length, name, bytes and CRC. */
#include "graphs/png_file.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    CHANNELS = 3,
    CHUNK_AROUND = 12,
    FILTER_NONE = 0,
    AROUND_MAX = 320 /* all chunks but IDAT, without texts */
};

/* Chunks fill `bytes` from the front; there is room for all of them. */
struct file {
    unsigned char *bytes;
    size_t size;
};

static void
put_u32(unsigned char *bytes, size_t value)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(value >> (24 - 8 * i) & 0xFFU);
}

/* Closes a chunk whose `length` bytes of content already stand behind its 8 bytes of head. */
static void
chunk_close(struct file *file, const char *name, size_t length)
{
    unsigned char *chunk = file->bytes + file->size;
    put_u32(chunk, length);
    memcpy(chunk + 4, name, 4);
    put_u32(chunk + 8 + length, crc32(0, chunk + 4, (uInt)length + 4));
    file->size += length + CHUNK_AROUND;
}

static void
put_chunk(struct file *file, const char *name, const void *content, size_t length)
{
    if (length > 0)
        memcpy(file->bytes + file->size + 8, content, length);
    chunk_close(file, name, length);
}

static void
put_header(struct file *file, const struct png_image *image)
{
    static const unsigned char signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n' };
    unsigned char header[13] = { [8] = 8 /* bits */, [9] = 2 /* RGB */ };
    memcpy(file->bytes, signature, sizeof signature);
    file->size = sizeof signature;
    put_u32(header, image->width);
    put_u32(header + 4, image->height);
    put_chunk(file, "IHDR", header, sizeof header);
    if (image->dpi > 0) {
        unsigned char physical[9] = { [8] = 1 /* metres */ };
        put_u32(physical, (size_t)lround(image->dpi / 0.0254));
        put_u32(physical + 4, (size_t)lround(image->dpi / 0.0254));
        put_chunk(file, "pHYs", physical, sizeof physical);
    }
}

/* An uncompressed international text. */
static void
put_text(struct file *file, const char *keyword, const char *text)
{
    unsigned char *content = file->bytes + file->size + 8;
    const size_t head = strlen(keyword) + 5; /* NUL, two bytes for "plain", two empty texts */
    memset(content, 0, head);
    memcpy(content, keyword, strlen(keyword) + 1);
    memcpy(content + head, text, strlen(text) + 1); /* the CRC goes over its end */
    chunk_close(file, "iTXt", head + strlen(text));
}

/* One row as it is, behind the number of its filter. */
static void
row_pack(const uint32_t *row, size_t width, unsigned char *into)
{
    *into++ = FILTER_NONE;
    for (size_t x = 0; x < width; x++)
        for (int shift = 16; shift >= 0; shift -= 8)
            *into++ = (unsigned char)(row[x] >> shift & 0xFFU);
}

static int
rows_deflate(const struct png_image *image, z_stream *stream, unsigned char *row)
{
    const size_t row_size = image->width * CHANNELS + 1;
    int rc = Z_OK;
    for (size_t y = 0; y < image->height && rc == Z_OK; y++) {
        row_pack(image->pixels + y * image->stride, image->width, row);
        stream->next_in = row;
        stream->avail_in = (uInt)row_size;
        rc = deflate(stream, y + 1 < image->height ? Z_NO_FLUSH : Z_FINISH);
    }
    return rc == Z_STREAM_END ? 0 : ERR_LIBRARY;
}

/* Writes all chunks; the file has room. */
static int
chunks_write(const struct png_image *image, z_stream *stream, size_t bound, struct file *file)
{
    unsigned char *row = malloc(image->width * CHANNELS + 1);
    if (!row)
        return -ENOMEM;
    put_header(file, image);
    put_text(file, "Title", image->title);
    put_text(file, "Description", image->description);
    stream->next_out = file->bytes + file->size + 8;
    stream->avail_out = (uInt)bound;
    int rc = rows_deflate(image, stream, row);
    free(row);
    if (rc < 0)
        return rc;
    chunk_close(file, "IDAT", bound - stream->avail_out);
    put_chunk(file, "IEND", NULL, 0);
    return 0;
}

int
png_file_write(const struct png_image *image, char **ret_bytes, size_t *ret_size,
               struct err_note *note)
{
    z_stream stream = { 0 };
    if (deflateInit(&stream, Z_BEST_SPEED) != Z_OK)
        return err_set(note, -ENOMEM, "png: out of memory");
    const size_t bound =
        deflateBound(&stream, (uLong)(image->height * (image->width * CHANNELS + 1)));
    struct file file = { .bytes = malloc(bound + AROUND_MAX + strlen(image->title) +
                                         strlen(image->description)) };
    int rc = file.bytes ? chunks_write(image, &stream, bound, &file) : -ENOMEM;
    (void)deflateEnd(&stream); /* what it would tell, rc does */
    if (rc < 0) {
        free(file.bytes);
        return err_set(note, rc, "png: %s", err_text(rc));
    }
    *ret_size = file.size;
    *ret_bytes = realloc(file.bytes, file.size);
    if (!*ret_bytes) /* it did not shrink */
        *ret_bytes = (char *)file.bytes;
    return 0;
}

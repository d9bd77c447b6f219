/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/exchange/reader.h"

#include <string.h>

#include "platform/file.h"

enum { FILE_MAX_BYTES = INT32_MAX };

int
reader_bytes(const char *path, char **ret_bytes, size_t *ret_size, struct err_note *note)
{
    return file_read(path, FILE_MAX_BYTES, ret_bytes, ret_size, note);
}

int
reader_open(const char *path, enum exchange_format format, struct reader **ret_reader,
            struct err_note *note)
{
    switch (format) {
    case EXCHANGE_JSON:
        return json_reader_open(path, ret_reader, note);
    case EXCHANGE_XLSX:
        return workbook_reader_open(path, ret_reader, note);
    case EXCHANGE_CSV:
    case EXCHANGE_SDMX_CSV:
    case EXCHANGE_FORMAT_COUNT:
        break;
    }
    return csv_reader_open(path, ret_reader, note);
}

static const char *
column_name(int column, bool is_sdmx)
{
    return is_sdmx ? column_says[column].sdmx : column_says[column].name;
}

void
reader_note_column(struct reader *reader, bool is_sdmx, const char *name, int where)
{
    for (int column = 0; column < COLUMN_COUNT; column++) {
        const char *ours = column_name(column, is_sdmx);
        if (ours && strcmp(ours, name) == 0)
            reader->where[column] = where;
    }
}

int
reader_check_columns(const struct reader *reader, bool is_sdmx, struct err_note *note)
{
    for (int column = 0; column < COLUMN_COUNT; column++)
        if (column_says[column].need == CELL_MUST && reader->where[column] < 0)
            return err_set(note, ERR_SYNTAX,
                           "it has no column '%s': it must be an export of pacewatch, as it was "
                           "written",
                           column_name(column, is_sdmx));
    return 0;
}

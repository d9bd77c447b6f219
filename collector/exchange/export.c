/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "collector/exchange/writer.h"
#include "platform/file.h"

static const char *const format_names[EXCHANGE_FORMAT_COUNT] = {
#define X(id, name) [id] = (name),
    EXCHANGE_FORMAT_TABLE(X)
#undef X
};

int
exchange_format_of(const char *name, enum exchange_format *ret_format)
{
    for (int i = 0; i < EXCHANGE_FORMAT_COUNT; i++) {
        if (strcmp(format_names[i], name) == 0) {
            *ret_format = (enum exchange_format)i;
            return 0;
        }
    }
    return ERR_UNKNOWN;
}

int
exchange_format_of_file(const char *path, enum exchange_format *ret_format)
{
    const char *dot = strrchr(path, '.');
    return dot && !strchr(dot, '/') ? exchange_format_of(dot + 1, ret_format) : ERR_UNKNOWN;
}

struct exporting {
    const struct exchange_export *order;
    const struct catalogue *catalogue;
    struct writer writer;
    struct wall_time newest; /* receipt of a row */
    struct err_note *note;
};

static int
write_record(void *context, const struct ledger_record *record)
{
    struct exporting *exporting = context;
    struct cells_buffer buffer;
    struct cells cells;
    cells_of_record(record, exporting->catalogue, exporting->order->lang, &buffer, &cells);
    if (record->row.received.seconds > exporting->newest.seconds)
        exporting->newest = record->row.received;
    switch (exporting->writer.format) {
    case EXCHANGE_JSON:
        json_write_row(&exporting->writer, &cells);
        break;
    case EXCHANGE_XLSX:
        return workbook_row(&exporting->writer, &cells, exporting->note);
    case EXCHANGE_CSV:
    case EXCHANGE_SDMX_CSV:
    case EXCHANGE_FORMAT_COUNT:
        csv_write_row(&exporting->writer, record, &cells);
        break;
    }
    return exporting->writer.out && ferror(exporting->writer.out)
               ? err_set(exporting->note, -EIO, "the export cannot be written")
               : 0;
}

static int
write_text(struct exporting *exporting, struct ledger *ledger)
{
    struct writer *writer = &exporting->writer;
    bool is_json = writer->format == EXCHANGE_JSON;
    const struct ledger_selection *selection = &exporting->order->selection;
    int code = 0;
    if (is_json)
        code = json_write_header(writer, ledger, selection, exporting->note);
    else
        csv_write_header(writer);
    if (code == 0)
        code = ledger_each_record(ledger, selection, write_record, exporting, exporting->note);
    if (code == 0 && is_json)
        json_write_end(writer);
    if (code == 0 && (fflush(writer->out) != 0 || ferror(writer->out)))
        code = err_set(exporting->note, -EIO, "the export cannot be written: %s", strerror(errno));
    return code;
}

static int
write_workbook(struct exporting *exporting, struct ledger *ledger, const char *path)
{
    int code = workbook_begin(&exporting->writer, path, exporting->note);
    if (code == 0)
        code = ledger_each_record(ledger, &exporting->order->selection, write_record, exporting,
                                  exporting->note);
    struct err_note note = { "" };
    int ended = workbook_end(&exporting->writer, exporting->newest, &note);
    return code != 0 ? code : ended != 0 ? err_set(exporting->note, ended, "%s", note.text) : 0;
}

/* Writes the file under its temporary name. */
static int
write_file(struct exporting *exporting, struct ledger *ledger, const char *path)
{
    struct err_note *note = exporting->note;
    int code = 0;
    if (exporting->writer.format == EXCHANGE_XLSX)
        code = write_workbook(exporting, ledger, path);
    int fd = code == 0 ? file_open_write(path, 0644, note) : code;
    if (fd < 0)
        return fd;
    FILE *out = exporting->writer.format == EXCHANGE_XLSX ? NULL : fdopen(dup(fd), "w");
    if (out) {
        exporting->writer.out = out;
        code = write_text(exporting, ledger);
        if (fclose(out) != 0 && code == 0)
            code = err_set(note, -EIO, "write %s: %s", path, strerror(errno));
    } else if (exporting->writer.format != EXCHANGE_XLSX) {
        code = err_set(note, -errno, "write %s: %s", path, strerror(errno));
    }
    if (code == 0)
        code = file_sync(fd, note);
    (void)close(fd); /* synced */
    return code;
}

/* "FOLDER/.NAME.part" for "FOLDER/NAME". */
static int
temporary_name(const char *path, char name[FILE_PATH_MAX], struct err_note *note)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    int n = snprintf(name, FILE_PATH_MAX, "%.*s.%s.part", (int)(base - path), path, base);
    if (!base[0] || n < 0 || n >= FILE_PATH_MAX)
        return err_set(note, ERR_RANGE, "%s: no name of a file, or too long", path);
    return 0;
}

int
exchange_export(struct ledger *ledger, const struct catalogue *catalogue,
                const struct exchange_export *order, int64_t *ret_rows, struct err_note *note)
{
    struct exporting exporting = {
        .order = order,
        .catalogue = catalogue,
        .writer = { .format = order->format, .for_excel = order->for_excel, .out = order->out },
        .note = note,
    };
    char part[FILE_PATH_MAX];
    int code = 0;
    if (!order->path) {
        code = write_text(&exporting, ledger);
    } else {
        code = temporary_name(order->path, part, note);
        if (code == 0)
            code = file_remove(part, note); /* of an export that was cut off */
        if (code != 0)
            return code;
        code = write_file(&exporting, ledger, part);
        if (code == 0)
            code = file_rename(part, order->path, note);
        if (code != 0)
            (void)unlink(part); /* a leftover is written over */
    }
    if (code == 0)
        *ret_rows = exporting.writer.count;
    return code;
}

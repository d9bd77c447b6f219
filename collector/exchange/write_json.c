/* SPDX-License-Identifier: GPL-3.0-or-later
 * One object; its rows one a line, written as they come. */
#include <string.h>

#include "collector/exchange/writer.h"
#include "platform/hash.h"

static void
put_text(FILE *out, const char *text)
{
    (void)fputc('"', out); /* a failure shows in ferror at the end, here and below */
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\')
            (void)fprintf(out, "\\%c", *c);
        else if (*c < ' ' || *c == 0x7f)
            (void)fprintf(out, "\\u%04x", (unsigned)*c);
        else
            (void)fputc(*c, out);
    }
    (void)fputc('"', out);
}

static void
put_member(FILE *out, const char *name, const char *text)
{
    (void)fprintf(out, "\"%s\": ", name);
    if (text)
        put_text(out, text);
    else
        (void)fputs("null", out);
    (void)fputs(", ", out);
}

/* The ledger's id as text; ERR_LIBRARY when it cannot be read. */
static int
read_identity(struct ledger *ledger, char hex[2 * WIRE_STREAM_ID + 1], struct err_note *note)
{
    static const uint8_t unknown[WIRE_STREAM_ID] = { 0 };
    uint8_t id[WIRE_STREAM_ID];
    uint64_t generation = 0;
    ledger_identity(ledger, id, &generation);
    (void)hash_hex(id, sizeof id, hex); /* returns it */
    return memcmp(id, unknown, sizeof id) != 0
               ? 0
               : err_set(note, ERR_LIBRARY, "the ledger's id cannot be read");
}

int
json_write_header(struct writer *writer, struct ledger *ledger,
                  const struct ledger_selection *selection, struct err_note *note)
{
    const struct ledger_as_of *as_of = &selection->as_of;
    char hex[2 * WIRE_STREAM_ID + 1], day[CAL_TEXT_MAX], moment[CAL_TEXT_MAX];
    FILE *out = writer->out;
    int code = read_identity(ledger, hex, note);
    if (code != 0)
        return code;
    (void)fputs("{\"format\": \"pacewatch-export\", \"version\": 1, ", out);
    put_member(out, "ledger", hex);
    put_member(out, "area", selection->area);
    put_member(out, "indicator", selection->indicator);
    (void)fprintf(out, "\"latest\": %s, ", selection->only_latest ? "true" : "false");
    put_member(out, "as_of", as_of->has_released ? cal_date_print(as_of->released, day) : NULL);
    put_member(out, "received_as_of",
               as_of->has_received ? cal_instant_print(as_of->received, moment) : NULL);
    (void)fputs("\"rows\": [", out);
    return 0;
}

void
json_write_row(struct writer *writer, const struct cells *cells)
{
    FILE *out = writer->out;
    (void)fputs(writer->count++ > 0 ? ",\n{" : "\n{", out);
    for (int i = 0; i < COLUMN_COUNT; i++) {
        const char *text = cells->text[i];
        (void)fprintf(out, "%s\"%s\": ", i > 0 ? ", " : "", column_says[i].name);
        if (!text[0] && (i == COLUMN_VALUE || column_says[i].kind == CELL_COUNT))
            (void)fputs("null", out);
        else if (column_says[i].kind == CELL_COUNT)
            (void)fputs(text, out);
        else
            put_text(out, text);
    }
    (void)fputc('}', out);
}

void
json_write_end(struct writer *writer)
{
    (void)fputs("\n]}\n", writer->out);
}

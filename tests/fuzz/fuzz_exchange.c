/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a file to import. The first byte: 0 csv, 1 json, 2 a whole workbook, 3 the sheet of
 * a workbook, 4 its shared texts. Rows come out, or words; no descriptor stays open. */
#include "fuzz.h"

#include <string.h>
#include <zip.h>

#include "collector/exchange/reader.h"
#include "tests/fuzz/ram.h"
#include "tests/unit/platform/folder.h"

enum { CSV, JSON, WORKBOOK, SHEET, TEXTS, MODES };

static void
add(zip_t *zip, const char *name, const void *bytes, size_t size)
{
    zip_source_t *source = zip_source_buffer(zip, bytes, size, 0);
    FUZZ_CHECK(source);
    zip_int64_t index = zip_file_add(zip, name, source, 0);
    FUZZ_CHECK(index >= 0);
    FUZZ_CHECK(zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0) == 0);
}

/* A workbook with the bytes in one of its parts. */
static void
put_workbook(const char *path, int mode, const uint8_t *bytes, size_t size)
{
    static const char book[] = "<workbook><sheet r:id=\"a\"/></workbook>";
    static const char relations[] = "<r><Relationship Id=\"a\" Target=\"s.xml\"/></r>";
    static const char texts[] = "<sst><si><t>area</t></si><si><t>_x0041_</t></si></sst>";
    static const char sheet[] = "<s><row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row></s>";
    int error = 0;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &error);
    FUZZ_CHECK(zip);
    add(zip, "xl/workbook.xml", book, sizeof book - 1);
    add(zip, "xl/_rels/workbook.xml.rels", relations, sizeof relations - 1);
    add(zip, "xl/s.xml", mode == SHEET ? (const void *)bytes : sheet,
        mode == SHEET ? size : sizeof sheet - 1);
    add(zip, "xl/sharedStrings.xml", mode == TEXTS ? (const void *)bytes : texts,
        mode == TEXTS ? size : sizeof texts - 1);
    FUZZ_CHECK(zip_close(zip) == 0);
}

static void
read_all(const char *path, enum exchange_format format)
{
    struct reader *reader = NULL;
    struct cells cells;
    struct err_note note = { "" };
    int code = reader_open(path, format, &reader, &note);
    if (code == 0) {
        while ((code = reader->does->next(reader, &cells, &note)) == 1) {
            char place[48];
            reader->does->place(reader, COLUMN_ROW, place, sizeof place);
            for (int i = 0; i < COLUMN_COUNT; i++)
                FUZZ_CHECK(text_is_utf8(cells.text[i], strlen(cells.text[i])));
        }
        reader->does->close(reader);
    }
    FUZZ_CHECK(code == 0 || note.text[0] != '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    int before = ram_next_descriptor(), mode = bytes[0] % MODES;
    const char *path = folder_path(ram_folder(), "in");
    char kept[1024];
    (void)snprintf(kept, sizeof kept, "%s", path);
    if (mode == SHEET || mode == TEXTS)
        put_workbook(kept, mode, bytes + 1, size - 1);
    else
        ram_put(ram_folder(), "in", bytes + 1, size - 1);
    read_all(kept, mode == CSV ? EXCHANGE_CSV : mode == JSON ? EXCHANGE_JSON : EXCHANGE_XLSX);
    FUZZ_CHECK(ram_next_descriptor() == before);
    return 0;
}

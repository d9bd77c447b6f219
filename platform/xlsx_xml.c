/* SPDX-License-Identifier: GPL-3.0-or-later
 * Zip members as XML, with every limit counted on the bytes that come out. */
#include <stdlib.h>
#include <string.h>

#include "platform/file.h"
#include "platform/xlsx_private.h"

enum { PIECE = 64 * 1024, FREE_BYTES = 1 << 20 };

int
xlsx_pack_open(const char *path, struct xlsx_pack *pack, struct err_note *note)
{
    *pack = (struct xlsx_pack){ .bytes = NULL };
    int code = file_read(path, XLSX_FILE_MAX, &pack->bytes, &pack->packed, note);
    if (code != 0)
        return code;
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(pack->bytes, pack->packed, 0, &error);
    if (source) {
        pack->zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
        if (!pack->zip)
            zip_source_free(source);
    }
    if (!pack->zip)
        code = err_set(note, ERR_SYNTAX, "no workbook: %s", zip_error_strerror(&error));
    zip_error_fini(&error);
    if (code == 0 && zip_get_num_entries(pack->zip, 0) > XLSX_MEMBERS_MAX)
        code = err_set(note, ERR_RANGE, "more than %d members", XLSX_MEMBERS_MAX);
    if (code != 0)
        xlsx_pack_close(pack);
    return code;
}

void
xlsx_pack_close(struct xlsx_pack *pack)
{
    if (pack->zip)
        zip_discard(pack->zip);
    free(pack->bytes);
    *pack = (struct xlsx_pack){ .bytes = NULL };
}

/* The only member of that name; -1: none, or several. */
static zip_int64_t
find_member(const struct xlsx_pack *pack, const char *name)
{
    zip_int64_t found = -1, count = zip_get_num_entries(pack->zip, 0);
    for (zip_int64_t i = 0; i < count; i++) {
        const char *there = zip_get_name(pack->zip, (zip_uint64_t)i, ZIP_FL_ENC_RAW);
        if (!there || strcmp(there, name) != 0)
            continue;
        if (found >= 0)
            return -1;
        found = i;
    }
    return found;
}

bool
xlsx_pack_has(const struct xlsx_pack *pack, const char *name)
{
    return find_member(pack, name) >= 0;
}

static const char *
without_prefix(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *
xlsx_xml_attribute(const char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i]; i += 2)
        if (strcmp(without_prefix(attributes[i]), name) == 0)
            return attributes[i + 1];
    return NULL;
}

void
xlsx_xml_refuse(struct xlsx_xml *xml, int code, const char *words)
{
    if (xml->code == 0)
        xml->code = err_set(&xml->why, code, "%s", words);
    (void)XML_StopParser(xml->parser, XML_FALSE); /* it may have been stopped already */
}

void
xlsx_xml_pause(struct xlsx_xml *xml)
{
    if (xml->code == 0 && XML_StopParser(xml->parser, XML_TRUE) == XML_STATUS_OK)
        xml->is_paused = true;
}

static void
on_start(void *data, const char *name, const char **attributes)
{
    struct xlsx_xml *xml = data;
    if (xml->code != 0)
        return;
    if (++xml->depth > XLSX_DEPTH_MAX)
        xlsx_xml_refuse(xml, ERR_RANGE, "elements lie too deep within each other");
    else
        xml->start(xml, without_prefix(name), attributes);
}

static void
on_end(void *data, const char *name)
{
    struct xlsx_xml *xml = data;
    xml->depth--;
    if (xml->code == 0)
        xml->end(xml, without_prefix(name));
}

static void
on_text(void *data, const char *text, int length)
{
    struct xlsx_xml *xml = data;
    if (xml->code == 0 && xml->text)
        xml->text(xml, text, (size_t)length);
}

static void
on_doctype(void *data, const char *name, const char *system, const char *public, int has_subset)
{
    (void)name;
    (void)system;
    (void)public;
    (void)has_subset;
    xlsx_xml_refuse(data, ERR_SYNTAX, "a document type declaration, which no workbook has");
}

int
xlsx_xml_open(struct xlsx_xml *xml, struct xlsx_pack *pack, const char *name, struct err_note *note)
{
    zip_int64_t index = find_member(pack, name);
    if (index < 0)
        return err_set(note, ERR_ABSENT, "%s is not there, or twice", name);
    xml->pack = pack;
    xml->name = name;
    xml->file = zip_fopen_index(pack->zip, (zip_uint64_t)index, 0);
    if (!xml->file)
        return err_set(note, ERR_SYNTAX, "%s: %s", name, zip_strerror(pack->zip));
    xml->parser = XML_ParserCreate(NULL);
    if (!xml->parser)
        return err_set(note, ERR_LIBRARY, "no memory for the parser");
    XML_SetUserData(xml->parser, xml);
    XML_SetElementHandler(xml->parser, on_start, on_end);
    XML_SetCharacterDataHandler(xml->parser, on_text);
    XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
    return 0;
}

void
xlsx_xml_close(struct xlsx_xml *xml)
{
    if (xml->parser)
        XML_ParserFree(xml->parser);
    if (xml->file)
        (void)zip_fclose(xml->file); /* only read */
    xml->parser = NULL;
    xml->file = NULL;
}

/* Unpacks a piece into the parser. */
static enum XML_Status
feed(struct xlsx_xml *xml)
{
    void *piece = XML_GetBuffer(xml->parser, PIECE);
    if (!piece)
        return XML_STATUS_ERROR;
    zip_int64_t n = zip_fread(xml->file, piece, PIECE);
    if (n < 0) {
        xlsx_xml_refuse(xml, ERR_SYNTAX, "it cannot be unpacked");
        return XML_STATUS_ERROR;
    }
    struct xlsx_pack *pack = xml->pack;
    pack->unpacked += (size_t)n;
    if (pack->unpacked > XLSX_UNPACKED_MAX ||
        (pack->unpacked > FREE_BYTES && pack->unpacked / XLSX_RATIO_MAX > pack->packed)) {
        xlsx_xml_refuse(xml, ERR_RANGE, "it unpacks to more than a workbook of its size would");
        return XML_STATUS_ERROR;
    }
    xml->is_at_end = n == 0;
    return XML_ParseBuffer(xml->parser, (int)n, n == 0);
}

int
xlsx_xml_run(struct xlsx_xml *xml, struct err_note *note)
{
    enum XML_Status status = XML_STATUS_OK;
    bool resumes = xml->is_paused;
    xml->is_paused = false;
    if (resumes)
        status = XML_ResumeParser(xml->parser);
    while (status == XML_STATUS_OK && !xml->is_at_end)
        status = feed(xml);
    if (xml->code != 0)
        return err_set(note, xml->code, "%s: %s", xml->name, xml->why.text);
    if (status == XML_STATUS_ERROR)
        return err_set(note, ERR_SYNTAX, "%s, line %lu: %s", xml->name,
                       (unsigned long)XML_GetCurrentLineNumber(xml->parser),
                       XML_ErrorString(XML_GetErrorCode(xml->parser)));
    return status == XML_STATUS_SUSPENDED ? 1 : 0;
}

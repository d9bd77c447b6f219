/* SPDX-License-Identifier: GPL-3.0-or-later
 * Private to platform/xlsx*.c: a member of a workbook as a stream of XML. */
#ifndef PACEWATCH_PLATFORM_XLSX_PRIVATE_H
#define PACEWATCH_PLATFORM_XLSX_PRIVATE_H

#include <expat.h>
#include <stdint.h>
#include <zip.h>

#include "platform/xlsx.h"

struct xlsx_pack {
    char *bytes; /* the file, whole */
    zip_t *zip;
    size_t packed;   /* bytes of the file */
    size_t unpacked; /* so far, of all members */
};

int xlsx_pack_open(const char *path, struct xlsx_pack *pack, struct err_note *note);
void xlsx_pack_close(struct xlsx_pack *pack);

/* Is there a member of that name? */
bool xlsx_pack_has(const struct xlsx_pack *pack, const char *name);

/* One member being parsed. `start` and `end` get names without prefix; what they refuse they tell
 * xml_refuse. */
struct xlsx_xml {
    struct xlsx_pack *pack;
    zip_file_t *file;
    XML_Parser parser;
    const char *name;
    int depth;
    bool is_at_end; /* of the member */
    bool is_paused;
    int code; /* what the handlers refused, and the words */
    struct err_note why;
    void *context;
    void (*start)(struct xlsx_xml *xml, const char *name, const char **attributes);
    void (*end)(struct xlsx_xml *xml, const char *name);
    void (*text)(struct xlsx_xml *xml, const char *text, size_t length);
};

/* `name` must outlive it. ERR_ABSENT: no such member. */
int xlsx_xml_open(struct xlsx_xml *xml, struct xlsx_pack *pack, const char *name,
                  struct err_note *note);
void xlsx_xml_close(struct xlsx_xml *xml);

/* Parses on until a handler pauses (1), or to the end (0). */
int xlsx_xml_run(struct xlsx_xml *xml, struct err_note *note);

/* For handlers. */
void xlsx_xml_pause(struct xlsx_xml *xml);
void xlsx_xml_refuse(struct xlsx_xml *xml, int code, const char *words);

/* The value of an attribute (its name without prefix), or NULL. */
const char *xlsx_xml_attribute(const char **attributes, const char *name);

/* ---- texts ---- */

/* Shared strings, one after the other, each with its NUL. */
struct xlsx_strings {
    char *bytes;
    size_t size, room;
    size_t *starts; /* in bytes */
    size_t count, places;
};

/* A string begins, goes on, ends. false: no memory, or over XLSX_STRINGS_MAX. */
bool xlsx_strings_begin(struct xlsx_strings *strings);
bool xlsx_strings_add(struct xlsx_strings *strings, const char *text, size_t length);
bool xlsx_strings_end(struct xlsx_strings *strings);
void xlsx_strings_done(struct xlsx_strings *strings);

/* Undoes _x0041_, in which spreadsheets write what XML cannot; in place. */
void xlsx_unescape(char *text);

#endif

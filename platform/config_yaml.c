/* SPDX-License-Identifier: GPL-3.0-or-later
 * A small part of YAML: one document, a mapping of keys to scalars, mappings inside it one level
 * deep. Anchors, aliases, tags, lists and keys that stand twice are refused: they only help to say
 * something else than what a reader sees. */
#include "platform/config_yaml.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "core/text.h"
#include "platform/file.h"

enum { KEY_MAX = 127 };

struct reader {
    const char *path;
    const struct config_option *options;
    size_t count;
    char *settings;
    bool seen[CONFIG_OPTIONS_MAX];
    bool group_seen[CONFIG_OPTIONS_MAX]; /* by the mapping's first option */
    yaml_parser_t parser;
    yaml_event_t event; /* the current one */
    bool has_event;
    struct err_note *note;
};

/* Puts "PATH line N" in front of the note. */
static int
at_line(struct reader *reader, int code, size_t line)
{
    return err_prefix(reader->note, code, "%s line %zu", reader->path, line + 1);
}

static int
at_event(struct reader *reader, int code)
{
    return at_line(reader, code, reader->event.start_mark.line);
}

/* Takes the next event; anchors, aliases and tags end here. */
static int
next(struct reader *reader)
{
    if (reader->has_event)
        yaml_event_delete(&reader->event);
    reader->has_event = false;
    if (!yaml_parser_parse(&reader->parser, &reader->event)) {
        err_set(reader->note, ERR_SYNTAX, "%s",
                reader->parser.problem ? reader->parser.problem : "cannot be read");
        size_t line = reader->parser.error == YAML_READER_ERROR ? reader->parser.mark.line
                                                                : reader->parser.problem_mark.line;
        return at_line(reader, ERR_SYNTAX, line);
    }
    reader->has_event = true;
    const yaml_event_t *event = &reader->event;
    bool is_scalar = event->type == YAML_SCALAR_EVENT;
    bool is_mapping = event->type == YAML_MAPPING_START_EVENT;
    bool is_list = event->type == YAML_SEQUENCE_START_EVENT;
    const char *bad = NULL;
    if (event->type == YAML_ALIAS_EVENT)
        bad = "aliases (*name) are not used here";
    else if ((is_scalar && event->data.scalar.anchor) ||
             (is_mapping && event->data.mapping_start.anchor) ||
             (is_list && event->data.sequence_start.anchor))
        bad = "anchors (&name) are not used here";
    else if ((is_scalar && event->data.scalar.tag) ||
             (is_mapping && event->data.mapping_start.tag) ||
             (is_list && event->data.sequence_start.tag))
        bad = "tags (!name) are not used here";
    if (!bad)
        return 0;
    err_set(reader->note, ERR_SYNTAX, "%s", bad);
    return at_event(reader, ERR_SYNTAX);
}

static const char *
scalar_text(const struct reader *reader)
{
    return (const char *)reader->event.data.scalar.value;
}

/* A scalar without text and quotes is no value in YAML, and "null" does not mean the word. */
static bool
scalar_is_null(const struct reader *reader)
{
    const char *text = scalar_text(reader);
    return reader->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           (text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
}

/* Copies the current scalar as a key. */
static int
take_key(struct reader *reader, char *ret_key)
{
    if (reader->event.type != YAML_SCALAR_EVENT) {
        err_set(reader->note, ERR_SYNTAX, "a key must be a single word");
        return at_event(reader, ERR_SYNTAX);
    }
    size_t length = reader->event.data.scalar.length;
    if (length == 0 || !text_is_clean(scalar_text(reader), length, KEY_MAX)) {
        err_set(reader->note, ERR_SYNTAX, "a key must be 1..%d bytes of clean text", KEY_MAX);
        return at_event(reader, ERR_SYNTAX);
    }
    memcpy(ret_key, scalar_text(reader), length + 1);
    return 0;
}

/* Is the current event of this type? Otherwise says what the key wants. */
static int
expect(struct reader *reader, yaml_event_type_t type, const char *key, const char *wanted)
{
    if (reader->event.type == type)
        return 0;
    const char *got = reader->event.type == YAML_SCALAR_EVENT          ? "a single value"
                      : reader->event.type == YAML_MAPPING_START_EVENT ? "a mapping"
                                                                       : "a list";
    err_set(reader->note, ERR_SYNTAX, "'%s' must be %s, not %s", key, wanted, got);
    return at_event(reader, ERR_SYNTAX);
}

static int
refuse_null(struct reader *reader, const char *key)
{
    if (!scalar_is_null(reader))
        return 0;
    err_set(reader->note, ERR_SYNTAX, "'%s' has no value (write \"\" for an empty text)", key);
    return at_event(reader, ERR_SYNTAX);
}

static int
read_pairs(struct reader *reader, const struct config_option *option)
{
    struct config_pairs *pairs = (struct config_pairs *)(void *)(reader->settings + option->offset);
    for (;;) {
        char name[KEY_MAX + 1];
        int rc = next(reader);
        if (rc < 0 || reader->event.type == YAML_MAPPING_END_EVENT)
            return rc;
        rc = take_key(reader, name);
        if (rc == 0)
            rc = next(reader);
        if (rc == 0)
            rc = expect(reader, YAML_SCALAR_EVENT, name, "text");
        if (rc == 0)
            rc = refuse_null(reader, name);
        if (rc < 0)
            return rc;
        rc = config_add_pair(pairs, name, strlen(name), scalar_text(reader),
                             reader->event.data.scalar.length, reader->note);
        if (rc < 0) {
            err_prefix(reader->note, rc, "'%s'", option->key);
            return at_event(reader, rc);
        }
    }
}

static int
read_scalar(struct reader *reader, const struct config_option *option)
{
    int rc = expect(reader, YAML_SCALAR_EVENT, option->key, config_type_word(option));
    if (rc == 0)
        rc = refuse_null(reader, option->key);
    if (rc < 0)
        return rc;
    bool is_quoted = reader->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    if (is_quoted && option->type != CONFIG_TEXT)
        rc = err_set(reader->note, ERR_SYNTAX, "must be %s, not a text in quotes",
                     config_type_word(option));
    else
        rc = config_set(option, scalar_text(reader), reader->event.data.scalar.length,
                        reader->settings, reader->note);
    if (rc < 0) {
        err_prefix(reader->note, rc, "'%s'", option->key);
        return at_event(reader, rc);
    }
    return 0;
}

/* The first option whose dotted key starts with the mapping `name`; `count` when there is none. */
static size_t
find_group(const struct reader *reader, const char *name)
{
    size_t length = strlen(name), i = 0;
    while (i < reader->count && !(strncmp(reader->options[i].key, name, length) == 0 &&
                                  reader->options[i].key[length] == '.'))
        i++;
    return i;
}

/* Names the keys that could stand where `key` stands: those of the same mapping, `prefix` ("" or
 * "mail."). */
static int
unknown_key(struct reader *reader, const char *key, const char *prefix)
{
    char known[400] = "";
    size_t at = 0, length = strlen(prefix);
    for (size_t i = 0; i < reader->count; i++) {
        if (strncmp(reader->options[i].key, prefix, length) != 0)
            continue;
        int n = snprintf(known + at, sizeof known - at, "%s%s", at > 0 ? ", " : "",
                         reader->options[i].key);
        if (n < 0 || (size_t)n >= sizeof known - at)
            break; /* the list ends where the room does */
        at += (size_t)n;
    }
    known[at] = '\0';
    err_set(reader->note, ERR_UNKNOWN, "unknown key '%.60s' (known: %s)", key, known);
    return at_event(reader, ERR_UNKNOWN);
}

static int read_mapping(struct reader *reader, const char *prefix);

static int
read_option(struct reader *reader, const struct config_option *option)
{
    int rc = next(reader);
    if (rc < 0)
        return rc;
    if (option->type != CONFIG_PAIRS)
        return read_scalar(reader, option);
    rc = expect(reader, YAML_MAPPING_START_EVENT, option->key, config_type_word(option));
    return rc < 0 ? rc : read_pairs(reader, option);
}

static int
read_group(struct reader *reader, const char *name)
{
    int rc = next(reader);
    if (rc == 0)
        rc = expect(reader, YAML_MAPPING_START_EVENT, name, "a mapping");
    char prefix[KEY_MAX + 2];
    (void)snprintf(prefix, sizeof prefix, "%s.", name);
    return rc < 0 ? rc : read_mapping(reader, prefix);
}

/* Reads what the current scalar names, inside the mapping `prefix` ("" outside of all). */
static int
read_entry(struct reader *reader, const char *prefix)
{
    char name[KEY_MAX + 1], key[2 * KEY_MAX + 2];
    int rc = take_key(reader, name);
    if (rc < 0)
        return rc;
    (void)snprintf(key, sizeof key, "%s%s", prefix, name);
    if (strchr(name, '.')) /* would be a second way to write the same key */
        return unknown_key(reader, key, prefix);
    size_t option = 0, group = prefix[0] == '\0' ? find_group(reader, name) : reader->count;
    while (option < reader->count && strcmp(reader->options[option].key, key) != 0)
        option++;
    bool is_option = option < reader->count;
    if (!is_option && group == reader->count)
        return unknown_key(reader, key, prefix);
    bool *seen = is_option ? &reader->seen[option] : &reader->group_seen[group];
    if (*seen) {
        err_set(reader->note, ERR_CONFLICT, "'%s' stands there twice", key);
        return at_event(reader, ERR_CONFLICT);
    }
    *seen = true;
    return is_option ? read_option(reader, &reader->options[option]) : read_group(reader, name);
}

/* Reads the entries of the mapping that has just begun; comes back to itself once at most, since a
 * mapping inside has a prefix. */
static int
read_mapping(struct reader *reader, const char *prefix)
{
    for (;;) {
        int rc = next(reader);
        if (rc < 0 || reader->event.type == YAML_MAPPING_END_EVENT)
            return rc;
        rc = read_entry(reader, prefix);
        if (rc < 0)
            return rc;
    }
}

/* Stream, document, mapping: the frame around the keys. An empty file is an empty mapping. */
static int
read_document(struct reader *reader)
{
    int rc = next(reader); /* the stream's start */
    if (rc == 0)
        rc = next(reader);
    if (rc < 0 || reader->event.type == YAML_STREAM_END_EVENT)
        return rc;
    rc = next(reader);
    if (rc < 0)
        return rc;
    if (reader->event.type != YAML_MAPPING_START_EVENT) {
        err_set(reader->note, ERR_SYNTAX, "the file must be lines of 'key: value'");
        return at_event(reader, ERR_SYNTAX);
    }
    rc = read_mapping(reader, "");
    if (rc == 0)
        rc = next(reader); /* the document's end */
    if (rc == 0)
        rc = next(reader);
    if (rc == 0 && reader->event.type != YAML_STREAM_END_EVENT) {
        err_set(reader->note, ERR_SYNTAX, "a second document begins");
        return at_event(reader, ERR_SYNTAX);
    }
    return rc;
}

static int
check_required(struct reader *reader)
{
    for (size_t i = 0; i < reader->count; i++) {
        const struct config_option *option = &reader->options[i];
        if (!reader->seen[i] && !option->initial && option->type != CONFIG_PAIRS)
            return err_set(reader->note, ERR_ABSENT, "%s: the key '%s' is missing (%s)",
                           reader->path, option->key, option->help);
    }
    return 0;
}

int
config_yaml_read(const char *path, const struct config_option *options, size_t count,
                 void *settings, struct err_note *note)
{
    if (count > CONFIG_OPTIONS_MAX)
        return err_set(note, ERR_RANGE, "%s: more than %d options", path, CONFIG_OPTIONS_MAX);
    char *bytes;
    size_t size;
    int rc = file_read(path, CONFIG_FILE_MAX, &bytes, &size, note);
    if (rc < 0)
        return rc;
    struct err_note words = { 0 };
    struct reader reader = { .path = path,
                             .options = options,
                             .count = count,
                             .settings = settings,
                             .note = note ? note : &words };
    if (!yaml_parser_initialize(&reader.parser)) {
        free(bytes);
        return err_set(note, ERR_LIBRARY, "%s: libyaml does not start", path);
    }
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)bytes, size);
    rc = read_document(&reader);
    if (rc == 0)
        rc = check_required(&reader);
    if (reader.has_event)
        yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.parser);
    free(bytes);
    return rc;
}

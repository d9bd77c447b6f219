/* SPDX-License-Identifier: GPL-3.0-or-later
 * The values: from text by type, and back to text. The file's structure is config_yaml.c's
 * business. */
#include "platform/config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/num.h"
#include "core/text.h"
#include "platform/config_yaml.h"

static const char *
type_word(enum config_type type)
{
    switch (type) {
    case CONFIG_TEXT:
        return "text";
    case CONFIG_INT:
        return "a whole number";
    case CONFIG_BOOL:
        return "true or false";
    case CONFIG_PAIRS:
        return "a mapping of names to texts";
    }
    return "?";
}

const char *
config_type_word(const struct config_option *option)
{
    return type_word(option->type);
}

static int
set_text(const char *text, size_t length, char *ret_text, struct err_note *note)
{
    if (length >= CONFIG_TEXT_MAX)
        return err_set(note, ERR_RANGE, "longer than %d bytes", CONFIG_TEXT_MAX - 1);
    if (!text_is_clean(text, length, length))
        return err_set(note, ERR_SYNTAX,
                       "contains line breaks, control characters or broken UTF-8");
    memcpy(ret_text, text, length);
    ret_text[length] = '\0';
    return 0;
}

static int
set_int(const struct config_option *option, const char *text, size_t length, int64_t *ret_value,
        struct err_note *note)
{
    struct err_note reason = { 0 };
    int rc = num_int_parse(text, length, option->low, option->high, ret_value, &reason);
    if (rc < 0)
        return err_set(note, rc, "'%.40s' is not a whole number from %lld to %lld", text,
                       option->low, option->high);
    return 0;
}

int
config_set(const struct config_option *option, const char *text, size_t length, void *settings,
           struct err_note *note)
{
    char *place = (char *)settings + option->offset;
    switch (option->type) {
    case CONFIG_TEXT:
        return set_text(text, length, place, note);
    case CONFIG_INT: {
        int64_t value;
        int rc = set_int(option, text, length, &value, note);
        if (rc == 0)
            memcpy(place, &value, sizeof value);
        return rc;
    }
    case CONFIG_BOOL: {
        bool is_true = strcmp(text, "true") == 0 && length == 4;
        if (!is_true && !(strcmp(text, "false") == 0 && length == 5))
            return err_set(note, ERR_SYNTAX, "'%.40s' is neither true nor false", text);
        memcpy(place, &is_true, sizeof is_true);
        return 0;
    }
    case CONFIG_PAIRS:
        break;
    }
    return err_set(note, ERR_SYNTAX, "must be %s", config_type_word(option));
}

int
config_add_pair(struct config_pairs *pairs, const char *name, size_t name_length, const char *text,
                size_t length, struct err_note *note)
{
    size_t max = sizeof pairs->pair[0].name - 1;
    if (name_length == 0 || !text_is_clean(name, name_length, max))
        return err_set(note, ERR_SYNTAX, "a name must be 1..%zu bytes of clean text", max);
    for (size_t i = 0; i < pairs->count; i++)
        if (strcmp(pairs->pair[i].name, name) == 0)
            return err_set(note, ERR_CONFLICT, "'%s' stands there twice", name);
    if (pairs->count == CONFIG_PAIRS_MAX)
        return err_set(note, ERR_RANGE, "more than %d entries", CONFIG_PAIRS_MAX);
    int rc = set_text(text, length, pairs->pair[pairs->count].text, note);
    if (rc < 0)
        return err_prefix(note, rc, "'%s'", name);
    memcpy(pairs->pair[pairs->count].name, name, name_length);
    pairs->pair[pairs->count].name[name_length] = '\0';
    pairs->count++;
    return 0;
}

/* Gives every option its default; the required ones stay empty. */
static int
set_defaults(const struct config_option *options, size_t count, void *settings,
             struct err_note *note)
{
    for (size_t i = 0; i < count; i++) {
        const struct config_option *option = &options[i];
        char *place = (char *)settings + option->offset;
        if (option->type == CONFIG_PAIRS) {
            memset(place, 0, sizeof(struct config_pairs));
        } else if (option->initial) {
            int rc = config_set(option, option->initial, strlen(option->initial), settings, note);
            if (rc < 0)
                return err_prefix(note, rc, "default of '%s'", option->key);
        }
    }
    return 0;
}

int
config_read(const char *path, const struct config_option *options, size_t count, void *ret_settings,
            size_t size, struct err_note *note)
{
    void *settings = malloc(size);
    if (!settings)
        return err_set(note, -ENOMEM, "%s: no memory", path);
    memcpy(settings, ret_settings, size); /* what the table does not tell of stays as it was */
    int rc = set_defaults(options, count, settings, note);
    if (rc < 0)
        rc = err_prefix(note, rc, "%s", path);
    if (rc == 0)
        rc = config_yaml_read(path, options, count, settings, note);
    if (rc == 0)
        memcpy(ret_settings, settings, size);
    free(settings);
    return rc;
}

/* ---- printing ---- */

/* Length of the mapping's name in a dotted key, 0 for a plain key. */
static size_t
group_length(const char *key)
{
    const char *dot = strchr(key, '.');
    return dot ? (size_t)(dot - key) : 0;
}

static bool
is_same_group(const char *a, const char *b)
{
    size_t length = group_length(a);
    return length == group_length(b) && memcmp(a, b, length) == 0;
}

static void
print_quoted(FILE *out, const char *text)
{
    (void)fputc('"', out); /* the caller looks at ferror() */
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            (void)fputc('\\', out);
        (void)fputc(*text, out);
    }
    (void)fputc('"', out);
}

static void
print_pairs(FILE *out, const struct config_pairs *pairs, const char *indent)
{
    if (pairs->count == 0)
        (void)fputs(" {}", out);
    for (size_t i = 0; i < pairs->count; i++) {
        (void)fprintf(out, "\n%s  ", indent);
        print_quoted(out, pairs->pair[i].name);
        (void)fputs(": ", out);
        print_quoted(out, pairs->pair[i].text);
    }
}

static void
print_value(FILE *out, const struct config_option *option, const void *settings, const char *indent)
{
    const char *place = (const char *)settings + option->offset;
    int64_t value;
    switch (option->type) {
    case CONFIG_TEXT:
        (void)fputc(' ', out);
        print_quoted(out, place);
        break;
    case CONFIG_INT:
        memcpy(&value, place, sizeof value);
        (void)fprintf(out, " %" PRId64, value);
        break;
    case CONFIG_BOOL: {
        bool is_true;
        memcpy(&is_true, place, sizeof is_true);
        (void)fputs(is_true ? " true" : " false", out);
        break;
    }
    case CONFIG_PAIRS:
        print_pairs(out, (const struct config_pairs *)(const void *)place, indent);
        break;
    }
}

/* Calls `print` for each option, those of one mapping together where its first one stands, after
 * the mapping's own line. */
typedef void print_option_fn(FILE *out, const struct config_option *option, const char *name,
                             const char *indent, const void *settings);

static void
print_grouped(FILE *out, const struct config_option *options, size_t count, const void *settings,
              bool (*is_active)(const struct config_option *option), print_option_fn *print)
{
    for (size_t i = 0; i < count; i++) {
        size_t length = group_length(options[i].key);
        bool is_first = true, has_active = false;
        for (size_t j = 0; j < count; j++) {
            if (length == 0 || !is_same_group(options[i].key, options[j].key))
                continue;
            is_first = is_first && j >= i;
            has_active = has_active || is_active(&options[j]);
        }
        if (length == 0) {
            print(out, &options[i], options[i].key, "", settings);
        } else if (is_first) {
            (void)fprintf(out, "%s%.*s:\n", has_active ? "" : "# ", (int)length, options[i].key);
            for (size_t j = i; j < count; j++)
                if (is_same_group(options[i].key, options[j].key))
                    print(out, &options[j], options[j].key + length + 1, "  ", settings);
        }
    }
}

static bool
is_always_active(const struct config_option *option)
{
    (void)option; /* the normal form has every key */
    return true;
}

static void
print_normal(FILE *out, const struct config_option *option, const char *name, const char *indent,
             const void *settings)
{
    (void)fprintf(out, "%s%s:", indent, name);
    print_value(out, option, settings, indent);
    (void)fputc('\n', out);
}

void
config_print(FILE *out, const struct config_option *options, size_t count, const void *settings)
{
    print_grouped(out, options, count, settings, is_always_active, print_normal);
}

static bool
has_default(const struct config_option *option)
{
    return option->type == CONFIG_PAIRS || option->initial;
}

static void
print_sample(FILE *out, const struct config_option *option, const char *name, const char *indent,
             const void *settings)
{
    (void)settings; /* the sample shows the table only */
    (void)fprintf(out, "%s# %s (%s", indent, option->help, config_type_word(option));
    if (option->type == CONFIG_INT)
        (void)fprintf(out, ", %lld to %lld", option->low, option->high);
    (void)fputs(has_default(option) ? ")\n" : "; required)\n", out);
    (void)fprintf(out, "%s%s%s:", indent, has_default(option) ? "" : "# ", name);
    if (option->type == CONFIG_PAIRS) {
        (void)fputs(" {}", out);
    } else if (option->initial && option->type == CONFIG_TEXT) {
        (void)fputc(' ', out);
        print_quoted(out, option->initial);
    } else if (option->initial) {
        (void)fprintf(out, " %s", option->initial);
    }
    (void)fputc('\n', out);
}

void
config_print_sample(FILE *out, const struct config_option *options, size_t count)
{
    print_grouped(out, options, count, NULL, has_default, print_sample);
}

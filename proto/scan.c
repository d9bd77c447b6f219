/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "proto/scan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "core/text.h"

enum { VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5 };

/* Reads a varint in its shortest form. */
static bool
take_varint(struct scan_cursor *cursor, uint64_t *ret_value)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && cursor->at < cursor->end; shift += 7) {
        uint8_t byte = *cursor->at++;
        if (shift == 63 && byte > 1)
            return false; /* more than 64 bits */
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte & 0x80)
            continue;
        if (byte == 0 && shift > 0)
            return false; /* a longer form than needed */
        *ret_value = value;
        return true;
    }
    return false;
}

static bool
take_bytes(struct scan_cursor *cursor, uint64_t size, struct scan_item *item)
{
    if (size > (uint64_t)(cursor->end - cursor->at))
        return false;
    item->bytes = cursor->at;
    item->size = (size_t)size;
    cursor->at += size;
    return true;
}

int
scan_next(struct scan_cursor *cursor, struct scan_item *ret_item, struct err_note *note)
{
    if (cursor->at == cursor->end)
        return 0;
    uint64_t tag, size;
    if (!take_varint(cursor, &tag) || tag >> 3 == 0 || tag >> 3 > 0x1FFFFFFF)
        return err_set(note, ERR_SYNTAX, "no field number where one should stand");
    struct scan_item item = { .number = (uint32_t)(tag >> 3), .wire_type = tag & 7 };
    bool is_whole = false;
    switch (item.wire_type) {
    case VARINT:
        is_whole = take_varint(cursor, &item.value);
        break;
    case FIXED64:
        is_whole = take_bytes(cursor, 8, &item);
        break;
    case BYTES:
        is_whole = take_varint(cursor, &size) && take_bytes(cursor, size, &item);
        break;
    case FIXED32:
        is_whole = take_bytes(cursor, 4, &item);
        break;
    default:
        return err_set(note, ERR_SYNTAX, "field %" PRIu32 " has wire type %" PRIu32, item.number,
                       item.wire_type);
    }
    if (!is_whole)
        return err_set(note, ERR_SYNTAX, "field %" PRIu32 " is cut off or misshapen", item.number);
    *ret_item = item;
    return 1;
}

static int check_type(const struct scan_type *type, struct scan_cursor cursor, unsigned *unknown,
                      struct err_note *note);

static int
check_size(const struct scan_field *field, const struct scan_item *item, struct err_note *note)
{
    if (item->size >= field->low && item->size <= field->high)
        return 0;
    if (field->low == field->high)
        return err_set(note, ERR_RANGE, "%zu bytes, %" PRIu64 " expected", item->size, field->low);
    return err_set(note, ERR_RANGE, "%zu bytes, %" PRIu64 "..%" PRIu64 " expected", item->size,
                   field->low, field->high);
}

/* Checks one known field. */
static int
check_field(const struct scan_field *field, const struct scan_item *item, unsigned *unknown,
            struct err_note *note)
{
    bool is_varint = field->kind == SCAN_NUMBER || field->kind == SCAN_SIGNED;
    if (item->wire_type != (is_varint ? VARINT : BYTES))
        return err_set(note, ERR_SYNTAX, "wire type %" PRIu32 ", %s expected", item->wire_type,
                       is_varint ? "a number" : "bytes");
    switch (field->kind) {
    case SCAN_NUMBER:
        if (item->value < field->low || item->value > field->high)
            return err_set(note, ERR_RANGE, "%" PRIu64 ", %" PRIu64 "..%" PRIu64 " expected",
                           item->value, field->low, field->high);
        return 0;
    case SCAN_SIGNED:
        if (item->value > field->high)
            return err_set(note, ERR_RANGE, "the number is too large");
        return 0;
    case SCAN_BYTES:
        return check_size(field, item, note);
    case SCAN_TEXT: {
        int rc = check_size(field, item, note);
        if (rc == 0 && !text_is_clean((const char *)item->bytes, item->size, item->size))
            rc = err_set(note, ERR_SYNTAX, "not UTF-8, or control characters in it");
        return rc;
    }
    case SCAN_PART:
        return check_type(field->part,
                          (struct scan_cursor){ item->bytes, item->bytes + item->size }, unknown,
                          note);
    }
    return 0;
}

static const struct scan_field *
find_field(const struct scan_type *type, uint32_t number)
{
    for (size_t i = 0; i < type->field_count; i++)
        if (type->fields[i].number == number)
            return &type->fields[i];
    return NULL;
}

/* Counts the field and checks it; prefixes the note with its name. */
static int
check_known(const struct scan_field *field, const struct scan_item *item, unsigned *seen,
            unsigned *unknown, struct err_note *note)
{
    unsigned times = field->times > 0 ? field->times : 1;
    if (*seen == times)
        return err_set(note, times > 1 ? ERR_RANGE : ERR_SYNTAX, "%s: more than %u", field->name,
                       times);
    unsigned index = (*seen)++;
    int rc = check_field(field, item, unknown, note);
    if (rc < 0 && times > 1)
        return err_prefix(note, rc, "%s[%u]", field->name, index);
    return rc < 0 ? err_prefix(note, rc, "%s", field->name) : 0;
}

/* Is what is required there? */
static int
check_presence(const struct scan_type *type, const unsigned *seen, struct err_note *note)
{
    unsigned total = 0;
    for (size_t i = 0; i < type->field_count; i++) {
        const struct scan_field *field = &type->fields[i];
        total += seen[i];
        if (!type->is_choice && field->low > 0 && field->times == 0 && seen[i] == 0)
            return err_set(note, ERR_SYNTAX, "%s: missing", field->name);
    }
    if (type->is_choice && total != 1)
        return err_set(note, ERR_SYNTAX, "%s: %u bodies, one expected", type->name, total);
    return 0;
}

static int
check_type(const struct scan_type *type, struct scan_cursor cursor, unsigned *unknown,
           struct err_note *note)
{
    unsigned seen[SCAN_FIELDS_MAX] = { 0 };
    struct scan_item item = { 0 };
    int rc;
    while ((rc = scan_next(&cursor, &item, note)) == 1) {
        const struct scan_field *field = find_field(type, item.number);
        if (field) {
            rc = check_known(field, &item, &seen[field - type->fields], unknown, note);
            if (rc < 0)
                return rc;
        } else if (item.number < SCAN_IGNORABLE_FROM) {
            return err_set(note, ERR_SYNTAX, "%s: unknown field %" PRIu32, type->name, item.number);
        } else if (++*unknown > SCAN_UNKNOWN_MAX) {
            return err_set(note, ERR_RANGE, "%s: more than %d unknown fields", type->name,
                           SCAN_UNKNOWN_MAX);
        }
    }
    return rc < 0 ? rc : check_presence(type, seen, note);
}

int
scan_check(const struct scan_type *type, const uint8_t *bytes, size_t size, struct err_note *note)
{
    unsigned unknown = 0;
    static const uint8_t nothing;
    if (size == 0)
        bytes = &nothing; /* NULL has no end */
    return check_type(type, (struct scan_cursor){ bytes, bytes + size }, &unknown, note);
}

static void *
budget_alloc(void *data, size_t size)
{
    struct scan_budget *budget = data;
    if (size > budget->left)
        return NULL;
    budget->left -= size;
    size_t rounded = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (rounded <= sizeof budget->arena - budget->used) {
        budget->used += rounded;
        return budget->arena + budget->used - rounded;
    }
    void *room = malloc(size);
    budget->has_no_memory |= !room;
    return room;
}

static void
budget_free(void *data, void *pointer)
{
    const struct scan_budget *budget = data; /* what was taken stays taken */
    uintptr_t at = (uintptr_t)pointer, arena = (uintptr_t)budget->arena;
    if (at < arena || at >= arena + sizeof budget->arena)
        free(pointer);
}

void
scan_budget_init(struct scan_budget *budget, size_t bytes)
{
    budget->allocator = (ProtobufCAllocator){ budget_alloc, budget_free, budget };
    budget->left = bytes;
    budget->used = 0;
    budget->has_no_memory = false;
}

int
scan_budget_fault(const struct scan_budget *budget, const char *what, struct err_note *note)
{
    return budget->has_no_memory
               ? err_set(note, -ENOMEM, "no memory to unpack the %s", what)
               : err_set(note, ERR_SYNTAX, "protobuf-c cannot unpack the %s", what);
}

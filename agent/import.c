/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/import.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "agent/receipt.h"
#include "agent/words.h"
#include "platform/file.h"
#include "platform/hash.h"

/* A file on its way. */
struct import {
    const struct import_place *place;
    const char *name;                /* in the inbox */
    char shown[RECORD_NAME_MAX + 1]; /* fit for records and receipts */
    char *bytes;
    size_t size;
    uint8_t sha256[RECORD_SHA256];
    struct err_note *note;
};

/* 1 or 0, or the code of a disk that cannot say: what may be there is never written over. */
static int
file_exists(const char *path, struct err_note *note)
{
    struct stat status;
    if (lstat(path, &status) == 0)
        return 1;
    int code = -errno;
    return code == -ENOENT ? 0 : err_set(note, code, "%s: %s", path, err_text(code));
}

static int
home_path(const char *home, const char *folder, const char *name, char path[FILE_PATH_MAX])
{
    char part[FILE_PATH_MAX];
    int code = file_join(part, home, folder);
    return code ? code : file_join(path, part, name);
}

/* "6月.csv" -> "6月.3f2a91bc.csv" */
static int
name_with_hash(const char *name, const uint8_t sha256[RECORD_SHA256], char *text, size_t size)
{
    char hex[HASH_HEX];
    hash_hex(sha256, 4, hex);
    const char *dot = strrchr(name, '.');
    int stem = dot ? (int)(dot - name) : (int)strlen(name);
    int n = snprintf(text, size, "%.*s.%s%s", stem, name, hex, dot ? dot : "");
    return n < 0 || (size_t)n >= size ? ERR_RANGE : 0;
}

/* Moves the file out of the inbox; a taken name gets the hash into it. */
static int
move_to(const struct import *import, const char *folder)
{
    const char *home = import->place->home;
    char from[FILE_PATH_MAX], to[FILE_PATH_MAX], hashed[RECORD_NAME_MAX + 16];
    int code = home_path(home, "inbox", import->name, from);
    if (!code)
        code = home_path(home, folder, import->shown, to);
    int is_taken = code ? 0 : file_exists(to, import->note);
    if (is_taken < 0)
        return is_taken;
    if (is_taken) {
        code = name_with_hash(import->shown, import->sha256, hashed, sizeof hashed);
        if (!code)
            code = home_path(home, folder, hashed, to);
    }
    if (code)
        return err_set(import->note, code, "move %s to %s: %s", import->shown, folder,
                       err_text(code));
    return file_rename(from, to, import->note);
}

static struct receipt
receipt_begin(const struct import *import, enum receipt_kind kind, const char *fault)
{
    struct receipt receipt = {
        .kind = kind,
        .lang = import->place->tidy.lang,
        .name = import->shown,
        .publisher = import->place->tidy.sender,
        .fault = fault,
        .when = import->place->now,
    };
    memcpy(receipt.sha256, import->sha256, sizeof receipt.sha256);
    return receipt;
}

static int
receipt_put(const struct import *import, const struct receipt *receipt)
{
    char folder[FILE_PATH_MAX];
    int code = file_join(folder, import->place->home, "receipts");
    return code ? code : receipt_write(folder, receipt, import->note);
}

static int
refuse(const struct import *import, const char *fault, enum import_result *ret_result)
{
    struct receipt receipt = receipt_begin(import, RECEIPT_REFUSED, fault);
    int code = receipt_put(import, &receipt);
    if (!code)
        code = move_to(import, "rejected");
    if (!code)
        *ret_result = IMPORT_REFUSED;
    return code;
}

/* ---- a content that was here before ---- */

/* The name under which the content was imported, and whether its receipt is still to come. */
static bool
earlier_name(const struct import *import, uint64_t first, char *name)
{
    struct spool *spool = import->place->spool;
    uint8_t bytes[WIRE_RECORD_MAX];
    size_t size = 0;
    struct record begin;
    memcpy(name, "?", 2);
    if (first == 0 || spool_read(spool, first, bytes, &size, NULL) ||
        record_unpack(bytes, size, &begin, NULL) || begin.type != RECORD_FILE_BEGIN)
        return false;
    memcpy(name, begin.as.begin.name, strlen(begin.as.begin.name) + 1);
    return spool_cursor(spool) < spool_group_last(spool, first);
}

/* Says in a receipt that the content is a repeat, unless its own receipt is there or will come. */
static int
known_receipt(const struct import *import, uint64_t first)
{
    char name[RECORD_NAME_MAX + 1], folder[FILE_PATH_MAX], path[FILE_PATH_MAX];
    bool is_pending = earlier_name(import, first, name);
    int code = file_join(folder, import->place->home, "receipts");
    if (!code)
        code = receipt_path(folder, import->shown, import->sha256, "csv", path);
    if (code)
        return err_set(import->note, code, "receipt of %s: %s", import->shown, err_text(code));
    int is_there = file_exists(path, import->note);
    if (is_there) /* from an earlier try, which may have failed before this */
        return is_there < 0 ? is_there : file_sync_folder(folder, import->note);
    if (is_pending && strcmp(name, import->shown) == 0)
        return 0;
    struct tidy tidy = { 0 };
    struct receipt_tidy rows = { NULL, FATE_DUPLICATE };
    struct receipt receipt = receipt_begin(import, RECEIPT_KNOWN, name);
    /* A catalogue that has changed since may refuse the file now: then the receipt has no rows. */
    if (tidy_read(import->bytes, import->size, &import->place->tidy, &tidy, NULL) == 0) {
        rows.rows = tidy.rows;
        receipt.row_count = tidy.count;
    }
    receipt.row = receipt_tidy_row;
    receipt.context = &rows;
    code = receipt_put(import, &receipt);
    tidy_done(&tidy);
    return code;
}

/* ---- records ---- */

/* Packed records one behind the other. */
struct pack {
    uint8_t *bytes;
    size_t used, room;
    struct spool_payload *payloads; /* bytes are set by pack_finish */
    size_t count;
};

static int
pack_add(struct pack *pack, const struct record *record, struct err_note *note)
{
    if (pack->room - pack->used < WIRE_RECORD_MAX) {
        size_t room = pack->room * 2 + 16 * (size_t)WIRE_RECORD_MAX;
        uint8_t *grown = realloc(pack->bytes, room);
        if (!grown)
            return err_set(note, -ENOMEM, "no memory for the records");
        pack->bytes = grown;
        pack->room = room;
    }
    int size = record_pack(record, pack->bytes + pack->used, WIRE_RECORD_MAX, note);
    if (size < 0)
        return size;
    pack->payloads[pack->count].type = record->type;
    pack->payloads[pack->count++].size = (size_t)size;
    pack->used += (size_t)size;
    return 0;
}

static void
pack_finish(struct pack *pack)
{
    const uint8_t *at = pack->bytes;
    for (size_t i = 0; i < pack->count; i++) {
        pack->payloads[i].bytes = at;
        at += pack->payloads[i].size;
    }
}

static int
pack_file(const struct import *import, const struct tidy *tidy, struct pack *pack)
{
    struct record edge = { .type = RECORD_FILE_BEGIN };
    memcpy(edge.as.begin.sha256, import->sha256, RECORD_SHA256);
    memcpy(edge.as.begin.name, import->shown, sizeof edge.as.begin.name);
    edge.as.begin.rows = (uint32_t)tidy->count;
    edge.as.begin.wall_time = import->place->now.seconds;
    pack->payloads = calloc(tidy->count + 2, sizeof *pack->payloads);
    if (!pack->payloads)
        return err_set(import->note, -ENOMEM, "no memory for the records");
    int code = pack_add(pack, &edge, import->note);
    for (size_t i = 0; !code && i < tidy->count; i++)
        code = pack_add(pack, &tidy->rows[i], import->note);
    memset(&edge, 0, sizeof edge);
    edge.type = RECORD_FILE_END;
    memcpy(edge.as.end.sha256, import->sha256, RECORD_SHA256);
    edge.as.end.rows = (uint32_t)tidy->count;
    if (!code)
        code = pack_add(pack, &edge, import->note);
    pack_finish(pack);
    return code;
}

static int
spool_rows(const struct import *import, const struct tidy *tidy)
{
    struct pack pack = { 0 };
    uint64_t first = 0;
    int code = pack_file(import, tidy, &pack);
    if (!code)
        code = spool_append(import->place->spool, pack.payloads, pack.count, import->place->now,
                            &first, import->note);
    free(pack.payloads);
    free(pack.bytes);
    return code;
}

/* ---- the steps ---- */

static int
import_bytes(struct import *import, enum import_result *ret_result)
{
    const struct import_place *place = import->place;
    uint64_t first = 0;
    hash_sha256(import->bytes, import->size, import->sha256);
    int code = spool_know_all(place->spool, import->note);
    if (spool_knows_file(place->spool, import->sha256, &first, NULL)) {
        code = known_receipt(import, first);
        if (!code)
            code = move_to(import, "done");
        if (!code)
            *ret_result = IMPORT_KNOWN;
        return code;
    }
    if (code)
        return code;
    struct tidy tidy = { 0 };
    struct err_note fault = { { 0 } };
    code = tidy_read(import->bytes, import->size, &place->tidy, &tidy, &fault);
    if (code == -ENOMEM)
        return err_set(import->note, code, "%s", fault.text);
    if (code)
        return refuse(import, fault.text, ret_result);
    code = spool_rows(import, &tidy);
    tidy_done(&tidy);
    if (!code)
        code = move_to(import, "done");
    if (!code)
        *ret_result = IMPORT_SPOOLED;
    return code;
}

static bool
name_is_fit(const char *name)
{
    return text_is_clean(name, strlen(name), RECORD_NAME_MAX);
}

int
import_file(const struct import_place *place, const char *name, enum import_result *ret_result,
            struct err_note *note)
{
    struct import import = { .place = place, .name = name, .note = note };
    char path[FILE_PATH_MAX], fault[256];
    enum lang lang = place->tidy.lang;
    text_clean(name, strlen(name), import.shown, sizeof import.shown);
    int code = home_path(place->home, "inbox", name, path);
    if (code)
        return err_set(note, code, "%s: the path is too long", import.shown);
    code = file_read(path, TIDY_BYTES_MAX, &import.bytes, &import.size, note);
    if (code == -ENOENT || code == ERR_REFUSED) {
        *ret_result = IMPORT_GONE;
        return 0;
    }
    if (code == ERR_RANGE) {
        words_say(fault, sizeof fault, lang, "文件大于 %d MiB；请分成几份报送",
                  "the file is larger than %d MiB; send it in parts", TIDY_BYTES_MAX >> 20);
        return refuse(&import, fault, ret_result);
    }
    if (code)
        return code;
    if (name_is_fit(name)) {
        code = import_bytes(&import, ret_result);
    } else {
        hash_sha256(import.bytes, import.size, import.sha256);
        words_say(fault, sizeof fault, lang, "文件名须为 UTF-8，最多 %d 字节，不含控制字符",
                  "the file name must be UTF-8 of at most %d bytes without control characters",
                  RECORD_NAME_MAX);
        code = refuse(&import, fault, ret_result);
    }
    free(import.bytes);
    return code;
}

int
import_bring_back(const char *home, const char *name, const uint8_t sha256[RECORD_SHA256],
                  struct err_note *note)
{
    char hashed[RECORD_NAME_MAX + 16], to[FILE_PATH_MAX];
    int code = name_with_hash(name, sha256, hashed, sizeof hashed);
    if (!code)
        code = home_path(home, "inbox", name, to);
    if (!code)
        code = file_exists(to, note);
    if (code)
        return code < 0 ? code : 0;
    const char *const places[] = { hashed, name };
    for (size_t i = 0; i < 2; i++) {
        char from[FILE_PATH_MAX];
        char *bytes = NULL;
        size_t size = 0;
        uint8_t hash[RECORD_SHA256];
        code = home_path(home, "done", places[i], from);
        if (!code)
            code = file_read(from, TIDY_BYTES_MAX, &bytes, &size, note);
        if (code == -ENOENT || code == ERR_REFUSED || code == ERR_RANGE)
            continue; /* none of ours */
        if (code)
            return code;
        hash_sha256(bytes, size, hash);
        free(bytes);
        if (memcmp(hash, sha256, sizeof hash) != 0)
            continue;
        code = file_rename(from, to, note);
        return code ? code : 1;
    }
    return 0;
}

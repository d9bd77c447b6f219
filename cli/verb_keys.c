/* SPDX-License-Identifier: GPL-3.0-or-later
 * Who may report: keys enrolled and revoked, and the list of publishers. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/home.h"
#include "cli/reading.h"
#include "collector/change.h"

/* All keys of a ledger. */
struct key_list {
    struct ledger_key *keys; /* owned */
    size_t count, room;
};

static int
keep_key(void *context, const struct ledger_key *key)
{
    struct key_list *list = context;
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 16;
        struct ledger_key *grown = realloc(list->keys, room * sizeof *grown);
        if (!grown)
            return -ENOMEM;
        list->keys = grown;
        list->room = room;
    }
    list->keys[list->count++] = *key;
    return 0;
}

/* The key's entry, or NULL. */
static const struct ledger_key *
find_key(const struct key_list *list, const char *public_key)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->keys[i].public_key, public_key) == 0)
            return &list->keys[i];
    return NULL;
}

/* ---- enrol ---- */

/* Asks for the enrolment and says what came of it. */
static int
enrol_key(const struct call *call, const struct site *site, const char *publisher, const char *key)
{
    char request[CHANGE_TEXT_MAX];
    char answer[CHANGE_TEXT_MAX] = "";
    struct err_note note = { { 0 } };
    int n = snprintf(request, sizeof request, "enrol\n%s\n%s", publisher, key);
    if (n < 0 || (size_t)n >= sizeof request)
        return call_fail(call, "%s", err_text(ERR_RANGE));
    int code = change_ask(site, request, answer, &note);
    if (code < 0)
        return call_fail_note(call, code, &note);
    size_t id_length = strcspn(answer, "\n");
    const char *fingerprint = answer[id_length] ? answer + id_length + 1 : "";
    (void)fprintf(call->out,
                  SAY(call->lang, "已登记 %s 的公钥 %.*s，指纹 %s\n",
                      "enrolled for %s: key %.*s, fingerprint %s\n"),
                  publisher, (int)id_length, answer, fingerprint);
    return CALL_DONE;
}

/* What the ledger knows of a key; publisher "" when nothing. */
static int
look_up_key(struct ledger *ledger, const char *public_key, struct ledger_key *ret_key,
            struct err_note *note)
{
    struct key_list list = { 0 };
    int code = ledger_each_key(ledger, keep_key, &list, note);
    const struct ledger_key *known = code == 0 ? find_key(&list, public_key) : NULL;
    *ret_key = known ? *known : (struct ledger_key){ .id = 0 };
    free(list.keys);
    return code;
}

/* Is what the ledger knows of a home's key in the way of enrolling it? Says so. CALL_DONE: it is
 * not. */
static int
check_home(const struct call *call, const struct ledger_key *known, const char *publisher,
           bool was_complete)
{
    const char *folder = call->options.value[OPTION_OUT];
    if (known->id != 0 && strcmp(known->publisher, publisher) != 0)
        return call_fail(call,
                         SAY(call->lang, "%s 是 %s 的代理程序文件夹，不是 %s 的",
                             "%s is the home of %s, not of %s"),
                         folder, known->publisher, publisher);
    if (known->id != 0 && known->is_revoked)
        return call_fail(call,
                         SAY(call->lang, "%s 的公钥 %lld 已被吊销：请换一个文件夹",
                             "the key of %s (%lld) is revoked: choose another folder"),
                         folder, (long long)known->id);
    if (known->id == 0 && was_complete)
        return call_fail(
            call,
            SAY(call->lang,
                "%s 已是代理程序文件夹，但其公钥未在本站点登记：请换一个文件夹，或用 --key "
                "%s/keys/agent.public 登记",
                "%s is a home already, but its key is not enrolled here: choose another folder, or "
                "enrol it with --key %s/keys/agent.public"),
            folder, folder);
    return CALL_DONE;
}

static void
say_unchanged(const struct call *call, const struct ledger_key *known)
{
    char fingerprint[KEY_FINGERPRINT];
    keys_fingerprint(known->public_key, fingerprint);
    (void)fprintf(call->out,
                  SAY(call->lang, "%s 已是 %s 的代理程序文件夹，公钥 %lld，指纹 %s；未作改动\n",
                      "%s is the enrolled home of %s already: key %lld, fingerprint %s; "
                      "nothing changed\n"),
                  call->options.value[OPTION_OUT], known->publisher, (long long)known->id,
                  fingerprint);
}

static int
enrol_home(const struct call *call, const struct reading *reading, const char *publisher)
{
    const char *folder = call->options.value[OPTION_OUT];
    char key[KEY_TEXT] = "";
    struct ledger_key known = { .id = 0 };
    struct err_note note = { { 0 } };
    bool was_complete = home_is_complete(folder);
    int code = was_complete ? home_key(folder, key, &note)
                            : home_prepare(&reading->site, folder, key, &note);
    if (code == 0)
        code = look_up_key(reading->ledger, key, &known, &note);
    if (code < 0)
        return call_fail_note(call, code, &note);
    int exit_code = check_home(call, &known, publisher, was_complete);
    if (exit_code == CALL_DONE && was_complete) {
        say_unchanged(call, &known);
        return CALL_DONE;
    }
    if (exit_code == CALL_DONE && known.id == 0)
        exit_code = enrol_key(call, &reading->site, publisher, key);
    if (exit_code != CALL_DONE)
        return exit_code;
    code = home_finish(&reading->site, publisher, folder, &note);
    if (code < 0)
        return call_fail_note(call, code, &note);
    (void)fprintf(call->out, SAY(call->lang, "代理程序文件夹：%s\n", "the agent's home is %s\n"),
                  folder);
    return CALL_DONE;
}

static int
enrol(const struct call *call, const struct reading *reading)
{
    const char *publisher = call->options.operand[1];
    char quoted[TEXT_QUOTE_MAX];
    if (!catalogue_publisher(reading->site.catalogue, publisher))
        return call_misuse(call,
                           SAY(call->lang, "没有填报单位 %s（可用的见 pacewatch publishers %s）",
                               "unknown publisher %s (for those known: pacewatch publishers %s)"),
                           text_quote(publisher, strlen(publisher), quoted),
                           call->options.operand[0]);
    if (call->options.value[OPTION_OUT])
        return enrol_home(call, reading, publisher);
    char key[KEY_TEXT];
    struct err_note note = { { 0 } };
    int code = keys_load_public(call->options.value[OPTION_KEY], key, &note);
    if (code < 0)
        return call_fail_note(call, code, &note);
    return enrol_key(call, &reading->site, publisher, key);
}

int
verb_enrol(struct call *call)
{
    bool has_key = call->options.value[OPTION_KEY] != NULL;
    bool has_out = call->options.value[OPTION_OUT] != NULL;
    if (has_key == has_out)
        return call_misuse(call, SAY(call->lang, "给出 --key KEY|FILE 或 --out DIR 之一",
                                     "give one of --key KEY|FILE and --out DIR"));
    struct reading reading;
    int exit_code = reading_open(call, &reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    exit_code = enrol(call, &reading);
    reading_close(&reading);
    return exit_code;
}

/* ---- revoke ---- */

int
verb_revoke(struct call *call)
{
    const char *id = call->options.operand[1];
    int64_t number = 0;
    struct err_note note = { { 0 } };
    if (num_int_parse(id, strlen(id), 1, INT64_MAX, &number, &note) < 0)
        return call_misuse(
            call, SAY(call->lang, "KEY-ID 应为公钥编号：%s", "KEY-ID must be a key's number: %s"),
            note.text);
    struct reading reading;
    int exit_code = reading_open_site(call, &reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    char request[64];
    char answer[CHANGE_TEXT_MAX] = "";
    (void)snprintf(request, sizeof request, "revoke\n%lld", (long long)number);
    int code = change_ask(&reading.site, request, answer, &note);
    reading_close(&reading);
    if (code < 0)
        return call_fail_note(call, code, &note);
    (void)fprintf(call->out,
                  SAY(call->lang, "已吊销 %s 的公钥 %lld\n", "revoked for %s: key %lld\n"), answer,
                  (long long)number);
    return CALL_DONE;
}

/* ---- publishers ---- */

static const struct listing_column publisher_columns[] = {
    { "publisher", "填报单位", "publisher", false },
    { "name", "名称", "name", false },
    { "kind", "类别", "kind", false },
    { "key_id", "公钥", "key id", true },
    { "fingerprint", "指纹", "fingerprint", false },
    { "enrolled", "登记", "enrolled", false },
    { "follows", "接替", "follows", true },
    { "retires", "到期", "retires", false },
    { "revoked", "吊销", "revoked", false },
    { "came_over", "已换市级公钥", "came over", false },
    { "last_seen", "最近在线", "last seen", false },
    { "files", "文件数", "files", true },
    { "last_file", "最近文件", "last file", false },
};

enum { PUBLISHER_COLUMNS = sizeof publisher_columns / sizeof publisher_columns[0] };

struct file_count {
    size_t files;
    char last[RECORD_NAME_MAX + 1];
};

static int
count_file(void *context, const struct ledger_submission *submission)
{
    struct file_count *count = context;
    if (count->files++ == 0)
        memcpy(count->last, submission->name, sizeof count->last);
    return 0;
}

static int
add_publisher(struct listing *listing, struct ledger *ledger, const char *id,
              const struct cat_publisher *publisher, const struct ledger_key *key,
              struct err_note *note)
{
    struct file_count count = { 0 };
    int code = ledger_each_submission(ledger, id, INT32_MAX, count_file, &count, note);
    if (code < 0)
        return code;
    char number[24] = "";
    char fingerprint[KEY_FINGERPRINT] = "";
    char enrolled[CAL_TEXT_MAX] = "";
    char follows[24] = "";
    char retires[CAL_TEXT_MAX] = "";
    char came_over[CAL_TEXT_MAX] = "";
    char revoked[CAL_TEXT_MAX] = "";
    char seen[CAL_TEXT_MAX] = "";
    char files[24];
    (void)snprintf(files, sizeof files, "%zu", count.files);
    if (key) {
        (void)snprintf(number, sizeof number, "%lld", (long long)key->id);
        keys_fingerprint(key->public_key, fingerprint);
        cal_instant_print(key->enrolled, enrolled);
        if (key->introduced_by != 0)
            (void)snprintf(follows, sizeof follows, "%lld", (long long)key->introduced_by);
        if (key->retires.seconds > 0)
            cal_instant_print(key->retires, retires);
        if (key->came_over.seconds > 0)
            cal_instant_print(key->came_over, came_over);
        if (key->is_revoked)
            cal_instant_print(key->revoked, revoked);
        if (key->last_seen.seconds > 0)
            cal_instant_print(key->last_seen, seen);
    }
    const char *const cells[PUBLISHER_COLUMNS] = {
        id,
        publisher ? cat_name(&publisher->name, listing->lang) : NULL,
        !publisher                ? NULL
        : publisher->is_simulated ? "simulated"
                                  : "official",
        reading_cell(number),
        reading_cell(fingerprint),
        reading_cell(enrolled),
        reading_cell(follows),
        reading_cell(retires),
        reading_cell(revoked),
        reading_cell(came_over),
        reading_cell(seen),
        files,
        reading_cell(count.last),
    };
    return listing_add(listing, cells);
}

/* One row per key; a publisher without a key has one all the same, and so has a key whose publisher
 * left the catalogue. */
static int
add_publishers(struct listing *listing, const struct reading *reading, const struct key_list *list,
               struct err_note *note)
{
    const struct catalogue *catalogue = reading->site.catalogue;
    int code = 0;
    for (size_t i = 0; code == 0 && i < catalogue->publisher_count; i++) {
        const struct cat_publisher *publisher = &catalogue->publishers[i];
        bool has_key = false;
        for (size_t k = 0; code == 0 && k < list->count; k++) {
            if (strcmp(list->keys[k].publisher, publisher->id) != 0)
                continue;
            has_key = true;
            code = add_publisher(listing, reading->ledger, publisher->id, publisher, &list->keys[k],
                                 note);
        }
        if (code == 0 && !has_key)
            code = add_publisher(listing, reading->ledger, publisher->id, publisher, NULL, note);
    }
    for (size_t k = 0; code == 0 && k < list->count; k++)
        if (!catalogue_publisher(catalogue, list->keys[k].publisher))
            code = add_publisher(listing, reading->ledger, list->keys[k].publisher, NULL,
                                 &list->keys[k], note);
    return code;
}

int
verb_publishers(struct call *call)
{
    struct reading reading;
    int exit_code = reading_open(call, &reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    struct key_list list = { 0 };
    struct listing listing;
    struct err_note note = { { 0 } };
    listing_open(&listing, call->out, reading.format, call->lang, publisher_columns,
                 PUBLISHER_COLUMNS);
    int code = ledger_each_key(reading.ledger, keep_key, &list, &note);
    if (code == 0)
        code = add_publishers(&listing, &reading, &list, &note);
    int closed = listing_close(&listing);
    code = code < 0 ? code : closed;
    free(list.keys);
    reading_close(&reading);
    return code < 0 ? call_fail_note(call, code, &note) : CALL_DONE;
}

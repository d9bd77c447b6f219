/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/change.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "collector/catalogue_change.h"
#include "collector/control.h"
#include "collector/ledger_backup.h"
#include "platform/clock.h"
#include "platform/keys.h"

enum { WORDS_MAX = 4 };

/* A request split at '\n'. */
struct words {
    char text[CHANGE_TEXT_MAX];
    const char *word[WORDS_MAX];
    size_t count;
};

static int
split(const char *request, struct words *words, struct err_note *note)
{
    if (strlen(request) >= sizeof words->text)
        return err_set(note, ERR_RANGE, "request too long");
    memcpy(words->text, request, strlen(request) + 1);
    words->count = 0;
    for (char *p = words->text; p;) {
        if (words->count == WORDS_MAX)
            return err_set(note, ERR_SYNTAX, "request has too many words");
        words->word[words->count++] = p;
        p = strchr(p, '\n');
        if (p)
            *p++ = '\0';
    }
    return 0;
}

static int
enrol(struct ledger *ledger, const struct catalogue *catalogue, const struct words *words,
      struct wall_time now, char *answer, struct err_note *note)
{
    const char *publisher = words->word[1], *key = words->word[2];
    if (!catalogue_publisher(catalogue, publisher))
        return err_set(note, ERR_UNKNOWN, "the catalogue has no publisher '%.48s' (publishers.csv)",
                       publisher);
    int64_t id = 0;
    int code = keys_check_public(key, note);
    if (code == 0)
        code = ledger_key_add(ledger, publisher, key, now, &id, note);
    if (code != 0)
        return code;
    char fingerprint[KEY_FINGERPRINT];
    keys_fingerprint(key, fingerprint);
    (void)snprintf(answer, CHANGE_TEXT_MAX, "%" PRId64 "\n%s", id, fingerprint);
    return 0;
}

struct find_key {
    int64_t id;
    char publisher[SAMPLE_ID_MAX + 1];
};

static int
match_key(void *context, const struct ledger_key *key)
{
    struct find_key *find = context;
    if (key->id == find->id)
        memcpy(find->publisher, key->publisher, sizeof find->publisher);
    return 0;
}

static int
revoke(struct ledger *ledger, const struct words *words, struct wall_time now, char *answer,
       struct err_note *note)
{
    struct find_key find = { 0 };
    int code = num_int_parse(words->word[1], strlen(words->word[1]), 1, INT64_MAX, &find.id, note);
    if (code == 0)
        code = ledger_each_key(ledger, match_key, &find, note);
    if (code == 0)
        code = ledger_key_revoke(ledger, find.id, now, note);
    if (code == 0)
        (void)snprintf(answer, CHANGE_TEXT_MAX, "%s", find.publisher);
    return code;
}

/* A new edition of the catalogue. The folder is put in place after the commit. */
static int
load(struct ledger *ledger, const struct site *site, const struct words *words,
     struct wall_time now, char *answer, struct err_note *note)
{
    struct cal_date effective;
    struct catalogue_change change = { 0 };
    int code = cal_date_parse(words->word[2], strlen(words->word[2]), &effective, note);
    if (code == 0)
        code =
            catalogue_change_prepare(ledger, site, words->word[1], effective, now, &change, note);
    if (code == 0)
        (void)snprintf(answer, CHANGE_TEXT_MAX,
                       "%" PRId64 "\nkept=%zu\nchanged=%zu\nadded=%zu\nleft=%zu\nbands=%zu",
                       change.edition, change.targets.kept, change.targets.changed,
                       change.targets.added, change.targets.left,
                       change.bands.changed + change.bands.added);
    return code;
}

/* A backup was made: what it holds is safe. */
static int
backed_up(struct ledger *ledger, const char *folder, struct wall_time now, char *answer,
          struct err_note *note)
{
    char path[FILE_PATH_MAX];
    struct ledger *copy = NULL;
    int code = file_join(path, folder, "ledger.db") == 0
                   ? ledger_open(path, LEDGER_READ, &copy, note)
                   : err_set(note, ERR_RANGE, "path too long");
    if (code == 0)
        code = ledger_backed_up(ledger, copy, folder, now, note);
    ledger_close(copy);
    answer[0] = '\0';
    return code;
}

int
change_make(struct ledger *ledger, const struct site *site, const char *request,
            struct wall_time now, char *answer, struct err_note *note)
{
    struct words words = { .word = { "" } };
    int code = split(request, &words, note);
    if (code != 0)
        return code;
    bool is_load = words.count == 3 && strcmp(words.word[0], "load") == 0;
    code = ledger_begin(ledger, note);
    if (code != 0)
        return code;
    if (strcmp(words.word[0], "enrol") == 0 && words.count == 3)
        code = enrol(ledger, site->catalogue, &words, now, answer, note);
    else if (strcmp(words.word[0], "revoke") == 0 && words.count == 2)
        code = revoke(ledger, &words, now, answer, note);
    else if (strcmp(words.word[0], "next") == 0 && words.count == 1)
        code = ledger_keys_stay(ledger, note);
    else if (strcmp(words.word[0], "backup") == 0 && words.count == 2)
        code = backed_up(ledger, words.word[1], now, answer, note);
    else if (is_load)
        code = load(ledger, site, &words, now, answer, note);
    else
        code = err_set(note, ERR_SYNTAX, "unknown request '%.40s'", words.word[0]);
    if (code != 0) {
        ledger_rollback(ledger);
        return code;
    }
    code = ledger_commit(ledger, note);
    return code == 0 && is_load ? catalogue_change_finish(site, note) : code;
}

int64_t
change_value(const char *answer, const char *key, int64_t missing)
{
    size_t length = strlen(key);
    for (const char *at = answer; at && *at; at = strchr(at, '\n')) {
        at += *at == '\n' ? 1 : 0;
        const char *digits = at + length + 1;
        int64_t value = 0;
        if (strncmp(at, key, length) == 0 && at[length] == '=' &&
            num_int_parse(digits, strcspn(digits, "\n"), INT64_MIN, INT64_MAX, &value, NULL) == 0)
            return value;
    }
    return missing;
}

/* What `progress` says when no collector runs. */
static int
progress_at_rest(struct ledger *ledger, char *answer, struct err_note *note)
{
    struct ledger_counts counts;
    int code = ledger_count(ledger, &counts, note);
    if (code == 0)
        (void)snprintf(answer, CHANGE_TEXT_MAX,
                       "position=%" PRId64 "\nprojected=-1\nunjudged=%" PRId64 "\noutbox=%" PRId64
                       "\nrunning=0",
                       ledger_position(ledger), counts.unjudged_series, counts.outbox_waiting);
    return code;
}

static int
under_lock(const struct site *site, const char *request, char *answer, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    struct ledger *ledger = NULL;
    bool reads_only = strcmp(request, "progress") == 0;
    int lock = reads_only ? -1 : file_lock_folder(site->folder, note);
    if (!reads_only && lock < 0)
        return lock;
    int code = site_path(site, "ledger.db", path);
    if (code == 0)
        code = ledger_open(path, reads_only ? LEDGER_READ : LEDGER_WRITE, &ledger, note);
    if (code == 0)
        code = reads_only ? progress_at_rest(ledger, answer, note)
                          : change_make(ledger, site, request, clock_wall(), answer, note);
    ledger_close(ledger);
    if (lock >= 0)
        (void)close(lock); /* gives the lock back */
    return code;
}

int
change_ask(const struct site *site, const char *request, char *answer, struct err_note *note)
{
    int code = control_ask(site, request, answer, note);
    return code == ERR_ABSENT ? under_lock(site, request, answer, note) : code;
}

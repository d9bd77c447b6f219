/* SPDX-License-Identifier: GPL-3.0-or-later
 * A spool that needs mending, forking, pruning or a look on a disk that fails or crashes at any
 * call: what could be read before can be read after, and the next try ends what the first began. */
#include "tests/scenario/each_fault.h"

#include "tests/unit/agent/spooling.h"

#include "agent/spool_format.h"
#include "agent/spool_look.h"
#include "agent/spool_stream.h"

#define FOLDER DISK_MOUNT "/spool"

enum { FILES = 3, ROWS = 4, EACH = ROWS + 2 };

static struct disk *disk;
static unsigned missing; /* the file that cannot be read; 0: none */
static unsigned kept;    /* those from here on must stay: what is older has its receipt */
static uint64_t bytes;   /* of all segments */
static char lost[64];    /* the names of files to be imported again */

static void
on_lost(void *context, const char *name, const uint8_t sha256[RECORD_SHA256])
{
    (void)context, (void)sha256;
    (void)snprintf(lost, sizeof lost, "%s", name);
}

static int
open_it(struct spool **ret_spool, struct err_note *note)
{
    struct spool_settings settings = {
        .folder = FOLDER, .segment_bytes = 1024, .retain_days = 90, .events = { .lost = on_lost }
    };
    return spool_open(&settings, T0, ret_spool, note);
}

static struct spool *
open_well(void)
{
    struct spool *spool = NULL;
    struct err_note note = { "" };
    if (open_it(&spool, &note))
        fail_msg("%s", note.text);
    return spool;
}

/* ---- before ---- */

static char stream[FILE_PATH_MAX]; /* the folder of the one in use */

static void
prepare_whole(struct disk *its)
{
    char hex[2 * WIRE_STREAM_ID + 1];
    disk = its;
    missing = 0;
    kept = 1;
    struct spool *spool = open_well();
    for (unsigned i = 1; i <= FILES; i++)
        put_file(spool, i, ROWS);
    assert_int_equal(0, spool_set_cursor(spool, EACH, NULL));
    bytes = spool_bytes(spool);
    hash_hex(spool_stream_id(spool), WIRE_STREAM_ID, hex);
    stream_join(stream, FOLDER, hex);
    spool_close(spool);
}

/* Turns a bit of the first segment over, behind everybody's back. */
static void
flip(const char *name, const char *text)
{
    char path[FILE_PATH_MAX], *content = NULL, *at = NULL;
    size_t size = 0;
    stream_join(path, stream, name);
    assert_int_equal(0, file_read(path, 1 << 20, &content, &size, NULL));
    for (size_t i = 0; !at && i + strlen(text) <= size; i++)
        if (memcmp(content + i, text, strlen(text)) == 0)
            at = content + i;
    assert_non_null(at);
    if (at)
        *at ^= 1;
    disk_put(disk, path, content, size);
    free(content);
}

/* A row of the second file; its beginning is legible. */
static void
prepare_damaged(struct disk *its)
{
    prepare_whole(its);
    flip("0000000000000007.seg", "2003");
    missing = 2;
}

static void
prepare_headless(struct disk *its)
{
    char path[FILE_PATH_MAX];
    prepare_whole(its);
    stream_join(path, stream, "00000000000000ff.seg");
    disk_put(its, path, "cut", 3);
}

/* Nobody says which of two streams is in use, and a fork did not end. */
static void
prepare_without_current(struct disk *its)
{
    prepare_whole(its);
    struct spool *spool = open_well();
    assert_int_equal(0, spool_fork(spool, 0, T0, NULL));
    spool_close(spool);
    assert_int_equal(0, file_remove(FOLDER "/current", NULL));
    assert_int_equal(0, file_make_folder(FOLDER "/0123456789abcdef0123456789abcdef.new", NULL));
    assert_int_equal(0, file_write(FOLDER "/0123456789abcdef0123456789abcdef.new/0000000000000001."
                                          "seg",
                                   "x", 1, 0600, NULL));
    assert_int_equal(0, file_make_folder(FOLDER "/another folder", NULL));
}

/* ---- what is tried ---- */

static int
open_act(struct err_note *note)
{
    struct spool *spool = NULL;
    int code = open_it(&spool, note);
    spool_close(spool);
    return code;
}

static int
fork_act(struct err_note *note)
{
    struct spool *spool = NULL;
    int code = open_it(&spool, note);
    if (!code)
        code = spool_fork(spool, 0, T0, note);
    spool_close(spool);
    return code;
}

/* Housekeeping says nothing: what does not go now, goes later. All but the last file have their
 * receipts. */
static int
prune_act(struct err_note *note)
{
    struct spool *spool = NULL;
    int code = open_it(&spool, note);
    if (code)
        return code;
    kept = FILES;
    code = spool_set_cursor(spool, (uint64_t)(FILES - 1) * EACH, note);
    use_for(spool, 100);
    assert_true(knows(spool, FILES));
    spool_close(spool);
    return code;
}

/* A file for which others must go. */
static int
append_act(struct err_note *note)
{
    struct spool *spool = NULL;
    uint64_t first = 0;
    kept = FILES + 1; /* all may go */
    int code = open_it(&spool, note);
    if (!code)
        code = spool_set_cursor(spool, (uint64_t)FILES * EACH, note);
    if (!code && !knows(spool, FILES + 1)) {
        spool_limit(spool, bytes, 90);
        uint64_t last = spool_last(spool);
        code = put_file_code(spool, FILES + 1, 3 * ROWS, &first);
        assert_int_equal(code ? last : first + (uint64_t)3 * ROWS + 1, spool_last(spool));
        if (code)
            (void)err_set(note, code, "not added");
    }
    spool_close(spool);
    return code;
}

static int
look_file(void *context, const struct record_begin *begin, uint64_t first, uint64_t last)
{
    unsigned *files = context;
    (void)begin;
    assert_int_equal(EACH, last - first + 1);
    ++*files;
    return 0;
}

static int
look_gap(void *context, uint64_t first, uint64_t last)
{
    (void)context;
    assert_int_equal(EACH + 1, first);
    assert_int_equal((uint64_t)2 * EACH, last);
    return 0;
}

static int
look_lost(void *context, const struct record_begin *begin)
{
    (void)context;
    assert_string_equal("file2.csv", begin->name);
    return 0;
}

static int
look_aside(void *context, const char *path)
{
    (void)context, (void)path;
    return 0;
}

static int
look_act(struct err_note *note)
{
    unsigned files = 0;
    struct spool_look look = { .context = &files,
                               .file = look_file,
                               .gap = look_gap,
                               .lost = look_lost,
                               .aside = look_aside };
    struct spool_standing standing = { .last = 77 };
    int code = spool_survey(FOLDER, &standing, note);
    assert_true(code == 0 ? standing.last == (uint64_t)FILES * EACH : standing.last == 77);
    if (!code)
        code = spool_look(FOLDER, &look, note);
    assert_true(code || files == (missing ? FILES - 1 : FILES));
    return code;
}

/* ---- after ---- */

/* Every file that was legible is known, what waits can be read, and the next file goes in. */
static void
check(bool is_done)
{
    struct spool *spool = open_well();
    (void)is_done;
    for (unsigned i = kept; i <= FILES; i++)
        if (i != missing)
            assert_true(knows(spool, i));
    assert_true(!missing || strcmp(lost, "file2.csv") == 0);
    for (uint64_t seq = spool_cursor(spool) + 1; seq <= spool_last(spool); seq++)
        (void)get_record(spool, seq);
    spool_close(spool);
}

/* A look changes nothing: the spool is damaged still. */
static void
check_look(bool is_done)
{
    struct err_note note = { "" };
    (void)is_done;
    if (look_act(&note))
        fail_msg("%s", note.text);
}

static void
a_start_mends_what_it_finds(void **state)
{
    (void)state; /* nothing is shared */
    each_fault(&(struct trial){ prepare_damaged, open_act, check });
    each_fault(&(struct trial){ prepare_headless, open_act, check });
    each_fault(&(struct trial){ prepare_without_current, open_act, check });
}

static void
a_fork_keeps_every_file(void **state)
{
    (void)state; /* nothing is shared */
    each_fault(&(struct trial){ prepare_whole, fork_act, check });
}

static void
what_goes_has_its_receipt(void **state)
{
    (void)state; /* nothing is shared */
    each_fault(&(struct trial){ prepare_whole, prune_act, check });
    each_fault(&(struct trial){ prepare_without_current, prune_act, check });
    each_fault(&(struct trial){ prepare_whole, append_act, check });
}

static void
a_look_changes_nothing(void **state)
{
    (void)state; /* nothing is shared */
    each_fault(&(struct trial){ prepare_whole, look_act, check_look });
    each_fault(&(struct trial){ prepare_damaged, look_act, check_look });
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_start_mends_what_it_finds),
        cmocka_unit_test(a_fork_keeps_every_file),
        cmocka_unit_test(what_goes_has_its_receipt),
        cmocka_unit_test(a_look_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

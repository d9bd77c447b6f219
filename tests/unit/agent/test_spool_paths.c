/* SPDX-License-Identifier: GPL-3.0-or-later
 * The spool in folders with long paths: in the longest that it takes it can do whatever it has to,
 * a longer one it refuses at the door and leaves as it was. */
#include "tests/unit/agent/spooling.h"

#include "agent/spool_look.h"

enum { FILES = 3, ROWS = 8, LONGEST = FILE_PATH_MAX + 2 };

struct den {
    char folder[64];        /* of the test */
    char home[128];         /* the spool while nothing is tried */
    char path[LONGEST + 1]; /* and while something is */
    struct spool_settings settings;
};

/* Makes den->path `length` bytes long, and the folders above it. */
static void
dig(struct den *den, size_t length)
{
    size_t at = strlen(den->folder);
    memcpy(den->path, den->folder, at);
    while (at < length) {
        size_t part = length - at > 250 ? 200 : length - at - 1;
        if (at > strlen(den->folder)) {
            den->path[at] = '\0';
            assert_int_equal(0, mkdir(den->path, 0700));
        }
        den->path[at++] = '/';
        memset(den->path + at, 'x', part);
        at += part;
    }
    den->path[length] = '\0';
}

/* Takes away the folders above den->path. */
static void
fill(struct den *den)
{
    for (char *slash; (slash = strrchr(den->path, '/')) > den->path + strlen(den->folder);) {
        *slash = '\0';
        assert_int_equal(0, rmdir(den->path));
    }
}

static struct spool *
open_at_home(struct den *den)
{
    struct spool *spool = NULL;
    struct err_note note = { "" };
    den->settings.folder = den->home;
    if (spool_open(&den->settings, T0, &spool, &note))
        fail_msg("%s", note.text);
    den->settings.folder = den->path;
    return spool;
}

/* ---- what is tried; the spool lies at den->path ---- */

static int
open_act(struct den *den, struct err_note *note)
{
    struct spool *spool = NULL;
    int code = spool_open(&den->settings, T0, &spool, note);
    assert_int_equal(code == 0, spool != NULL);
    if (spool) {
        assert_true(knows(spool, 1) && knows(spool, FILES));
        use_for(spool, 1); /* its `uptime` is written beside the streams */
    }
    spool_close(spool);
    return code;
}

static int
append_act(struct den *den, struct err_note *note)
{
    struct spool *spool = NULL;
    uint64_t first = 0;
    int code = spool_open(&den->settings, T0, &spool, note);
    for (unsigned i = 0; !code && i < 20; i++) /* over the end of a segment */
        code = put_file_code(spool, FILES + 1, ROWS, &first);
    if (!code)
        code = spool_set_cursor(spool, spool_last(spool), note);
    spool_close(spool);
    return code;
}

static int
fork_act(struct den *den, struct err_note *note)
{
    struct spool *spool = NULL;
    uint8_t id[WIRE_STREAM_ID];
    int code = spool_open(&den->settings, T0, &spool, note);
    if (code)
        return code;
    memcpy(id, spool_stream_id(spool), sizeof id);
    code = spool_fork(spool, 0, T0, note);
    assert_int_equal(code == 0, memcmp(id, spool_stream_id(spool), sizeof id) != 0);
    assert_true(knows(spool, 1) && knows(spool, FILES));
    spool_close(spool);
    return code;
}

static int
survey_act(struct den *den, struct err_note *note)
{
    struct spool_standing standing = { .last = 77 };
    int code = spool_survey(den->path, &standing, note);
    assert_true(code == 0 || standing.last == 77);
    return code;
}

static int
on_file(void *context, const struct record_begin *begin, uint64_t first, uint64_t last)
{
    size_t *count = context;
    (void)begin, (void)first, (void)last;
    ++*count;
    return 0;
}

static int
on_gap(void *context, uint64_t first, uint64_t last)
{
    (void)context, (void)first, (void)last;
    return 0;
}

static int
on_lost(void *context, const struct record_begin *begin)
{
    (void)context, (void)begin;
    return 0;
}

static int
on_aside(void *context, const char *path)
{
    (void)context, (void)path;
    return 0;
}

static int
look_act(struct den *den, struct err_note *note)
{
    size_t files = 0;
    struct spool_look look = {
        .context = &files, .file = on_file, .gap = on_gap, .lost = on_lost, .aside = on_aside
    };
    int code = spool_look(den->path, &look, note);
    assert_true(code != 0 || files >= FILES - 1);
    return code;
}

/* ---- what is there before ---- */

static void
whole(struct den *den)
{
    struct spool *spool = open_at_home(den);
    for (unsigned i = 1; i <= FILES; i++)
        put_file(spool, i, ROWS);
    assert_int_equal(0, spool_set_cursor(spool, ROWS + 2, NULL));
    spool_close(spool);
}

/* The path of the first segment. */
static const char *
first_segment(struct den *den, char path[256])
{
    struct spool *spool = open_at_home(den);
    char hex[2 * WIRE_STREAM_ID + 1];
    hash_hex(spool_stream_id(spool), WIRE_STREAM_ID, hex);
    spool_close(spool);
    (void)snprintf(path, 256, "%s/%s/0000000000000001.seg", den->home, hex);
    return path;
}

/* The second file cannot be read. */
static void
damaged(struct den *den)
{
    char path[256];
    size_t size = 0;
    whole(den);
    uint8_t *bytes = slurp(first_segment(den, path), &size);
    for (size_t at = size - 5; at > 0; at--) {
        if (memcmp(bytes + at, "file2", 5) != 0)
            continue;
        bytes[at] ^= 1;
        break;
    }
    spew(path, bytes, size);
    free(bytes);
}

/* Nobody says which stream is in use, and a fork did not end. */
static void
without_current(struct den *den)
{
    char path[256];
    whole(den);
    (void)snprintf(path, sizeof path, "%s/current", den->home);
    assert_int_equal(0, unlink(path));
    (void)snprintf(path, sizeof path, "%s/0123456789abcdef0123456789abcdef.new", den->home);
    assert_int_equal(0, mkdir(path, 0700));
}

/* The last segment has no header: as a crash leaves it. */
static void
headless(struct den *den)
{
    char path[256];
    whole(den);
    (void)first_segment(den, path);
    char *digits = strstr(path, "0000000000000001.seg");
    assert_non_null(digits);
    memcpy(digits, "00000000000000ff", 16);
    spew(path, (const uint8_t *)"", 0);
}

/* ---- several lengths ---- */

static void
try_all(void (*prepare)(struct den *den), int (*act)(struct den *den, struct err_note *note))
{
    static const size_t lengths[] = { SPOOL_FOLDER_MAX - 1, SPOOL_FOLDER_MAX, SPOOL_FOLDER_MAX + 1,
                                      FILE_PATH_MAX - 1, LONGEST };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        size_t length = lengths[i];
        struct den den = { .settings = { .segment_bytes = 2048, .retain_days = 90 } };
        struct err_note note = { "" };
        folder_make(den.folder);
        (void)snprintf(den.home, sizeof den.home, "%s/home", den.folder);
        prepare(&den);
        dig(&den, length);
        assert_int_equal(0, rename(den.home, den.path));
        int code = act(&den, &note);
        bool is_right = length <= SPOOL_FOLDER_MAX
                            ? code == 0
                            : code == ERR_RANGE && strstr(note.text, "longer than 700");
        if (!is_right)
            fail_msg("length %zu: code %d '%s'", length, code, note.text);
        assert_int_equal(0, rename(den.path, den.home));
        fill(&den);
        struct spool *spool = open_at_home(&den);
        assert_true(knows(spool, 1) && knows(spool, FILES));
        spool_close(spool);
        folder_remove(den.folder);
    }
}

static void
test_a_whole_spool(void **state)
{
    (void)state; /* each try has a folder of its own */
    try_all(whole, open_act);
    try_all(whole, append_act);
    try_all(whole, fork_act);
    try_all(whole, survey_act);
    try_all(whole, look_act);
}

static void
test_a_spool_that_needs_mending(void **state)
{
    (void)state; /* each try has a folder of its own */
    try_all(damaged, open_act);
    try_all(damaged, look_act);
    try_all(without_current, open_act);
    try_all(without_current, survey_act);
    try_all(headless, open_act);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_whole_spool),
        cmocka_unit_test(test_a_spool_that_needs_mending),
    };
    if (access("/dev/shm", W_OK) == 0) /* hundreds of spools, and no power is cut here */
        (void)setenv("TMPDIR", "/dev/shm", 0);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

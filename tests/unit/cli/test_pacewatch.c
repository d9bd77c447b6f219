/* SPDX-License-Identifier: GPL-3.0-or-later
 * The program as scripts use it: exit codes, and a site made, enrolled and listed from nothing. */
#include <sys/file.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <stdbool.h>

#include "tests/unit/core/check.h"
#include "tests/unit/platform/folder.h"

#define CATALOGUE PACEWATCH_SOURCE_DIR "/data/huzhou-2023"

static char folder[64];

/* Runs `pacewatch ARGUMENTS` in the test's folder; keeps what it says in files `out` and `err`.
 * Returns its exit code. */
static int
run(const char *arguments)
{
    char command[2048];
    (void)snprintf(command, sizeof command, "cd %s && LC_ALL=C %s %s >out 2>err", folder,
                   PACEWATCH_PROGRAM, arguments);
    int status = system(command); /* NOLINT(cert-env33-c): our own words */
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static const char *
said(const char *name)
{
    static char text[1 << 18];
    FILE *in = fopen(folder_path(folder, name), "r");
    assert_non_null(in);
    size_t length = fread(text, 1, sizeof text - 1, in);
    text[length] = '\0';
    (void)fclose(in); /* only read */
    return text;
}

static bool
says(const char *name, const char *words)
{
    bool is_said = strstr(said(name), words) != NULL;
    if (!is_said)
        print_error("'%s' is not in %s:\n%s\n", words, name, said(name));
    return is_said;
}

static int
make_site(void **state)
{
    (void)state;
    folder_make(folder);
    return run("init site --catalogue " CATALOGUE
               " --listen 'tcp://*:5671' --http-port 8099 --lang en");
}

static int
remove_site(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

static void
test_exit_codes(void **state)
{
    (void)state;
    static const struct {
        const char *arguments;
        int code;
        const char *file, *words;
    } rows[] = {
        { "", 2, "err", "usage: pacewatch VERB SITE" },
        { "--help", 0, "out", "catalogue check" },
        { "--help --lang zh-CN", 0, "out", "用法：pacewatch" },
        { "--version", 0, "out", "pacewatch 0." },
        { "verdicts --help", 0, "out", "--as-of YYYY-MM-DD" },
        { "nope", 2, "err", "unknown verb nope (known: init, enrol" },
        { "targets", 2, "err", "missing SITE" },
        { "export site --format table", 2, "err",
          "option --format cannot be table (known: csv|sdmx-csv|json|xlsx)" },
        { "export site --format xlsx", 2, "err", "xlsx needs a file: --output FILE" },
        { "export site --format json --for-excel", 2, "err", "--for-excel is for csv only" },
        { "export --help", 0, "out", "default: by its name, else csv" },
        { "import site", 2, "err", "missing FILE" },
        { "import site none.csv", 1, "err", "none.csv: No such file" },
        { "targets site --foo", 2, "err", "unknown option --foo (known: --year" },
        { "targets site --year x", 2, "err", "option --year: 'x'" },
        { "targets nowhere", 1, "err", "nowhere is no site" },
        { "history site nix land-freed", 2, "err", "unknown area nix (known: huzhou, wuxing" },
        { "history site anji nix", 2, "err", "unknown indicator nix" },
        { "explain site nix", 2, "err", "unknown target nix" },
        { "explain site f1-14-anji --at 2022-06", 2, "err", "f1-14-anji is of 2023" },
        { "explain site f1-14-anji wuxing", 2, "err", "target f1-14-anji is of anji, not wuxing" },
        { "explain site 附件1·三（三） huzhou 2023-06", 2, "err",
          "has several targets in huzhou; name one of b-3-3-1-huzhou, b-3-3-2-huzhou" },
        { "replay site --from 2023-05 --to 2023-02", 2, "err", "--to 2023-02 lies before --from" },
        { "explain site nix anji 2023-06", 2, "err", "anji has no target in 2023 called nix" },
        { "explain site f1-14-anji anji soon", 2, "err", "'soon' is no period" },
        { "explain site f1-14-anji anji 2023-06 --at 2023-05", 2, "err", "not both" },
        { "explain site f1-14-anji anji 2023-06 more", 2, "err", "superfluous argument more" },
        { "explain site f1-14-anji anji 2023-06", 0, "out", "f1-14-anji  附1-14  " },
        { "explain site 附1-14 anji 2023-Q2", 0, "out", "judged for: 2023-06" },
        { "explain site land-freed anji 2023", 0, "out", "judged for: 2023-12" },
        { "explain site land-freed huzhou 2023-06", 0, "out", "f1-14-huzhou  附1-14  " },
        { "verdicts site --at 2023-Q2", 2, "err", "must be a month" },
        { "init site --catalogue " CATALOGUE, 1, "err", "a site already" },
        { "catalogue check " CATALOGUE, 0, "out", "ok: 9 areas" },
        { "catalogue check site", 1, "err", "areas.csv" },
        { "catalogue diff " CATALOGUE " " CATALOGUE, 0, "out", "no difference" },
        { "catalogue diff " CATALOGUE " site", 1, "err", "site: " },
        { "catalogue diff " CATALOGUE, 2, "err", "missing NEW-DIR" },
        { "catalogue consistency site", 1, "err", "areas.csv" },
        { "catalogue consistency " CATALOGUE, 0, "out", "\nsum,附1-15,附1-15,huzhou,energy-room-" },
        { "catalogue consistency --lang zh-CN " CATALOGUE, 0, "out", "，差+0.1（" },
        { "enrol site anji", 2, "err", "give one of --key" },
        { "enrol site nix --out home", 2, "err", "unknown publisher nix" },
        { "enrol site anji --key short", 1, "err", "pacewatch enrol: " },
        { "revoke site x", 2, "err", "KEY-ID must be" },
        { "rotate site begin", 2, "err", "can only be finish" },
        { "rotate site finish", 1, "err", "no key 'collector.next'" },
        { "revoke site 99", 1, "err", "pacewatch revoke: " },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_INT(rows[i].arguments, rows[i].code, run(rows[i].arguments));
        CHECK(rows[i].arguments, says(rows[i].file, rows[i].words));
    }
}

static void
test_listings_begin_with_the_contract(void **state)
{
    (void)state;
    static const struct {
        const char *arguments;
        const char *head;
    } rows[] = {
        { "targets site",
          "target,source,area,indicator,name,unit,text,value,comparator,status,method,owner,lead,"
          "accountable" },
        { "history site huzhou land-freed",
          "period,value,status,revision,submission,publisher,received_at,reason" },
        { "verdicts site --at 2023-06",
          "target,area,indicator,period,level,actual,expected,target_value,completion,ratio,gap,"
          "needed_pace,projection,reason" },
        { "alerts site --open",
          "id,target,area,indicator,level,state,opened_at,last_change,reason" },
        { "publishers site", "publisher,name,kind,key_id,fingerprint,enrolled,follows,retires,"
                             "revoked,came_over,last_seen,files,last_file" },
        { "status site", "item,value,meaning" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_INT(rows[i].arguments, 0, run(rows[i].arguments));
        CHECK(rows[i].arguments, strncmp(said("out"), rows[i].head, strlen(rows[i].head)) == 0);
    }
    assert_int_equal(0, run("targets site --lang zh-CN"));
    assert_true(says("out",
                     "\nf2-17-huzhou,附2-17,huzhou,land-freed,腾出用地面积,万亩,1,1,≥,issued,"
                     "LIN,市经信局,市经信局,wuxing;nanxun;"));
    assert_true(says("out", ",1,1,=,issued,BIN,"));
    assert_int_equal(0, run("verdicts site --at 2023-06 --target f1-16-nantaihu --format json"));
    assert_true(says("out", "\"level\": \"not_applicable\", \"actual\": null"));
    assert_int_equal(0, run("explain site f1-14-huzhou --at 2023-06"));
    assert_true(says("out", "  zh: 截至6月"));
    assert_true(says("out", "  en: "));
    assert_int_equal(0, run("status site --wait 5")); /* nothing is in, so nothing is left to do */
}

static void
test_a_home_is_made_once(void **state)
{
    (void)state;
    assert_int_equal(0, run("enrol site wuxing --out home"));
    assert_true(says("out", "enrolled for wuxing: key 1, fingerprint "));
    assert_true(
        says("home/agent.yaml", "publisher: wuxing\ncollector: \"tcp://127.0.0.1:5671\"\n"));
    assert_true(says("home/agent.yaml", "language: en\n"));
    static const char *const names[] = {
        "keys/agent.secret", "catalogue/targets.csv", "inbox", "spool", "done", "rejected",
        "receipts"
    };
    for (size_t i = 0; i < COUNT(names); i++) {
        char path[256];
        (void)snprintf(path, sizeof path, "%s/home/%s", folder, names[i]);
        CHECK(names[i], access(path, F_OK) == 0);
    }
    assert_int_equal(0, run("enrol site wuxing --out home"));
    assert_true(says("out", "home is the enrolled home of wuxing already: key 1"));
    assert_int_equal(1, run("enrol site anji --out home"));
    assert_true(says("err", "home is the home of wuxing, not of anji"));

    /* cut off before agent.yaml was written */
    assert_int_equal(0, unlink(folder_path(folder, "home/agent.yaml")));
    assert_int_equal(0, run("enrol site wuxing --out home"));
    assert_true(says("home/agent.yaml", "publisher: wuxing\n"));

    assert_int_equal(0, run("publishers site"));
    assert_true(says("out", "\nwuxing,Wuxing District,official,1,"));
    assert_int_equal(0, run("revoke site 1"));
    assert_true(says("out", "revoked for wuxing: key 1"));
    assert_int_equal(1, run("enrol site wuxing --out home"));
    assert_true(says("err", "is revoked"));
}

static void
test_rebuild_needs_the_site_to_itself(void **state)
{
    (void)state;
    folder_put(folder, "site/rrd/state", "position 7\n");
    int lock = open(folder_path(folder, "site/lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(lock >= 0);
    assert_int_equal(0, flock(lock, LOCK_EX | LOCK_NB));
    assert_int_equal(1, run("rebuild site"));
    assert_true(says("err", "stop it, run rebuild, start it again"));
    assert_int_equal(1, run("status site --wait 0"));
    assert_true(says("err", "ledger at 0, archives at 7, 0 series unjudged"));
    (void)close(lock); /* gives the lock back */
    assert_int_equal(0, run("rebuild site"));
    assert_int_equal(-1, access(folder_path(folder, "site/rrd/state"), F_OK));
}

static void
test_a_new_version_is_told_in_words(void **state)
{
    (void)state;
    char command[1024];
    (void)snprintf(command, sizeof command,
                   "cd %s && cp -r " CATALOGUE " newer && chmod -R u+w newer && "
                   "sed -i 's/^f1-2-anji,附1-2,anji,iva-growth,2023,5,5,/"
                   "f1-2-anji,附1-2,anji,iva-growth,2023,5,6,/' newer/targets.csv",
                   folder);
    assert_int_equal(0, system(command)); /* NOLINT(cert-env33-c): our own words */
    assert_int_equal(0, run("catalogue diff " CATALOGUE " newer"));
    assert_string_equal("target f1-2-anji (Anji County, Growth of industrial value added above "
                        "scale): value 5 -> 6\n",
                        said("out"));
    assert_int_equal(0, run("catalogue diff " CATALOGUE " newer --lang zh-CN"));
    assert_string_equal("目标 f1-2-anji（安吉 规上工业增加值增长）：目标值 5 → 6\n", said("out"));
    assert_int_equal(0, run("catalogue diff newer " CATALOGUE " --format csv"));
    assert_true(says("out", "object,id,change,field,old,new,words\n"
                            "target,f1-2-anji,changed,value,6,5,"));
    assert_int_equal(0, run("catalogue diff newer " CATALOGUE " --format json"));
    assert_true(says("out", "\"change\": \"changed\", \"field\": \"value\""));
    assert_int_equal(0, run("catalogue diff newer newer --format csv"));
    assert_string_equal("object,id,change,field,old,new,words\n", said("out"));
}

static void
test_status_counts_archives(void **state)
{
    (void)state;
    assert_int_equal(0, mkdir(folder_path(folder, "site/rrd/0c"), 0700));
    assert_int_equal(0, mkdir(folder_path(folder, "site/rrd/scratch"), 0700));
    folder_put(folder, "site/rrd/0c/0000000c.rrd", "");
    folder_put(folder, "site/rrd/0c/0000010c.rrd", "");
    folder_put(folder, "site/rrd/scratch/00000001.rrd", ""); /* a picture's, for a moment */
    assert_int_equal(0, run("status site"));
    assert_true(says("out", "\narchives,2,"));
}

static void
test_demo_says_what_it_made(void **state)
{
    (void)state;
    assert_int_equal(0, run("demo feed --catalogue " CATALOGUE));
    assert_true(says("out", "huzhou: 39 files, "));
    assert_true(says("out", "(7 published, "));
    assert_true(
        says("feed/huzhou/2023-07.csv", "huzhou,iva-growth,2023-06,0.7,A,YTD,pct,2023-07-23,"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exit_codes),
        cmocka_unit_test(test_listings_begin_with_the_contract),
        cmocka_unit_test(test_a_home_is_made_once),
        cmocka_unit_test(test_rebuild_needs_the_site_to_itself),
        cmocka_unit_test(test_a_new_version_is_told_in_words),
        cmocka_unit_test(test_status_counts_archives),
        cmocka_unit_test(test_demo_says_what_it_made),
    };
    return cmocka_run_group_tests(tests, make_site, remove_site);
}

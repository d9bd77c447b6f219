/* SPDX-License-Identifier: GPL-3.0-or-later
 * The oracle of the fault tests: makes what is to be delivered, and says what became of it, by
 * content. Each value is a random number that occurs nowhere else, so that the values are the tags.
 *
 *   oracle make SEED PUBLISHER FIRST COUNT ROWS FOLDER
 *   oracle check LEDGER GIVEN HOME...
 *   oracle check-but PUBLISHER LEDGER GIVEN HOME...
 *   oracle noise SEED SIZE
 *
 * `make` writes COUNT files of ROWS rows, FOLDER/PUBLISHER-FIRST.csv and so on: the same for the
 * same seed, and no row of one file in another. They look an hour old, so that an agent takes them
 * at once.
 *
 * `noise` writes SIZE random bytes to standard output.
 *
 * `check` reads the files of the folder GIVEN, then what HOME/receipts acknowledge, and only then
 * the ledger; at any moment, also while everything runs. It prints one line of counts:
 *
 *   given         rows of the files
 *   acknowledged  rows of receipts that say accepted, unchanged or duplicate
 *   missing       given, and not in the ledger: still under way, or lost in the end
 *   lost          acknowledged, and not in the ledger
 *   doubled       more often in the ledger than once
 *   alien         in the ledger and never given, or given by another, or for another day
 *   rejected      given, and refused by a receipt or kept in quarantine
 *   uneven        streams and files of the ledger whose counts do not add up, and faults of the
 *                 database
 *
 * and ends with 1 if one of the last five is not 0. What is wrong is told line by line on standard
 * error. `check-but` leaves aside what PUBLISHER did to its own: its rows of its own area, its
 * streams, files and quarantine. */
#include <dirent.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "core/cal.h"

enum { TEXT_SIZE = 112, LINE_SIZE = 4096, PATH_SIZE = 4096, SAID_MAX = 20 };

/* ---- what is given ---- */

static const char *const indicators[] = { "zhejiang-made-standards", "zhejiang-made-enterprises",
                                          "lowef-enterprises",       "land-freed",
                                          "industrial-robots",       "green-factories",
                                          "central-soe-projects",    "listing-reserve" };
enum {
    INDICATORS = sizeof indicators / sizeof indicators[0],
    FIRST_YEAR = 2000,
    MONTHS = 23 * 12, /* of 2000 to 2022; all are released in 2023, a later day for a new value */
    FILE_AGE_S = 3600
};

static void
fail(const char *what)
{
    perror(what);
    exit(2);
}

/* splitmix64 */
static uint64_t
mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static uint64_t
hash_text(const char *text)
{
    uint64_t hash = 0;
    for (; *text; text++)
        hash = mix(hash ^ (unsigned char)*text);
    return hash;
}

/* Row `index` of all that a publisher ever gives. */
static void
write_row(FILE *out, uint64_t seed, const char *publisher, uint64_t index)
{
    uint64_t month = index / INDICATORS % MONTHS;
    struct cal_period period = cal_period_add(cal_month(FIRST_YEAR, 1), (int)month);
    struct cal_date released = cal_period_after(cal_month(2022, 12));
    released.days += (int32_t)(index / INDICATORS / MONTHS);
    char period_text[CAL_TEXT_MAX], released_text[CAL_TEXT_MAX];
    uint64_t tag = mix(mix(seed ^ hash_text(publisher)) ^ index) % 899999999 + 100000000;
    (void)fprintf(out, "%s,%s,%s,%" PRIu64 ",%s\n", publisher, indicators[index % INDICATORS],
                  cal_period_print(period, period_text), tag,
                  cal_date_print(released, released_text));
}

static int
make(uint64_t seed, const char *publisher, uint64_t first, uint64_t count, uint64_t rows,
     const char *folder)
{
    for (uint64_t number = first; number < first + count; number++) {
        char path[PATH_SIZE];
        (void)snprintf(path, sizeof path, "%s/%s-%06" PRIu64 ".csv", folder, publisher, number);
        FILE *out = fopen(path, "w");
        if (!out)
            fail(path);
        (void)fputs("area,indicator,period,value,released\n", out);
        for (uint64_t i = 0; i < rows; i++)
            write_row(out, seed, publisher, number * rows + i);
        struct timespec times[2] = { { .tv_sec = time(NULL) - FILE_AGE_S } };
        times[1] = times[0];
        if (fflush(out) != 0 || futimens(fileno(out), times) != 0 || fclose(out) != 0)
            fail(path);
    }
    return 0;
}

static int
noise(uint64_t seed, uint64_t size)
{
    for (uint64_t i = 0; i < size; i++)
        if (putchar((int)(mix(seed + i) & 0xff)) == EOF)
            fail("noise");
    return 0;
}

/* ---- what became of it ---- */

/* A value somewhere: "area,indicator,period,value". */
struct fact {
    char text[TEXT_SIZE];
    char released[CAL_TEXT_MAX];
    bool is_acknowledged;
    int held; /* times in the ledger */
};

static struct {
    struct fact *facts; /* what was given, in order of `text` */
    size_t count, room;
    size_t acknowledged, missing, lost, doubled, alien, rejected, uneven;
    size_t said;
    const char *but; /* the publisher left aside, "" for none */
} all = { .but = "" };

static void say(size_t *counter, const char *format, ...) __attribute__((format(__printf__, 2, 3)));

static void
say(size_t *counter, const char *format, ...)
{
    ++*counter;
    if (all.said++ >= SAID_MAX)
        return;
    va_list args;
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputc('\n', stderr);
}

static int
compare_facts(const void *a, const void *b)
{
    return strcmp(((const struct fact *)a)->text, ((const struct fact *)b)->text);
}

static struct fact *
find_fact(const char *text)
{
    struct fact key = { .held = 0 };
    (void)snprintf(key.text, sizeof key.text, "%s", text);
    return all.count ? bsearch(&key, all.facts, all.count, sizeof key, compare_facts) : NULL;
}

/* Calls `take` with every line but the first of every file *.csv of a folder. */
static void
each_line(const char *folder, void (*take)(const char *file, char *line))
{
    DIR *entries = opendir(folder);
    if (!entries)
        fail(folder);
    for (struct dirent *entry; (entry = readdir(entries));) {
        const char *dot = strrchr(entry->d_name, '.');
        if (!dot || strcmp(dot, ".csv") != 0 || entry->d_name[0] == '.')
            continue;
        char path[PATH_SIZE], line[LINE_SIZE];
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        FILE *in = fopen(path, "r");
        if (!in)
            fail(path);
        for (int number = 1; fgets(line, sizeof line, in); number++) {
            line[strcspn(line, "\r\n")] = '\0';
            if (number > 1)
                take(entry->d_name, line);
        }
        (void)fclose(in); /* only read */
    }
    (void)closedir(entries); /* only read */
}

/* The comma behind `count` cells, or the line's end. */
static char *
behind_cells(char *line, int count)
{
    char *at = line + strcspn(line, ",");
    while (--count > 0 && *at)
        at += 1 + strcspn(at + 1, ",");
    return at;
}

static void
take_given(const char *file, char *line)
{
    (void)file;
    if (all.count == all.room) {
        all.room = all.room ? all.room * 2 : 1024;
        all.facts = realloc(all.facts, all.room * sizeof *all.facts);
        if (!all.facts)
            fail("memory");
    }
    struct fact *fact = &all.facts[all.count++];
    char *released = behind_cells(line, 4);
    memset(fact, 0, sizeof *fact);
    (void)snprintf(fact->text, sizeof fact->text, "%.*s", (int)(released - line), line);
    (void)snprintf(fact->released, sizeof fact->released, "%s", *released ? released + 1 : "");
}

/* row,area,indicator,period,value,fate,reason */
static void
take_receipt(const char *file, char *line)
{
    char *text = behind_cells(line, 1) + 1, *fate = behind_cells(line, 5);
    if (*fate)
        *fate++ = '\0';
    bool is_taken = strncmp(fate, "accepted", 8) == 0 || strncmp(fate, "unchanged", 9) == 0 ||
                    strncmp(fate, "duplicate", 9) == 0;
    struct fact *fact = find_fact(text);
    if (!is_taken)
        say(&all.rejected, "%s: %s: %s", file, text, fate);
    else if (!fact)
        say(&all.alien, "%s: nobody gave %s", file, text);
    else
        fact->is_acknowledged = true;
}

/* The only parameter a query may have is the publisher left aside. */
static sqlite3_stmt *
query(sqlite3 *ledger, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(ledger, sql, -1, &statement, NULL) != SQLITE_OK ||
        (sqlite3_bind_parameter_count(statement) == 1 &&
         sqlite3_bind_text(statement, 1, all.but, -1, SQLITE_STATIC) != SQLITE_OK)) {
        (void)fprintf(stderr, "ledger: %s\n", sqlite3_errmsg(ledger));
        exit(2);
    }
    return statement;
}

static void
read_observations(sqlite3 *ledger)
{
    sqlite3_stmt *s =
        query(ledger, "SELECT area, indicator, period, value, released, publisher FROM observation"
                      " JOIN series ON series.id = series JOIN provider ON provider.id = provider"
                      " WHERE NOT (publisher = ?1 AND area = ?1)");
    while (sqlite3_step(s) == SQLITE_ROW) {
        char text[TEXT_SIZE], period[CAL_TEXT_MAX], released[CAL_TEXT_MAX];
        const char *area = (const char *)sqlite3_column_text(s, 0);
        const char *publisher = (const char *)sqlite3_column_text(s, 5);
        (void)cal_period_print(cal_period_from_key(sqlite3_column_int64(s, 2)), period);
        (void)cal_date_print((struct cal_date){ sqlite3_column_int(s, 4) }, released);
        (void)snprintf(text, sizeof text, "%s,%s,%s,%s", area,
                       (const char *)sqlite3_column_text(s, 1), period,
                       (const char *)sqlite3_column_text(s, 3));
        struct fact *fact = find_fact(text);
        if (!fact || strcmp(fact->released, released) != 0 || strcmp(publisher, area) != 0)
            say(&all.alien, "alien: %s of %s by %s", text, released, publisher);
        else
            fact->held++;
    }
    (void)sqlite3_finalize(s); /* tells the last step's error again; the counts show it */
}

/* Every row of these queries is something that does not add up. */
static void
read_sums(sqlite3 *ledger)
{
    static const char *const queries[] = {
        "SELECT 'stream ' || id || ' has a hole or another end than ' || hwm FROM stream WHERE"
        " publisher <> ?1 AND (hwm <> (SELECT ifnull(sum(last - first + 1), 0) FROM batch WHERE"
        " stream = stream.id) OR hwm <> (SELECT ifnull(max(last), 0) FROM batch WHERE stream ="
        " stream.id))",
        "SELECT 'file ' || name || ' has other fates than rows' FROM submission WHERE completed IS"
        " NOT NULL AND publisher <> ?1 AND rows <> stored + revised + unchanged + duplicate +"
        " rejected",
        ("SELECT 'observations are not the rows that were taken' WHERE (SELECT count(*) FROM"
         " observation WHERE restates = 0) <> (SELECT ifnull(sum(stored + revised), 0) FROM"
         " submission)"),
        "SELECT 'database: ' || integrity_check FROM pragma_integrity_check"
        " WHERE integrity_check <> 'ok'"
    };
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        sqlite3_stmt *s = query(ledger, queries[i]);
        int code;
        while ((code = sqlite3_step(s)) == SQLITE_ROW)
            say(&all.uneven, "%s", (const char *)sqlite3_column_text(s, 0));
        if (code != SQLITE_DONE)
            say(&all.uneven, "ledger: %s", sqlite3_errmsg(ledger));
        (void)sqlite3_finalize(s); /* told above */
    }
}

static void
read_ledger(const char *path)
{
    sqlite3 *ledger = NULL;
    if (sqlite3_open_v2(path, &ledger, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_busy_timeout(ledger, 10000) != SQLITE_OK ||
        sqlite3_exec(ledger, "BEGIN", NULL, NULL, NULL) != SQLITE_OK) {
        (void)fprintf(stderr, "%s: %s\n", path, sqlite3_errmsg(ledger));
        exit(2);
    }
    read_observations(ledger);
    read_sums(ledger);
    sqlite3_stmt *s = query(ledger, "SELECT name, row, quarantine.text FROM quarantine"
                                    " LEFT JOIN submission ON submission.id = quarantine.submission"
                                    " JOIN stream ON stream.id = quarantine.stream"
                                    " WHERE stream.publisher <> ?1");
    while (sqlite3_step(s) == SQLITE_ROW)
        say(&all.rejected, "quarantine: %s row %d: %s", (const char *)sqlite3_column_text(s, 0),
            sqlite3_column_int(s, 1), (const char *)sqlite3_column_text(s, 2));
    (void)sqlite3_finalize(s); /* only read */
    (void)sqlite3_close(ledger);
}

static int
check(const char *ledger, const char *given, char **homes)
{
    each_line(given, take_given);
    qsort(all.facts, all.count, sizeof *all.facts, compare_facts);
    for (; *homes; homes++) {
        char path[PATH_SIZE];
        (void)snprintf(path, sizeof path, "%s/receipts", *homes);
        each_line(path, take_receipt);
    }
    read_ledger(ledger);
    for (size_t i = 0; i < all.count; i++) {
        const struct fact *fact = &all.facts[i];
        all.acknowledged += fact->is_acknowledged;
        all.missing += fact->held == 0;
        if (fact->is_acknowledged && fact->held == 0)
            say(&all.lost, "lost: %s", fact->text);
        if (fact->held > 1)
            say(&all.doubled, "doubled: %s", fact->text);
    }
    (void)printf(
        "given=%zu acknowledged=%zu missing=%zu lost=%zu doubled=%zu alien=%zu rejected=%zu"
        " uneven=%zu\n",
        all.count, all.acknowledged, all.missing, all.lost, all.doubled, all.alien, all.rejected,
        all.uneven);
    free(all.facts);
    return all.lost + all.doubled + all.alien + all.rejected + all.uneven ? 1 : 0;
}

static uint64_t
number(const char *text)
{
    char *end = NULL;
    uint64_t n = strtoull(text, &end, 10);
    if (end == text || *end) {
        (void)fprintf(stderr, "not a number: %s\n", text);
        exit(2);
    }
    return n;
}

int
main(int argc, char **argv)
{
    if (argc == 8 && strcmp(argv[1], "make") == 0)
        return make(number(argv[2]), argv[3], number(argv[4]), number(argv[5]), number(argv[6]),
                    argv[7]);
    if (argc >= 4 && strcmp(argv[1], "check") == 0)
        return check(argv[2], argv[3], argv + 4);
    if (argc >= 5 && strcmp(argv[1], "check-but") == 0) {
        all.but = argv[2];
        return check(argv[3], argv[4], argv + 5);
    }
    if (argc == 4 && strcmp(argv[1], "noise") == 0)
        return noise(number(argv[2]), number(argv[3]));
    (void)fputs("usage: oracle make SEED PUBLISHER FIRST COUNT ROWS FOLDER\n"
                "       oracle check LEDGER GIVEN HOME...\n"
                "       oracle check-but PUBLISHER LEDGER GIVEN HOME...\n"
                "       oracle noise SEED SIZE\n",
                stderr);
    return 2;
}

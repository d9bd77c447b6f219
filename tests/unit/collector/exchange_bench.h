/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the tests of export and import share: offices that send into a ledger, and files of it. */
#ifndef PACEWATCH_TESTS_COLLECTOR_EXCHANGE_BENCH_H
#define PACEWATCH_TESTS_COLLECTOR_EXCHANGE_BENCH_H

#include "collector/exchange/exchange.h"
#include "tests/unit/collector/fixture.h"

/* What the offices send is one transaction. */
void bench_begin(struct fixture *f);
void bench_commit(struct fixture *f);

/* One stream of a sender into the fixture's ledger. */
struct office {
    struct fixture *f;
    struct ledger_stream stream;
    struct ledger_file file;
    bool is_sending; /* a file is under way */
};

void office_open(struct office *office, struct fixture *f, const char *stream, const char *sender);
void office_begin(struct office *office, const char *file_name, struct wall_time now);
/* Its publisher is the sample's, else the sender. */
enum wire_fate office_send(struct office *office, const struct sample *sample,
                           struct wall_time now);
void office_end(struct office *office, struct wall_time now);

/* What an import said. */
struct complaints {
    char text[16384];
    size_t count;
};

/* FOLDER/NAME of the fixture. `path` has FILE_PATH_MAX bytes; it is returned. */
char *bench_path(const struct fixture *f, const char *name, char *path);

/* Exports everything of a ledger. */
void bench_export(const struct fixture *f, struct ledger *ledger, enum exchange_format format,
                  bool for_excel, const char *path);

/* A new, empty ledger under FOLDER/NAME. */
struct ledger *bench_ledger(const struct fixture *f, const char *name);

int bench_import(const struct fixture *f, struct ledger *ledger, enum exchange_format format,
                 const char *path, struct complaints *complaints, struct err_note *note);

/* The bytes of a file, owned by the caller. */
char *bench_bytes(const char *path, size_t *ret_size);

/* Nothing is wrong with the ledger. */
void bench_fsck(struct ledger *ledger);

/* There is nothing at all in it. */
void bench_expect_empty(struct ledger *ledger);

#endif

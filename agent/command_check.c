/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent/commands.h"
#include "agent/config.h"
#include "agent/receipt.h"
#include "agent/tidy.h"
#include "agent/words.h"
#include "platform/catalogue_load.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "platform/hash.h"

static int
fail(const struct err_note *note)
{
    fprintf(stderr, "pacewatch-agent: %s\n", note->text);
    return EXIT_NOTHING;
}

static int
print_report(const struct receipt *receipt, enum format format)
{
    char *text = NULL;
    size_t size = 0;
    struct receipt_counts counts = { 0 };
    int code = receipt_count(receipt, &counts);
    if (!code)
        code = format == FORMAT_CSV    ? receipt_csv(receipt, &text, &size)
               : format == FORMAT_JSON ? receipt_json(receipt, &text, &size)
                                       : receipt_text(receipt, &text, &size);
    if (!code && (fwrite(text, 1, size, stdout) != size || fflush(stdout) != 0))
        code = ERR_LIBRARY;
    free(text);
    if (code) {
        fprintf(stderr, "pacewatch-agent: %s\n", err_text(code));
        return EXIT_NOTHING;
    }
    return receipt_exit(&counts, receipt->kind == RECEIPT_REFUSED);
}

/* The name as a receipt would show it. */
static void
shown_name(const char *file, char *name, size_t size)
{
    const char *slash = strrchr(file, '/');
    const char *bare = slash ? slash + 1 : file;
    text_clean(bare, strlen(bare), name, size);
}

static int
check_bytes(const char *bytes, size_t size, const char *file, const struct tidy_context *context,
            enum format format)
{
    char name[RECORD_NAME_MAX + 1];
    struct tidy tidy = { 0 };
    struct err_note fault = { { 0 } };
    struct receipt receipt = { .kind = RECEIPT_CHECK, .lang = context->lang, .name = name };
    shown_name(file, name, sizeof name);
    hash_sha256(bytes, size, receipt.sha256);
    receipt.publisher = context->sender;
    receipt.when = clock_wall();
    if (tidy_read(bytes, size, context, &tidy, &fault)) {
        receipt.kind = RECEIPT_REFUSED;
        receipt.is_dry = true;
    }
    struct receipt_tidy rows = { tidy.rows, FATE_STORED };
    receipt.fault = fault.text;
    receipt.row_count = tidy.count;
    receipt.row = receipt_tidy_row;
    receipt.context = &rows;
    int code = print_report(&receipt, format);
    tidy_done(&tidy);
    return code;
}

static int
check_file(const char *home, const char *file, const struct agent_config *config,
           enum format format, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    struct catalogue_store *store = NULL;
    char *bytes = NULL;
    size_t size = 0;
    int code = file_join(path, home, "catalogue");
    if (!code)
        code = catalogue_load(path, &store, note);
    if (code)
        return fail(note);
    struct tidy_context context = { catalogue_of(store), NULL, cal_date_at(clock_wall()),
                                    config->lang };
    context.sender = catalogue_publisher(context.catalogue, config->publisher);
    if (!context.sender)
        code = err_set(note, ERR_UNKNOWN, "agent.yaml: publisher '%s' is not in the catalogue",
                       config->publisher);
    if (!code)
        code = file_read(file, TIDY_BYTES_MAX, &bytes, &size, note);
    code = code ? fail(note) : check_bytes(bytes, size, file, &context, format);
    free(bytes);
    catalogue_free(store);
    return code;
}

int
command_check(const char *home, const char *file, enum format format)
{
    struct err_note note = { { 0 } };
    struct agent_config config;
    if (agent_config_read(home, false, &config, &note))
        return fail(&note);
    return check_file(home, file, &config, format, &note);
}

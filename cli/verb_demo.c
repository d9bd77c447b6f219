/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/call.h"
#include "cli/demo.h"
#include "platform/catalogue_load.h"
#include "platform/file.h"

enum { FIGURES_SIZE_MAX = 16 << 20 };

/* --figures, else the catalogue's own figures.csv; without either there are none. */
static int
read_figures(const struct call *call, const struct catalogue *catalogue,
             struct demo_rows *ret_figures, struct err_note *note)
{
    const char *path = call->options.value[OPTION_FIGURES];
    char own[FILE_PATH_MAX];
    if (!path) {
        int code = file_join(own, call->options.value[OPTION_CATALOGUE], "figures.csv");
        if (code < 0 || access(own, F_OK) != 0)
            return 0;
        path = own;
    }
    char *bytes = NULL;
    size_t size = 0;
    int code = file_read(path, FIGURES_SIZE_MAX, &bytes, &size, note);
    if (code < 0)
        return code;
    code = demo_read_figures(catalogue, path, bytes, size, ret_figures, note);
    free(bytes);
    return code;
}

static void
print_counts(const struct call *call, const struct demo_count *counts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (counts[i].files > 0)
            (void)fprintf(call->out,
                          SAY(call->lang, "%s：文件 %zu，行 %zu（公布 %zu，修订 %zu）\n",
                              "%s: %zu files, %zu rows (%zu published, %zu revised)\n"),
                          counts[i].sender->id, counts[i].files, counts[i].rows,
                          counts[i].published, counts[i].revised);
}

static int
make_demo(const struct call *call, const struct catalogue *catalogue, struct err_note *note)
{
    struct demo_rows figures = { 0 };
    struct demo_rows rows = { 0 };
    struct demo_count *counts = calloc(catalogue->publisher_count + 1, sizeof *counts);
    if (!counts)
        return err_set(note, -ENOMEM, "out of memory");
    int code = read_figures(call, catalogue, &figures, note);
    if (code == 0)
        code = demo_generate(catalogue, &figures, &rows, note);
    if (code == 0)
        code = demo_write(catalogue, call->options.operand[0], &rows, counts, note);
    if (code == 0)
        print_counts(call, counts, catalogue->publisher_count);
    free(counts);
    demo_rows_done(&rows);
    demo_rows_done(&figures);
    return code;
}

int
verb_demo(struct call *call)
{
    struct catalogue_store *store = NULL;
    struct err_note note = { { 0 } };
    int code = catalogue_load(call->options.value[OPTION_CATALOGUE], &store, &note);
    if (code == 0)
        code = make_demo(call, catalogue_of(store), &note);
    catalogue_free(store);
    return code < 0 ? call_fail_note(call, code, &note) : CALL_DONE;
}

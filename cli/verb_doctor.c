/* SPDX-License-Identifier: GPL-3.0-or-later
 * `pacewatch doctor`. */
#include "cli/findings.h"
#include "collector/doctor.h"
#include "collector/painter.h"
#include "platform/clock.h"

int
verb_doctor(struct call *call)
{
    struct site site;
    struct findings findings;
    struct err_note note = { { 0 } };
    char graph[FILE_PATH_MAX] = "pacewatch-graph";
    (void)painter_program(graph); /* else the one in the path */
    bool is_open = site_open(call->options.operand[0], &site, &note) == 0;
    if (is_open && !call->is_lang_given)
        call->lang = site.lang;
    const struct doctor_case patient = { .folder = call->options.operand[0],
                                         .site = is_open ? &site : NULL,
                                         .why = note.text,
                                         .graph_program = graph,
                                         .now = clock_wall() };
    findings_open(&findings, call);
    int code = doctor_examine(&patient, &findings.sink);
    int exit_code = findings_close(&findings, call, code, NULL);
    if (is_open)
        site_close(&site);
    return exit_code;
}

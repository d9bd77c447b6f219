/* SPDX-License-Identifier: GPL-3.0-or-later
 * Shared by doctor.c (the site) and doctor_machine.c (what it runs on). */
#ifndef PACEWATCH_COLLECTOR_DOCTOR_PRIVATE_H
#define PACEWATCH_COLLECTOR_DOCTOR_PRIVATE_H

#include "collector/change.h"
#include "collector/doctor.h"

struct doctor {
    const struct doctor_case *patient;
    const struct site *site;
    const struct finding_sink *sink;
    const char *check; /* the one under way */
    bool is_locked;    /* some process has the site */
    bool is_running;   /* and a collector answers, with this: */
    char progress[CHANGE_TEXT_MAX];
    struct ledger *ledger; /* NULL: it cannot be opened */
};

/* The check's finding, its words still to come. */
struct finding doctor_finding(const struct doctor *d, enum finding_weight weight,
                              const char *object, const char *mend_zh, const char *mend_en);

/* The checks of doctor_machine.c. Each tells its findings and returns what the visitor answered. */
int doctor_agents_port(struct doctor *d);
int doctor_pages_port(struct doctor *d);
int doctor_disk(struct doctor *d);
int doctor_file_system(struct doctor *d);
int doctor_clock(struct doctor *d);
int doctor_descriptors(struct doctor *d);
int doctor_worker(struct doctor *d);
int doctor_fonts(struct doctor *d);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a check of a site found: one finding a line, in both languages, with what to do about it.
 * Shared by fsck.h (is what is stored true?) and doctor.h (can it work here?). */
#ifndef PACEWATCH_COLLECTOR_FINDING_H
#define PACEWATCH_COLLECTOR_FINDING_H

/* X(enum, id, zh, en) */
#define FINDING_TABLE(X)                              \
    X(FINDING_OK, "ok", "正常", "ok")                 \
    X(FINDING_NOTE, "attention", "注意", "attention") \
    X(FINDING_WRONG, "wrong", "有误", "wrong")

enum finding_weight {
#define X(name, id, zh, en) name,
    FINDING_TABLE(X)
#undef X
};

/* Texts live until the visit returns. */
struct finding {
    enum finding_weight weight;    /* ok is for the doctor: fsck keeps silent about it */
    const char *check;             /* what was looked at, a stable word: "batches" */
    const char *object;            /* which one: a stream, a file, a series */
    const char *zh, *en;           /* what is so */
    const char *mend_zh, *mend_en; /* what to do; NULL: nothing */
};

/* A non-zero answer ends the checks and is returned. */
typedef int finding_visitor(void *context, const struct finding *finding);

struct finding_sink {
    finding_visitor *visit;
    void *context;
};

/* What to do about a ledger that is not whole. */
extern const char finding_restore_zh[], finding_restore_en[];

/* Hands over `frame` with the words of both formats, which take the same arguments. */
int finding_say(const struct finding_sink *sink, const struct finding *frame, const char *zh,
                const char *en, ...) __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* The same with words that stand already. */
int finding_tell(const struct finding_sink *sink, const struct finding *frame, const char *zh,
                 const char *en);

#endif

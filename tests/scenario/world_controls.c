/* SPDX-License-Identifier: GPL-3.0-or-later
 * Calls of the product that the linker leads here (`--wrap`): to make a world repeatable, and to
 * take away what it rests on, so that it can be seen to break. */
#include "tests/scenario/world_private.h"

#include <string.h>

#include "agent/spool_private.h"
#include "collector/clock_trust.h"
#include "platform/clock.h"
#include "platform/hash.h"

static struct world *world; /* the one at work */
static struct ledger *owed; /* its commit was put off */

void
controls_begin(struct world *w)
{
    world = w;
    owed = NULL;
}

void
controls_end(void)
{
    world = NULL;
}

static bool
is_control(enum world_control control)
{
    return world && world->plan.control == control;
}

/* Random bytes follow from the seed. */
void __real_clock_random(void *bytes, size_t size);
void __wrap_clock_random(void *bytes, size_t size);
void
__wrap_clock_random(void *bytes, size_t size)
{
    uint8_t *at = bytes;
    if (!world) {
        __real_clock_random(bytes, size);
        return;
    }
    for (size_t i = 0; i < size; i++)
        at[i] = (uint8_t)world_random(world, 256);
}

/* CONTROL_ACK_BEFORE_COMMIT */
int __real_ledger_commit(struct ledger *ledger, struct err_note *note);
int __wrap_ledger_commit(struct ledger *ledger, struct err_note *note);
int
__wrap_ledger_commit(struct ledger *ledger, struct err_note *note)
{
    if (!is_control(CONTROL_ACK_BEFORE_COMMIT) || !world->intake)
        return __real_ledger_commit(ledger, note);
    owed = ledger;
    return 0;
}

void
controls_settle(struct world *w)
{
    if (owed && owed == w->ledger)
        (void)__real_ledger_commit(owed, NULL); /* the answers have left */
    owed = NULL;
}

/* CONTROL_NUMBER_ONLY */
void __real_hash_chain(const uint8_t before[HASH_SIZE], uint64_t seq, const void *payload,
                       size_t size, uint8_t ret_hash[HASH_SIZE]);
void __wrap_hash_chain(const uint8_t before[HASH_SIZE], uint64_t seq, const void *payload,
                       size_t size, uint8_t ret_hash[HASH_SIZE]);
void
__wrap_hash_chain(const uint8_t before[HASH_SIZE], uint64_t seq, const void *payload, size_t size,
                  uint8_t ret_hash[HASH_SIZE])
{
    __real_hash_chain(before, seq, payload, is_control(CONTROL_NUMBER_ONLY) ? 0 : size, ret_hash);
}

/* CONTROL_ANY_CLOCK */
int __real_clock_trust_judge(const struct clock_trust *trust, struct wall_time wall,
                             struct mono_time now, struct err_note *note);
int __wrap_clock_trust_judge(const struct clock_trust *trust, struct wall_time wall,
                             struct mono_time now, struct err_note *note);
int
__wrap_clock_trust_judge(const struct clock_trust *trust, struct wall_time wall,
                         struct mono_time now, struct err_note *note)
{
    return is_control(CONTROL_ANY_CLOCK) ? 0 : __real_clock_trust_judge(trust, wall, now, note);
}

/* CONTROL_DROP_OLDEST */
int __real_spool_append(struct spool *spool, const struct spool_payload *payloads, size_t count,
                        struct wall_time now, uint64_t *ret_first, struct err_note *note);
int __wrap_spool_append(struct spool *spool, const struct spool_payload *payloads, size_t count,
                        struct wall_time now, uint64_t *ret_first, struct err_note *note);
int
__wrap_spool_append(struct spool *spool, const struct spool_payload *payloads, size_t count,
                    struct wall_time now, uint64_t *ret_first, struct err_note *note)
{
    int code = __real_spool_append(spool, payloads, count, now, ret_first, note);
    while (code == ERR_FULL && is_control(CONTROL_DROP_OLDEST) && spool->stream.segment_count > 1 &&
           stream_drop_first(&spool->stream, NULL) == 0)
        code = __real_spool_append(spool, payloads, count, now, ret_first, note);
    return code;
}

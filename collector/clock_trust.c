/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/clock_trust.h"

enum { DAY = 86400 };

void
clock_trust_hear(struct clock_trust *trust, int64_t voter, struct wall_time said,
                 struct mono_time now)
{
    size_t place = 0;
    for (size_t i = 0; i < trust->vote_count; i++) {
        if (trust->votes[i].voter == voter) {
            place = i;
            break;
        }
        if (trust->votes[i].heard.ms < trust->votes[place].heard.ms)
            place = i;
    }
    bool is_known = trust->vote_count > 0 && trust->votes[place].voter == voter;
    if (!is_known && trust->vote_count < CLOCK_VOTES_MAX)
        place = trust->vote_count++;
    trust->votes[place] = (struct clock_vote){ voter, now, said };
}

/* How many more agents have this day than have another. Those that live before this program do not
 * count. */
static int
agreement(const struct clock_trust *trust, struct wall_time wall, struct mono_time now)
{
    int sum = 0;
    for (size_t i = 0; i < trust->vote_count; i++) {
        const struct clock_vote *vote = &trust->votes[i];
        int64_t its_now = vote->said.seconds + (now.ms - vote->heard.ms) / 1000;
        int64_t apart = its_now - wall.seconds;
        if (its_now >= trust->made.seconds)
            sum += apart <= DAY && apart >= -DAY ? 1 : -1;
    }
    return sum;
}

int
clock_trust_judge(const struct clock_trust *trust, struct wall_time wall, struct mono_time now,
                  struct err_note *note)
{
    char today[CAL_TEXT_MAX], newest[CAL_TEXT_MAX];
    cal_date_print(cal_date_at(wall), today);
    cal_date_print(cal_date_at(trust->newest), newest);
    if (wall.seconds < trust->made.seconds)
        return err_set(note, ERR_RANGE,
                       "the collector's clock stands at %s, before this program was made: set it",
                       today);
    if (trust->newest.seconds == 0)
        return 0;
    if (wall.seconds + DAY < trust->newest.seconds && agreement(trust, wall, now) <= 0)
        return err_set(
            note, ERR_RANGE,
            "the collector's clock stands at %s, but its ledger was written on %s: set it", today,
            newest);
    if (wall.seconds > trust->newest.seconds + (int64_t)CLOCK_QUIET_DAYS * DAY &&
        agreement(trust, wall, now) < 0)
        return err_set(note, ERR_RANGE,
                       "the collector's clock stands at %s, which most agents deny: set it", today);
    return 0;
}

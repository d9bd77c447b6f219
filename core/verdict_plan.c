/* SPDX-License-Identifier: GPL-3.0-or-later
 * The plan line: what each method expects by the end of a period. */
#include "core/verdict_private.h"

#include <string.h>

#include "core/pure.h"

/* T times the share past years had reached; of the even share where they are too few. */
static double
season_plan(struct trial *trial, struct cal_period period)
{
    struct season season;
    bool has_past = trial->evidence && trial->evidence->series;
    if (has_past)
        verdict_gather(trial);
    return trial->goal * (has_past && verdict_season(trial, cal_period_end_month(period), &season)
                              ? season.share
                              : cal_period_year_share(period));
}

/* The straight line of a level, or of a path over years; the year's even part of a sum of years. */
static double
path_plan(struct trial *trial, struct cal_period period)
{
    const struct cat_target *target = trial->target;
    double year_share = cal_period_end_month(period) / 12.0;
    if (verdict_is_sum_of_years(target))
        return trial->goal / (target->year - target->from + 1) * cal_period_year_share(period);
    if (trial->evidence && trial->evidence->series)
        verdict_gather(trial);
    bool is_flow =
        strchr("FV", target->indicator->kind) && target->indicator->cumulation != CUMULATION_STOCK;
    trial->base = is_flow                                      ? 0
                  : trial->evidence && trial->evidence->series ? verdict_base(trial)
                                                               : target->base;
    if (verdict_method_of(target) == METHOD_LVL)
        return verdict_level_line(trial, cal_period_end_month(period));
    bool is_last = cal_period_end_month(period) == 12 && period.year == target->year;
    if ((!is_flow && verdict_is_kept(trial, trial->base)) || (isnan(trial->base) && is_last))
        return trial->goal;
    return trial->base +
           (trial->goal - trial->base) * verdict_path_share(target, period.year, year_share);
}

/* One planned date, or the last of several years. */
static double
stair_plan(const struct trial *trial, int month)
{
    bool is_before =
        trial->target->period == TARGET_BY_YEAR && trial->asked.year < trial->target->year;
    return is_before ? 0 : trial->goal * verdict_stair_share(trial->target->profile, month);
}

double
verdict_plan_value(const struct cat_target *target, const struct verdict_evidence *evidence,
                   struct cal_period period)
{
    struct trial trial = { .target = target,
                           .evidence = evidence,
                           .asked = cal_month(period.year, 12),
                           .goal = target_value(target) };
    int month = cal_period_end_month(period);
    trial.is_down = verdict_is_down(target);
    if (verdict_is_not_applicable(target) || verdict_is_pending(target))
        return UNKNOWN;
    switch (verdict_method_of(target)) {
    case METHOD_SML:
        if (verdict_is_one(target)) /* judged as BIN */
            return stair_plan(&trial, month);
        return trial.goal * cal_period_year_share(period);
    case METHOD_LIN:
        return trial.goal * cal_period_year_share(period);
    case METHOD_SEA:
    case METHOD_ACC:
        return season_plan(&trial, period);
    case METHOD_LVL:
    case METHOD_CAGR:
        return path_plan(&trial, period);
    case METHOD_MIL:
        return trial.goal * verdict_watch_share(target->profile, month);
    case METHOD_STEP:
    case METHOD_BIN:
        return stair_plan(&trial, month);
    case METHOD_GAP:
    case METHOD_COH:
    case METHOD_HOLD:
    case METHOD_MAN:
        return trial.goal;
    case METHOD_REL:
    case METHOD_PEND:
    case METHOD_NA:
        break;
    }
    return UNKNOWN;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/revisions.h"

#include <math.h>

#include "core/pure.h"

const int REVISION_MONTHS[REVISION_HORIZONS] = { 1, 3, 12 };

/* The same day some months later, or the last of that month. */
static struct cal_date
months_later(struct cal_date day, int months)
{
    int year, month, in_month;
    cal_civil(day, &year, &month, &in_month);
    int total = year * 12 + month - 1 + months;
    int last = cal_days_in_month(total / 12, total % 12 + 1);
    return cal_date_of(total / 12, total % 12 + 1, in_month < last ? in_month : last);
}

static void
add(struct revision_sum *sum, double first, double later)
{
    double revision = later - first;
    sum->count++;
    sum->revised += later < first || later > first;
    sum->sum += revision;
    sum->sum_absolute += fabs(revision);
    sum->sum_first += fabs(first);
}

void
revisions_add(struct revision_sum sums[REVISION_HORIZONS], const struct revision_vintage *vintages,
              size_t count, struct cal_date until)
{
    if (count == 0 || isnan(vintages[0].value))
        return;
    for (int i = 0; i < REVISION_HORIZONS; i++) {
        struct cal_date then = months_later(vintages[0].released, REVISION_MONTHS[i]);
        if (then.days > until.days)
            continue;
        size_t last = 0;
        while (last + 1 < count && vintages[last + 1].released.days <= then.days)
            last++;
        if (!isnan(vintages[last].value))
            add(&sums[i], vintages[0].value, vintages[last].value);
    }
}

static double
per(double sum, double count)
{
    return count > 0 ? sum / count : (double)NAN;
}

double
revision_mean(const struct revision_sum *sum)
{
    return per(sum->sum, (double)sum->count);
}

double
revision_mean_absolute(const struct revision_sum *sum)
{
    return per(sum->sum_absolute, (double)sum->count);
}

double
revision_relative(const struct revision_sum *sum)
{
    return per(sum->sum_absolute, sum->sum_first);
}

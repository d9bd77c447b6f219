/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/theme.h"

const struct theme_colours THEME_GRADES[GRADE_COUNT] = {
    [GRADE_NORMAL] = { "#3BA394", "#2A8C7E", "#14665C" },
    [GRADE_REMIND] = { "#F2C14E", "#C98F00", "#7A5600" },
    [GRADE_WARN] = { "#E8750A", "#DD6B00", "#A34E00" },
    [GRADE_SEVERE] = { "#9B1B30", "#9B1B30", "#8C1428" },
    [GRADE_NONE] = { "#94A3B8", "#7B8CA3", "#475569" },
};

static const struct theme_size SIZES[] = {
    [PICTURE_PAGE] = { 1080, 20, 280, 20, 13, 12, 2, 6, 1, 1 },
    [PICTURE_PHONE] = { 390, 14, 210, 17, 13, 11.5, 3, 5, 0.9, 2 },
    [PICTURE_SPARK] = { 160, 2, 36, 9, 9, 9, 0, 2, 0.6, 2 },
};

enum theme_grade
theme_grade_of(enum level level)
{
    switch (level) {
    case LEVEL_NORMAL:
    case LEVEL_REACHED:
        return GRADE_NORMAL;
    case LEVEL_REMIND:
        return GRADE_REMIND;
    case LEVEL_WARN:
        return GRADE_WARN;
    case LEVEL_SEVERE:
        return GRADE_SEVERE;
    case LEVEL_UNKNOWN:
    case LEVEL_NOT_DUE:
    case LEVEL_PENDING:
    case LEVEL_NOT_APPLICABLE:
    case LEVEL_COUNT:
        break;
    }
    return GRADE_NONE;
}

const struct theme_size *
theme_size_of(enum picture_size size)
{
    return &SIZES[size];
}

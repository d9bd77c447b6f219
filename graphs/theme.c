/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/theme.h"

static const struct theme_palette LIGHT = {
    .paper = 0xFFFFFFFF,
    .title = 0x0F172AFF,
    .text = 0x334155FF,
    .faint = 0x5B6B80FF,
    .grid = 0xE2E8F0FF,
    .year = 0xCBD5E1FF,
    .axis = 0x94A3B8FF,
    .plan = 0x1E293BFF,
    .target = 0x6D28D9FF,
    .stamp = 0xB91C1CFF,
    .ghost = 0xB91C1C21,
    .last = 0x64748BFF,
    .band = 0xE2E8F0FF,
    .grades = {
        [GRADE_NORMAL] = { 0x3BA394FF, 0x2A8C7EFF, 0x14665CFF, 0xE0F1EFFF, HATCH_NONE },
        [GRADE_REMIND] = { 0xF2C14EFF, 0xC98F00FF, 0x7A5600FF, 0xFDF6E3FF, HATCH_NONE },
        [GRADE_WARN] = { 0xE8750AFF, 0xDD6B00FF, 0xA34E00FF, 0xFCEBDCFF, HATCH_NONE },
        [GRADE_SEVERE] = { 0x9B1B30FF, 0x9B1B30FF, 0x8C1428FF, 0xF3E0E3FF, HATCH_NONE },
        [GRADE_NONE] = { 0x94A3B8FF, 0x7B8CA3FF, 0x475569FF, 0xEEF1F4FF, HATCH_NONE },
    },
};

static const struct theme_palette DARK = {
    .paper = 0x131A24FF,
    .title = 0xF1F5F9FF,
    .text = 0xCBD5E1FF,
    .faint = 0x97A5B8FF,
    .grid = 0x263140FF,
    .year = 0x3A485AFF,
    .axis = 0x5F6F84FF,
    .plan = 0xE2E8F0FF,
    .target = 0xB79CFFFF,
    .stamp = 0xFF8A8AFF,
    .ghost = 0xFF8A8A24,
    .last = 0x97A5B8FF,
    .band = 0x263140FF,
    .grades = {
        [GRADE_NORMAL] = { 0x2F9384FF, 0x45B5A4FF, 0x63D3C1FF, 0x15302FFF, HATCH_NONE },
        [GRADE_REMIND] = { 0xE3B341FF, 0xF0C55EFF, 0xF6D27AFF, 0x33290FFF, HATCH_NONE },
        [GRADE_WARN] = { 0xE07A1FFF, 0xFF9638FF, 0xFFAD62FF, 0x3A230EFF, HATCH_NONE },
        [GRADE_SEVERE] = { 0xC23A54FF, 0xF0607BFF, 0xFF94A8FF, 0x3B151DFF, HATCH_NONE },
        [GRADE_NONE] = { 0x64748BFF, 0x8797ADFF, 0xB4C0CFFF, 0x1D2633FF, HATCH_NONE },
    },
};

static const struct theme_palette PRINT = {
    .paper = 0xFFFFFFFF,
    .title = 0x000000FF,
    .text = 0x1A1A1AFF,
    .faint = 0x404040FF,
    .grid = 0xDADADAFF,
    .year = 0xA6A6A6FF,
    .axis = 0x595959FF,
    .plan = 0x000000FF,
    .target = 0x000000FF,
    .stamp = 0x000000FF,
    .ghost = 0x0000001F,
    .last = 0x595959FF,
    .band = 0xE4E4E4FF,
    .grades = {
        [GRADE_NORMAL] = { 0xD0D0D0FF, 0x7A7A7AFF, 0x000000FF, 0xFFFFFFFF, HATCH_NONE },
        [GRADE_REMIND] = { 0xFFFFFFFF, 0x595959FF, 0x000000FF, 0xF4F4F4FF, HATCH_SPARSE },
        [GRADE_WARN] = { 0xFFFFFFFF, 0x333333FF, 0x000000FF, 0xE8E8E8FF, HATCH_CROSS },
        [GRADE_SEVERE] = { 0x262626FF, 0x000000FF, 0x000000FF, 0xD9D9D9FF, HATCH_NONE },
        [GRADE_NONE] = { 0xFFFFFFFF, 0x8C8C8CFF, 0x000000FF, 0xFFFFFFFF, HATCH_NONE },
    },
};

static const struct theme_size SIZES[] = {
    [PICTURE_PAGE] = { 1080, 20, 280, 20, 13, 12, 1, 1, 0, 2, 6, 4 },
    [PICTURE_PHONE] = { 390, 14, 210, 17, 13, 11.5, 0.9, 2, 0, 3, 5, 2 },
    /* 170 mm, the text width of A4, at 300 dots an inch */
    [PICTURE_PRINT] = { 680, 4, 230, 16, 11, 10, 0.8, 2.953, 300, 2, 6, 3 },
    [PICTURE_SCREEN] = { 1920, 48, 530, 46, 28, 25, 2.1, 1, 0, 2, 7, 4 },
    [PICTURE_SPARK] = { 160, 2, 36, 9, 9, 9, 0.6, 2, 0, 0, 2, 1 },
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

struct theme
theme_of(const struct picture *picture)
{
    const struct theme_palette *colours = picture->size == PICTURE_PRINT   ? &PRINT
                                          : picture->theme == PICTURE_DARK ? &DARK
                                                                           : &LIGHT;
    return (struct theme){ colours, &SIZES[picture->size] };
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/scene.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for `more` further items of `size` bytes; false: remembered as a fault. */
static bool
grow(struct scene *scene, void **items, size_t *room, size_t count, size_t more, size_t size,
     size_t max)
{
    if (scene->has_failed || count + more > max) {
        scene->has_failed = true;
        return false;
    }
    if (count + more <= *room)
        return true;
    size_t wanted = *room ? *room * 2 : 256;
    while (wanted < count + more)
        wanted *= 2;
    void *grown = realloc(*items, wanted * size);
    if (!grown) {
        scene->has_failed = true;
        return false;
    }
    *items = grown;
    *room = wanted;
    return true;
}

void
scene_done(struct scene *scene)
{
    free(scene->marks);
    free(scene->steps);
    free(scene->numbers);
    free(scene->texts);
    *scene = (struct scene){ 0 };
}

static struct scene_mark *
mark_add(struct scene *scene, enum scene_kind kind)
{
    void *marks = scene->marks;
    bool has_room = grow(scene, &marks, &scene->mark_room, scene->mark_count, 1,
                         sizeof *scene->marks, SCENE_MARKS_MAX);
    scene->marks = marks;
    if (!has_room)
        return NULL;
    struct scene_mark *mark = &scene->marks[scene->mark_count++];
    *mark = (struct scene_mark){ .kind = kind,
                                 .steps = scene->step_count,
                                 .numbers = scene->number_count };
    return mark;
}

/* Are both written alike? Differences below a hundredth of a pixel do not show. */
static bool
same_style(const struct scene_style *a, const struct scene_style *b)
{
    return a->fill == b->fill && a->stroke == b->stroke && fabs(a->width - b->width) < 0.01 &&
           fabs(a->dash - b->dash) < 0.01 && fabs(a->blank - b->blank) < 0.01 &&
           a->hatch == b->hatch && a->ink == b->ink;
}

void
scene_path(struct scene *scene, const struct scene_style *style)
{
    const struct scene_mark *last =
        scene->mark_count > 0 ? &scene->marks[scene->mark_count - 1] : NULL;
    if (last && last->kind == SCENE_PATH && same_style(&last->style, style))
        return;
    struct scene_mark *mark = mark_add(scene, SCENE_PATH);
    if (mark)
        mark->style = *style;
}

size_t
scene_step_numbers(char step)
{
    switch (step) {
    case 'Z':
        return 0;
    case 'B':
        return 4;
    case 'C':
        return 6;
    default:
        return 2;
    }
}

static void
step_add(struct scene *scene, char step, const double *numbers)
{
    const size_t count = scene_step_numbers(step);
    void *steps = scene->steps, *all = scene->numbers;
    bool has_room =
        grow(scene, &steps, &scene->step_room, scene->step_count, 1, 1, SCENE_NUMBERS_MAX) &&
        grow(scene, &all, &scene->number_room, scene->number_count, count, sizeof *numbers,
             SCENE_NUMBERS_MAX);
    scene->steps = steps;
    scene->numbers = all;
    if (!has_room || scene->mark_count == 0)
        return;
    scene->steps[scene->step_count++] = step;
    for (size_t i = 0; i < count; i++)
        scene->numbers[scene->number_count++] = isfinite(numbers[i]) ? numbers[i] : 0;
    scene->marks[scene->mark_count - 1].step_count++;
}

void
scene_move(struct scene *scene, double x, double y)
{
    step_add(scene, 'M', (double[]){ x, y });
}

void
scene_line(struct scene *scene, double x, double y)
{
    step_add(scene, 'L', (double[]){ x, y });
}

void
scene_curve(struct scene *scene, const double xy[6])
{
    step_add(scene, 'C', xy);
}

void
scene_close(struct scene *scene)
{
    step_add(scene, 'Z', NULL);
}

void
scene_box(struct scene *scene, double x, double y, double width, double height)
{
    step_add(scene, 'B', (double[]){ x, y, width, height });
}

void
scene_dot(struct scene *scene, double x, double y)
{
    step_add(scene, 'D', (double[]){ x, y });
}

/* Copies `length` bytes and `tail` behind those there are; returns where they begin. */
static size_t
text_add(struct scene *scene, const char *head, const char *text, size_t length, const char *tail)
{
    const size_t begin = scene->text_size, before = strlen(head), after = strlen(tail);
    void *texts = scene->texts;
    bool has_room = grow(scene, &texts, &scene->text_room, begin, before + length + after + 1, 1,
                         SCENE_TEXTS_MAX);
    scene->texts = texts;
    if (!has_room)
        return 0;
    char *into = scene->texts + begin;
    memcpy(into, head, before + 1); /* the text goes over its end */
    memcpy(into + before, text, length);
    memcpy(into + before + length, tail, after + 1);
    scene->text_size += before + length + after + 1;
    return begin;
}

static void
text_mark(struct scene *scene, const struct scene_font *font, double x, double y, const char *head,
          const char *text, size_t length, const char *tail)
{
    size_t begin = text_add(scene, head, text, length, tail);
    struct scene_mark *mark = mark_add(scene, SCENE_TEXT);
    if (!mark)
        return;
    mark->font = *font;
    mark->box = (struct scene_box){ .x = x, .y = y };
    mark->text = begin;
}

void
scene_text(struct scene *scene, const struct scene_font *font, double x, double y, const char *text)
{
    text_mark(scene, font, x, y, "", text, strlen(text), "");
}

void
scene_piece(struct scene *scene, const struct scene_font *font, double x, double y,
            const char *text, size_t length, bool is_cut)
{
    text_mark(scene, font, x, y, "", text, length, is_cut ? "…" : "");
}

void
scene_number(struct scene *scene, const struct scene_font *font, double x, double y,
             const char *text)
{
    const bool is_negative = text[0] == '-';
    text_mark(scene, font, x, y, is_negative ? "−" : "", text + is_negative,
              strlen(text) - is_negative, "");
}

void
scene_clip(struct scene *scene, struct scene_box box)
{
    struct scene_mark *mark = mark_add(scene, SCENE_CLIP);
    if (mark)
        mark->box = box;
}

void
scene_unclip(struct scene *scene)
{
    (void)mark_add(scene, SCENE_UNCLIP); /* a fault is remembered */
}

void
scene_hint(struct scene *scene, struct scene_box box, const char *text)
{
    size_t begin = text_add(scene, "", text, strlen(text), "");
    struct scene_mark *mark = mark_add(scene, SCENE_HINT);
    if (!mark)
        return;
    mark->box = box;
    mark->text = begin;
}

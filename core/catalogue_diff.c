/* SPDX-License-Identifier: GPL-3.0-or-later
 * Two versions side by side. Every object is spread into texts, one a column, and compared text by
 * text: what reads the same in the tables is the same. */
#include "core/catalogue_diff.h"

#include <string.h>

#include "core/catalogue_diff_private.h"

#include "core/pure.h"

static const char *const change_names[] = {
#define X(name, id, zh, en) [name] = (id),
    CAT_CHANGE_TABLE(X)
#undef X
};

struct object_words {
    const char *id;
    struct cat_name name;
};

static const struct object_words objects[CAT_TABLE_COUNT] = {
    [CAT_AREAS] = { "area", { "地区", "area" } },
    [CAT_UNITS] = { "unit", { "计量单位", "unit of measure" } },
    [CAT_OWNERS] = { "owner", { "责任单位", "owner" } },
    [CAT_CALENDARS] = { "calendar", { "日历", "calendar" } },
    [CAT_HOLIDAYS] = { "holiday", { "节假日", "holiday" } },
    [CAT_INDICATORS] = { "indicator", { "指标", "indicator" } },
    [CAT_PROFILES] = { "profile", { "进度曲线", "profile" } },
    [CAT_BANDS] = { "bands", { "等级线", "bands" } },
    [CAT_TARGETS] = { "target", { "目标", "target" } },
    [CAT_REMARKS] = { "remark", { "批注", "remark" } },
    [CAT_PUBLISHERS] = { "publisher", { "填报单位", "publisher" } },
};

const char *
cat_change_name(enum cat_change change)
{
    return change_names[change];
}

const char *
cat_object_name(enum cat_table table)
{
    return objects[table].id;
}

const char *
cat_object_word(enum cat_table table, enum lang lang)
{
    return cat_name(&objects[table].name, lang);
}

struct rows {
    const char *first;
    size_t count, size;
};

static struct rows
rows_of(const struct catalogue *c, enum cat_table table)
{
    const struct rows all[CAT_TABLE_COUNT] = {
        [CAT_AREAS] = { (const char *)c->areas, c->area_count, sizeof *c->areas },
        [CAT_UNITS] = { (const char *)c->units, c->unit_count, sizeof *c->units },
        [CAT_OWNERS] = { (const char *)c->owners, c->owner_count, sizeof *c->owners },
        [CAT_CALENDARS] = { (const char *)c->calendars, c->calendar_count, sizeof *c->calendars },
        [CAT_HOLIDAYS] = { (const char *)c->holidays, c->holiday_count, sizeof *c->holidays },
        [CAT_INDICATORS] = { (const char *)c->indicators, c->indicator_count,
                             sizeof *c->indicators },
        [CAT_PROFILES] = { (const char *)c->profiles, c->profile_count, sizeof *c->profiles },
        [CAT_BANDS] = { (const char *)c->bands, c->bands_count, sizeof *c->bands },
        [CAT_TARGETS] = { (const char *)c->targets, c->target_count, sizeof *c->targets },
        [CAT_REMARKS] = { (const char *)c->remarks, c->remark_count, sizeof *c->remarks },
        [CAT_PUBLISHERS] = { (const char *)c->publishers, c->publisher_count,
                             sizeof *c->publishers },
    };
    return all[table];
}

/* The walk of one table; `old` and `new` are the versions' texts of one object. */
struct walk {
    const struct catalogue *from, *to;
    enum cat_table table;
    cat_difference_visitor *visit;
    void *context;
    struct texts before, after;
};

static const void *
find(const struct catalogue *catalogue, enum cat_table table, const char *id)
{
    return name_index_find(&catalogue->index->ids[table], id);
}

/* What the object says in short: a target as printed, others by name. */
static const char *
summary(enum cat_table table, const void *object, struct texts *texts)
{
    object_texts(table, object, texts);
    return texts->text[table == CAT_TARGETS ? FIELD_TEXT : FIELD_NAME];
}

static int
tell_whole(struct walk *walk, enum cat_change change, const void *object)
{
    const char *text = summary(walk->table, object, &walk->before);
    return walk->visit(walk->context,
                       &(struct cat_difference){ .table = walk->table,
                                                 .id = id_of(object),
                                                 .change = change,
                                                 .field = "",
                                                 .field_name = { "", "" },
                                                 .old_text = change == CAT_REMOVED ? text : "",
                                                 .new_text = change == CAT_ADDED ? text : "",
                                                 .object = object });
}

/* `since`: of a new version that is compared with the one before it. */
static int
tell_changes(struct walk *walk, const void *old_object, const void *new_object,
             const struct cal_date *since)
{
    int code = 0;
    object_texts(walk->table, old_object, &walk->before);
    object_texts(walk->table, new_object, &walk->after);
    for (size_t i = 0; code == 0 && i < FIELD_COUNT; i++) {
        const char *before = walk->before.text[i];
        const char *after = walk->after.text[i];
        bool is_undated = i == FIELD_VALID_FROM && after && after[0] == '\0';
        if (!before || !after || strcmp(before, after) == 0 || is_undated)
            continue;
        code = walk->visit(walk->context,
                           &(struct cat_difference){ .table = walk->table,
                                                     .id = id_of(new_object),
                                                     .change = CAT_CHANGED,
                                                     .field = column_name(diff_fields[i].column),
                                                     .field_name = diff_fields[i].name,
                                                     .old_text = before,
                                                     .new_text = after,
                                                     .old_name = walk->before.name[i],
                                                     .new_name = walk->after.name[i],
                                                     .since = since,
                                                     .object = new_object });
    }
    return code;
}

/* Where an object stands among its versions; only targets and bands have others. */
struct place {
    const void *older, *newer; /* NULL: none */
    struct cal_date since;
};

static struct place
place_of(enum cat_table table, const void *object)
{
    if (table == CAT_TARGETS) {
        const struct cat_target *target = object;
        return (struct place){ target->older, target->newer, target->valid_from };
    }
    if (table == CAT_BANDS) {
        const struct cat_bands *bands = object;
        return (struct place){ bands->older, bands->newer, bands->valid_from };
    }
    return (struct place){ NULL, NULL, { INT32_MIN } };
}

static const void *
oldest(enum cat_table table, const void *object)
{
    while (place_of(table, object).older)
        object = place_of(table, object).older;
    return object;
}

/* Versions that only the new catalogue has, each against the one before it. */
static int
tell_new_versions(struct walk *walk, const void *object)
{
    int code = 0;
    while (code == 0 && object) {
        struct place place = place_of(walk->table, object);
        code = tell_changes(walk, place.older, object, &place.since);
        object = place.newer;
    }
    return code;
}

static const void *
newest(enum cat_table table, const void *object)
{
    while (place_of(table, object).newer)
        object = place_of(table, object).newer;
    return object;
}

/* All versions of an object that both catalogues have, from the first. One that has but one version
 * without a day, as an edition does, is compared with the newest. */
static int
tell_versions(struct walk *walk, const void *before, const void *after)
{
    struct place only = place_of(walk->table, after);
    int code = 0;
    if (!only.newer && only.since.days == INT32_MIN && place_of(walk->table, before).newer)
        return tell_changes(walk, newest(walk->table, before), after, NULL);
    while (code == 0 && before && after) {
        code = tell_changes(walk, before, after, NULL);
        before = place_of(walk->table, before).newer;
        after = place_of(walk->table, after).newer;
    }
    for (; code == 0 && before; before = place_of(walk->table, before).newer)
        code = tell_whole(walk, CAT_REMOVED, before);
    return code == 0 ? tell_new_versions(walk, after) : code;
}

static const struct name_index *
names_of(const struct catalogue *catalogue, enum cat_table table)
{
    const struct cat_index *index = catalogue->index;
    return table == CAT_AREAS        ? &index->area_names
           : table == CAT_INDICATORS ? &index->indicator_names
           : table == CAT_UNITS      ? &index->unit_names
           : table == CAT_OWNERS     ? &index->owner_names
                                     : NULL;
}

/* Is `name` an alias of the object, and not its id or its printed name? */
static bool
is_alias(enum cat_table table, const char *name, const void *object, struct texts *texts)
{
    object_texts(table, object, texts);
    return !text_same_name(name, id_of(object)) && !text_same_name(name, texts->text[FIELD_NAME]) &&
           !text_same_name(name, texts->text[FIELD_NAME_EN]);
}

/* Aliases that `has` knows and `lacks` does not, of objects that both know. */
static int
tell_aliases(struct walk *walk, const struct catalogue *has, const struct catalogue *lacks)
{
    const struct name_index *names = names_of(has, walk->table);
    int code = 0;
    for (size_t i = 0; names && code == 0 && i <= names->mask; i++) {
        const struct name_slot *slot = &names->slots[i];
        const void *other = slot->name ? find(lacks, walk->table, id_of(slot->object)) : NULL;
        if (!other || name_index_find(names_of(lacks, walk->table), slot->name) == other ||
            !is_alias(walk->table, slot->name, slot->object, &walk->before))
            continue;
        bool is_old = has == walk->from;
        code = walk->visit(walk->context,
                           &(struct cat_difference){ .table = walk->table,
                                                     .id = id_of(other),
                                                     .change = CAT_CHANGED,
                                                     .field = column_name(COL_ALIASES),
                                                     .field_name = diff_fields[FIELD_ALIASES].name,
                                                     .old_text = is_old ? slot->name : "",
                                                     .new_text = is_old ? "" : slot->name,
                                                     .object = is_old ? other : slot->object });
    }
    return code;
}

/* Is it a later version, which is told with the first? */
static bool
is_later_version(enum cat_table table, const void *object)
{
    return place_of(table, object).older != NULL;
}

static int
diff_old(struct walk *walk, const void *object)
{
    const void *now = find(walk->to, walk->table, id_of(object));
    if (!now)
        return tell_whole(walk, CAT_REMOVED, object);
    return tell_versions(walk, object, oldest(walk->table, now));
}

static int
diff_new(struct walk *walk, const void *object)
{
    if (find(walk->from, walk->table, id_of(object)))
        return 0;
    int code = tell_whole(walk, CAT_ADDED, object);
    return code == 0 ? tell_new_versions(walk, place_of(walk->table, object).newer) : code;
}

static int
diff_table(struct walk *walk)
{
    struct rows before = rows_of(walk->from, walk->table);
    struct rows after = rows_of(walk->to, walk->table);
    int code = 0;
    if (!walk->to->index->is_given[walk->table] && cat_table_is_optional(walk->table))
        return 0; /* it says nothing of these: they stay */
    for (size_t i = 0; code == 0 && i < before.count; i++) {
        const void *object = before.first + i * before.size;
        code = is_later_version(walk->table, object) ? 0 : diff_old(walk, object);
    }
    for (size_t i = 0; code == 0 && i < after.count; i++) {
        const void *object = after.first + i * after.size;
        code = is_later_version(walk->table, object) ? 0 : diff_new(walk, object);
    }
    if (code == 0)
        code = tell_aliases(walk, walk->from, walk->to);
    return code == 0 ? tell_aliases(walk, walk->to, walk->from) : code;
}

int
catalogue_diff(const struct catalogue *old_catalogue, const struct catalogue *new_catalogue,
               cat_difference_visitor *visit, void *context)
{
    struct walk walk = {
        .from = old_catalogue, .to = new_catalogue, .visit = visit, .context = context
    };
    int code = 0;
    for (int table = 0; code == 0 && table < CAT_TABLE_COUNT; table++) {
        walk.table = (enum cat_table)table;
        code = diff_table(&walk);
    }
    return code;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * `/graph/AREA/INDICATOR.svg|png`: one picture, drawn by this thread's painter or taken from
 * a cache. The entity tag names all it is made of: a hash of its request (what it shows, in
 * canonical form), the newest row it rests on, the catalogue's version, the drawing program, and
 * whether its archive had caught up. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/archive.h"
#include "collector/pages/page.h"
#include "collector/pages/picture_cache.h"
#include "collector/pages/picture_store.h"
#include "collector/projection.h"
#include "platform/hash.h"

enum {
    GRAPH_YEARS_MAX = 21,
    MULTIPLES_YEARS_MAX = 5, /* of every area */
    GRAPH_YEAR_MIN = 1900,
    GRAPH_TAG_BYTES = 16
};

/* One of the words a picture knows; the first when nobody asks. */
static int
read_word(const struct page *page, const char *key, const char *const *words, const char *right_zh,
          const char *right_en, const char **ret_word)
{
    const char *text = request_param(page->request, key);
    *ret_word = words[0];
    for (; text && *words; words++) {
        if (strcmp(text, *words) == 0) {
            *ret_word = *words;
            return 0;
        }
    }
    return text ? param_refuse(page, key, text, right_zh, right_en) : 0;
}

/* What is drawn, how large, in which colours. */
static int
read_choice(const struct page *page, struct view_picture *what)
{
    static const char *const charts[] = { "trend",     "overlay", "multiples", "ranking",
                                          "revisions", "spark",   NULL };
    static const char *const sizes[] = { "page", "phone", "print", "screen", "spark", NULL };
    static const char *const themes[] = { "light", "dark", NULL };
    int status =
        read_word(page, "chart", charts, " trend、overlay、multiples、ranking、revisions 或 spark",
                  "trend, overlay, multiples, ranking, revisions or spark", &what->chart);
    if (status == 0)
        status = read_word(page, "size", sizes, " page、phone、print、screen 或 spark",
                           "page, phone, print, screen or spark", &what->size);
    if (status == 0)
        status = read_word(page, "theme", themes, " light 或 dark", "light or dark", &what->theme);
    if (status)
        return status;
    if (strcmp(what->size, "spark") == 0)
        what->chart = "spark";
    else if (strcmp(what->chart, "spark") == 0)
        what->size = "spark";
    return 0;
}

/* Splits "land-freed.svg" into the id (a copy) and the format. */
static int
read_name(const struct page *page, const char *name, char *id, const char **ret_format)
{
    const char *dot = strrchr(name, '.');
    bool is_svg = dot && strcmp(dot, ".svg") == 0;
    if (!dot || (!is_svg && strcmp(dot, ".png") != 0) || (size_t)(dot - name) > SAMPLE_ID_MAX)
        return err_set(page->note, 404, "%s",
                       page->lang == LANG_ZH ? "图的地址以 .svg 或 .png 结尾"
                                             : "a graph's address ends in .svg or .png");
    memcpy(id, name, (size_t)(dot - name));
    id[dot - name] = '\0';
    *ret_format = is_svg ? "svg" : "png";
    return 0;
}

/* The month whose verdict the picture shows: as asked, else that of the last value up to `to`, else
 * of `to`. */
static int
read_month(struct page *page, const struct view_series *view, struct cal_date to)
{
    int year;
    int month;
    if (request_param(page->request, "month"))
        return page_read_month(page, "month");
    for (size_t i = view->series.count; i > 0; i--) {
        const struct obs_point *point = &view->series.points[i - 1];
        if (cal_period_after(point->period).days <= to.days + 1) {
            page->month = cal_month(point->period.year, cal_period_end_month(point->period));
            return 0;
        }
    }
    cal_civil(to, &year, &month, NULL);
    page->month = cal_month(year, month);
    return 0;
}

/* The year the picture begins with when nobody says: the one two years before the last (one for a
 * spark, five for an overlay), or the first that has a value. */
static int
first_year(const struct view_series *view, const struct view_picture *what, int last)
{
    int first = last - (strcmp(what->chart, "spark") == 0     ? 1
                        : strcmp(what->chart, "overlay") == 0 ? 5
                                                              : 2);
    int begins = view->series.count > 0 ? view->series.points[0].period.year : first;
    first = begins > first && begins <= last ? begins : first;
    return first < GRAPH_YEAR_MIN ? GRAPH_YEAR_MIN : first;
}

/* From `from` to `to`; without `to`, to the end of the month's or the target's year; at most 21
 * years, of multiples 5. */
static int
read_range(const struct page *page, const struct view_series *view, struct view_picture *what)
{
    const char *month = request_param(page->request, "month");
    const char *from = request_param(page->request, "from");
    struct cal_period asked;
    int year = catalogue_target_year(page->catalogue);
    if (month && cal_period_parse(month, strlen(month), &asked, NULL) == 0)
        year = asked.year;
    what->to = cal_date_of(year, 12, 31);
    int status = param_day(page, "to", true, &what->to);
    cal_civil(what->to, &year, NULL, NULL);
    what->from = cal_date_of(first_year(view, what, year), 1, 1);
    status = status ? status : param_day(page, "from", false, &what->from);
    if (status == 0 && what->from.days > what->to.days)
        status = param_refuse(page, "from", from ? from : "", "不晚于 to 的日期",
                              "a day not after 'to'");
    int years_max = strcmp(what->chart, "multiples") == 0 ? MULTIPLES_YEARS_MAX : GRAPH_YEARS_MAX;
    int earliest = year - years_max + 1;
    if (earliest > GRAPH_YEAR_MIN && what->from.days < cal_date_of(earliest, 1, 1).days)
        what->from = cal_date_of(earliest, 1, 1);
    return status;
}

static int64_t
last_of_points(const struct series_view *series, int64_t last)
{
    for (size_t i = 0; i < series->count; i++)
        last = series->points[i].position > last ? series->points[i].position : last;
    return last;
}

/* The newest row that the picture may rest on: of the series, and of those it is judged by. */
static int64_t
last_position(const struct view_series *view)
{
    int64_t last = 0;
    for (size_t i = 0; i < view->rows.count; i++)
        last = view->rows.rows[i].position > last ? view->rows.rows[i].position : last;
    for (int i = 0; i < COMPANION_COUNT; i++)
        last = last_of_points(&view->companions[i], last);
    for (size_t i = 0; i < view->part_count; i++)
        last = last_of_points(&view->parts[i].series, last);
    return last;
}

/* Which drawing program it is: pictures outlive both this process and its version. */
static unsigned
drawn_by(const struct page *page)
{
    struct stat status;
    if (stat(page->pages->settings->graph_program, &status) != 0)
        return 0; /* it cannot be started either */
    const int64_t parts[] = { status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec };
    return hash_crc32c(0, parts, sizeof parts);
}

static void
make_tag(const struct page *page, const struct view_series *view, const struct view_picture *what,
         const char *json, size_t size, char *tag)
{
    uint8_t hash[HASH_SIZE];
    char hex[HASH_HEX];
    int64_t position = last_position(view);
    int64_t projected = atomic_load(&page->pages->settings->gauges->projected);
    bool is_early = !what->as_of.has_released && projected < position;
    hash_sha256(json, size, hash);
    hash_hex(hash, GRAPH_TAG_BYTES, hex);
    (void)snprintf(tag, ANSWER_TAG_MAX, "%s-%08x-%.16s-%s-%lld%s", PACEWATCH_VERSION,
                   drawn_by(page), catalogue_version(page->site->store), hex, (long long)position,
                   is_early ? "-early" : ""); /* fits by the sizes of its parts */
}

/* The folder of the archives, and the thread's painter. */
static int
need_painter(struct page *page, char *archives)
{
    struct pages *pages = page->pages;
    int rc = site_path(page->site, "rrd", archives);
    if (rc)
        return page_failed(page, "archives", rc);
    if (!pages->painter)
        pages->painter = painter_new(pages->settings->graph_program, archives);
    return pages->painter ? 0 : page_failed(page, "painter", -ENOMEM);
}

/* The series' own archive shows what is known now, as far as the projector has come. Does the
 * picture show anything else, or can it not be drawn from? */
static bool
needs_scratch(const struct page *page, const struct view_series *view,
              const struct view_picture *what, const char *archives, bool is_cut)
{
    const struct http_settings *settings = page->pages->settings;
    int64_t projected = atomic_load(&settings->gauges->projected);
    char name[ARCHIVE_NAME_MAX];
    if (!view_picture_needs_archive(what))
        return false;
    if (is_cut || what->as_of.has_released || projected < last_position(view))
        return true;
    enum archive_state state = archive_look(archives, archive_name(view->id, name));
    if (settings->heal && (state == ARCHIVE_MISSING || state == ARCHIVE_DAMAGED))
        settings->heal(settings->healer, view->id);
    return state != ARCHIVE_WHOLE;
}

/* For another state of knowledge the thread writes an archive of its own, for this picture, and
 * names it in *ret_json, which takes the place of the old one. */
static int
write_scratch(struct page *page, const struct view_series *view, const struct view_picture *what,
              const char *archives, char **ret_json, size_t *ret_size)
{
    char name[ARCHIVE_NAME_MAX];
    struct view_picture scratch = *what;
    struct archive_period *periods = NULL;
    size_t count = 0;
    char *json = NULL;
    scratch.archive = archive_scratch_name(page->pages->number, name);
    int rc = projection_make(page->catalogue, view, &periods, &count, page->note);
    if (rc == 0)
        rc = archive_write(archives, name, periods, count, page->note);
    free(periods);
    if (rc == 0)
        rc = view_picture_request(page->pages->ledger, page->catalogue, view, &scratch, &json,
                                  ret_size, page->note);
    if (rc)
        return page_failed(page, "archive as of a day", rc);
    free(*ret_json);
    *ret_json = json;
    return 0;
}

/* Shows a picture, and keeps it for this thread. */
static int
show(struct page *page, const char *picture, size_t size)
{
    struct pages *pages = page->pages;
    html_bytes(page->out, picture, size);
    if (!pages->pictures)
        pages->pictures = picture_cache_new();
    if (pages->pictures)
        picture_cache_put(pages->pictures, page->answer->tag, picture, size);
    return 200;
}

/* Adds what the painter counted since `before` to the counts of all threads. */
static void
count_pictures(const struct pages *pages, struct painter_counts before)
{
    struct http_pictures *all = pages->settings->pictures;
    struct painter_counts now = painter_count(pages->painter);
    if (!all)
        return;
    atomic_fetch_add(&all->drawn, (int64_t)(now.drawn - before.drawn));
    atomic_fetch_add(&all->failed, (int64_t)(now.failed - before.failed));
    atomic_fetch_add(&all->crashed, (int64_t)(now.crashed - before.crashed));
    atomic_fetch_add(&all->recycled, (int64_t)(now.recycled - before.recycled));
}

/* Draws the picture and keeps it. */
static int
draw(struct page *page, const char *json, size_t size)
{
    char *picture;
    size_t picture_size;
    struct painter_counts before = painter_count(page->pages->painter);
    int rc = painter_draw(page->pages->painter, json, size, &picture, &picture_size, page->note);
    count_pictures(page->pages, before);
    if (rc)
        return page_failed(page, "draw", rc);
    picture_store_put(page->site, page->answer->tag, picture, picture_size);
    int status = show(page, picture, picture_size);
    free(picture);
    return status;
}

/* From the thread's cache, from the disk, or drawn. */
static int
fill_picture(struct page *page, const struct view_series *view, const struct view_picture *what,
             bool is_cut, char **json, size_t size)
{
    struct picture_cache *pictures = page->pages->pictures;
    char archives[FILE_PATH_MAX], *stored;
    size_t kept_size;
    const char *kept = pictures ? picture_cache_get(pictures, page->answer->tag, &kept_size) : NULL;
    if (kept) {
        html_bytes(page->out, kept, kept_size);
        return 200;
    }
    if (picture_store_get(page->site, page->answer->tag, &stored, &kept_size)) {
        int status = show(page, stored, kept_size);
        free(stored);
        return status;
    }
    int status = need_painter(page, archives);
    if (status == 0 && needs_scratch(page, view, what, archives, is_cut))
        status = write_scratch(page, view, what, archives, json, &size);
    return status ? status : draw(page, *json, size);
}

static int
answer_picture(struct page *page, const struct view_series *view, const struct view_picture *what,
               bool is_cut)
{
    struct answer *answer = page->answer;
    char *json;
    size_t size;
    int rc = view_picture_request(page->pages->ledger, page->catalogue, view, what, &json, &size,
                                  page->note);
    if (rc)
        return page_failed(page, "picture", rc);
    make_tag(page, view, what, json, size, answer->tag);
    int status = 304;
    if (!request_has_tag(page->request->if_none_match, answer->tag))
        status = fill_picture(page, view, what, is_cut, &json, size);
    free(json);
    if (status >= 400) {
        answer->tag[0] = '\0';
        return status;
    }
    answer->kind = ANSWER_PICTURE;
    answer->cache = CACHE_REVALIDATE;
    answer->type = strcmp(what->format, "svg") == 0 ? "image/svg+xml" : "image/png";
    return status;
}

int
page_graph(struct page *page)
{
    const struct cat_area *area;
    const struct cat_indicator *indicator;
    struct view_picture what = { .lang = page->lang, .as_of = page->as_of };
    struct view_series view;
    char id[SAMPLE_ID_MAX + 1];
    int status = segment_area(page, page->request->segments[1], &area);
    status = status ? status : read_name(page, page->request->segments[2], id, &what.format);
    status = status ? status : segment_indicator(page, id, &indicator);
    status = status ? status : read_choice(page, &what);
    if (status)
        return status;
    int rc = view_series_read(page->pages->ledger, page->catalogue, area, indicator, &page->as_of,
                              &view, page->note);
    if (rc)
        return page_failed(page, "series", rc);
    status = read_range(page, &view, &what);
    status = status ? status : read_month(page, &view, what.to);
    what.month = page->month;
    bool is_of_all = strcmp(what.chart, "multiples") == 0 || strcmp(what.chart, "ranking") == 0;
    if (status == 0 && view.rows.count == 0 && !is_of_all)
        status = err_set(page->note, 404, "%s", say(page, W_NO_ROWS));
    what.until_month = request_param(page->request, "month") != NULL;
    what.is_cut = status == 0 && what.until_month && view_cut_after(&view, page->month);
    status = status ? status : answer_picture(page, &view, &what, what.is_cut);
    view_series_done(&view);
    return status;
}

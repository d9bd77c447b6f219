/* SPDX-License-Identifier: GPL-3.0-or-later
 * librrd's canvas as marks, and marks as SVG. */
#include "graphs/canvas.h"

#include "graphs/sink.h"
#include "graphs/svg.h"
#include "tests/unit/core/check.h"

#define HEAD                                                                                       \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"x\" width=\"10pt\" viewBox=\"0 0 1 " \
    "1\">\n"
#define FILL(colour) \
    "<path style=\" stroke:none;fill-rule:nonzero;fill:" colour ";fill-opacity:1;\" d=\""

static const struct scene_box BOX = { 50, 60, 1000, 300 };

/* The scene as SVG without its head; the caller frees. */
static char *
body_of(const struct scene *scene)
{
    char *bytes = NULL;
    size_t size;
    struct err_note note = { "" };
    CHECK_INT("written", 0, svg_write(scene, LANG_ZH, "", "", &bytes, &size, &note));
    char *body = strstr(bytes, "</desc>\n");
    assert_non_null(body);
    body += strlen("</desc>\n");
    *strrchr(body, '<') = '\0'; /* the end tag */
    char *copy = strdup(body);
    free(bytes);
    assert_non_null(copy);
    return copy;
}

static void
test_bodies(void **state)
{
    (void)state;
    static const struct {
        const char *row, *canvas, *want;
    } rows[] = {
        { "one path, scaled",
          HEAD FILL(
              "rgb(16.470588%,61.568627%,56.078431%)") "M 31 261.550781 L 31 300.199219 L 58 "
                                                       "300.199219 Z M 31 261.550781 \"/></svg>",
          "<path fill=\"#2A9D8F\" d=\"M65.5 190.8V210.1H79Z\"/>\n" },
        { "two of one style",
          HEAD FILL("rgb(0%,0%,100%)") "M 1 2 L 3 4 Z M 1 2 \"/>\n" FILL(
              "rgb(0%,0%,100%)") "M 5 6 L 7 8 Z M 5 6 \"/>\n</svg>",
          "<path fill=\"#0000FF\" d=\"M50.5 61L51.5 62ZM52.5 63L53.5 64Z\"/>\n" },
        { "two styles",
          HEAD FILL("rgb(0%,0%,100%)") "M 1 2 L 3 4 \"/>\n" FILL(
              "rgb(0%,100%,0%)") "M 5 6 L 7 8 \"/>\n</svg>",
          "<path fill=\"#0000FF\" d=\"M50.5 61L51.5 62\"/>\n<path fill=\"#00FF00\" d=\"M52.5 "
          "63L53.5 "
          "64\"/>\n" },
        { "a line",
          HEAD
          "<path style=\"fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round;"
          "stroke:rgb(100%,0%,0%);stroke-opacity:1;stroke-dasharray:6,4;stroke-miterlimit:10;\" "
          "d=\"M 0 -1.04 L 31 281.25 \"/></svg>",
          "<path fill=\"none\" stroke=\"#FF0000\" stroke-dasharray=\"3 2\" "
          "d=\"M50 59.5L65.5 200.6\"/>\n" },
        { "what is no path is dropped",
          HEAD "<g clip-path=\"url(#clip0)\"><use href=\"#a\"/>" FILL(
              "rgb(0%,0%,100%)") "M 1 2 L 3 4 \"/></g></svg>",
          "<path fill=\"#0000FF\" d=\"M50.5 61L51.5 62\"/>\n" },
    };
    static const char clip[] =
        "<svg x=\"50\" y=\"60\" width=\"1000\" height=\"300\" viewBox=\"50 60 "
        "1000 300\">\n";
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene scene = { .width = 1080, .height = 400 };
        char want[512];
        canvas_draw(&scene, rows[i].canvas, 2000, 600, BOX);
        char *body = body_of(&scene);
        (void)snprintf(want, sizeof want, "%s%s</svg>\n", clip, rows[i].want);
        CHECK_TEXT(rows[i].row, want, body);
        free(body);
        scene_done(&scene);
    }
}

static void
test_what_is_no_canvas(void **state)
{
    (void)state;
    static const char *const rows[] = { "",
                                        "<svg",
                                        "</svg>",
                                        "words",
                                        "<path ",
                                        "<path style=\"\" d=\"\"/>",
                                        "<path style=\"fill:rgb(1%",
                                        "<path style=\"fill:rgb(1%,2%)\" d=\"M 1 1 L 2 2\"/>",
                                        "<path style=\"fill:rgb(1%,2%,300%)\" d=\"M 1 1 L 2 2\"/>",
                                        "<path style=\"fill:rgb(1%,2%,3%)\" d=\"M 1\"/>",
                                        "<path style=\"fill:rgb(1%,2%,3%)\" d=\"M 1 2 Z\"/>",
                                        "<path style=\"fill:rgb(1%,2%,3%)\" d=\"x\"/>" };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct scene scene = { .width = 1080, .height = 400 };
        canvas_draw(&scene, rows[i], 10, 10, BOX);
        char *body = body_of(&scene);
        CHECK(rows[i], !strstr(body, "<path"));
        free(body);
        scene_done(&scene);
    }
}

static void
test_marks_of_one_look_are_one_element(void **state)
{
    (void)state;
    struct scene scene = { .width = 10, .height = 10 };
    const struct scene_style red = { .fill = 0xFF0000FF };
    const struct scene_style half = { .fill = 0x0000FF80 };
    const struct scene_font font = { .px = 12, .colour = 0x000000FF };
    scene_path(&scene, &red);
    scene_box(&scene, 1, 2, 3, -4);
    scene_path(&scene, &red);
    scene_dot(&scene, 5, 6);
    scene_path(&scene, &half);
    scene_move(&scene, 1, 1);
    scene_line(&scene, 1, 5);
    scene_line(&scene, 4, 5);
    scene_text(&scene, &font, 1, 2, "a<b");
    scene_number(&scene, &font, 3, 4, "-7");
    scene_piece(&scene, &(struct scene_font){ .px = 9, .colour = 0x000000FF, .is_bold = true }, 5,
                6, "cut", 2, true);
    char *body = body_of(&scene);
    CHECK_TEXT(
        "svg",
        "<path fill=\"#FF0000\" d=\"M1 2h3v-4h-3zM5 6h0\"/>\n"
        "<path fill=\"#0000FF\" fill-opacity=\".50\" d=\"M1 1V5H4\"/>\n"
        "<g font-size=\"12\" fill=\"#000000\"><text x=\"1\" y=\"2\">a&lt;b</text>"
        "<text x=\"3\" y=\"4\">−7</text></g>\n"
        "<text x=\"5\" y=\"6\" font-size=\"9\" fill=\"#000000\" font-weight=\"700\">cu…</text>"
        "\n",
        body);
    free(body);
    scene_done(&scene);
}

static void
test_a_scene_has_a_limit(void **state)
{
    (void)state;
    struct scene scene = { .width = 10, .height = 10 };
    char *bytes = NULL;
    size_t size;
    scene_path(&scene, &(struct scene_style){ .fill = 0xFF });
    for (int i = 0; i <= SCENE_NUMBERS_MAX / 2; i++)
        scene_move(&scene, i, (double)NAN);
    CHECK("remembered", scene.has_failed);
    CHECK_INT("told", ERR_FULL, svg_write(&scene, LANG_EN, "", "", &bytes, &size, NULL));
    scene_done(&scene);
    CHECK("zeroed", scene.marks == NULL && scene.mark_count == 0);
}

static void
test_the_sink_has_a_limit(void **state)
{
    (void)state;
    struct sink sink = { .limit = 10 };
    sink_put(&sink, "12345");
    CHECK("fits", !sink.has_failed);
    sink_put(&sink, "678901");
    CHECK("does not fit", sink.has_failed);
    CHECK_TEXT("kept", "12345", sink.bytes);
    sink_done(&sink);
}

static void
test_numbers(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *want;
    } rows[] = { { 0, "0" },       { -0.04, "0" }, { 12.34, "12.3" }, { 12.35, "12.4" },
                 { -7.5, "-7.5" }, { 100, "100" }, { 0.96, "1" },     { -0.5, "-0.5" } };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sink sink = { .limit = 100 };
        sink_number(&sink, rows[i].value);
        CHECK_TEXT(rows[i].want, rows[i].want, sink.bytes);
        sink_done(&sink);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_what_is_no_canvas),
        cmocka_unit_test(test_marks_of_one_look_are_one_element),
        cmocka_unit_test(test_a_scene_has_a_limit),
        cmocka_unit_test(test_the_sink_has_a_limit),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graphs/svg_canvas.h"

#include "tests/unit/core/check.h"

#define HEAD                                                                                       \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"x\" width=\"10pt\" viewBox=\"0 0 1 " \
    "1\">\n"
#define FILL(colour) \
    "<path style=\" stroke:none;fill-rule:nonzero;fill:" colour ";fill-opacity:1;\" d=\""

static void
test_bodies(void **state)
{
    (void)state;
    static const struct {
        const char *row, *canvas, *want;
    } rows[] = {
        { "numbered groups", HEAD "<g id=\"surface7\">\n</g>\n</svg>", "<g></g>" },
        { "one path",
          HEAD FILL(
              "rgb(16.470588%,61.568627%,56.078431%)") "M 31 261.550781 L 31 300.199219 L 58 "
                                                       "300.199219 Z M 31 261.550781 \"/></svg>",
          "<path fill=\"#2A9D8F\" d=\"M31 261.6L31 300.2L58 300.2Z\"/>\n" },
        { "two of one style",
          HEAD FILL("rgb(0%,0%,100%)") "M 1 2 L 3 4 Z M 1 2 \"/>\n" FILL(
              "rgb(0%,0%,100%)") "M 5 6 L 7 8 Z M 5 6 \"/>\n</svg>",
          "<path fill=\"#0000FF\" d=\"M1 2L3 4ZM5 6L7 8Z\"/>\n" },
        { "two styles",
          HEAD FILL("rgb(0%,0%,100%)") "M 1 2 L 3 4 \"/>\n" FILL(
              "rgb(0%,100%,0%)") "M 5 6 L 7 8 \"/>\n</svg>",
          "<path fill=\"#0000FF\" d=\"M1 2L3 4\"/>\n<path fill=\"#00FF00\" d=\"M5 6L7 8\"/>\n" },
        { "a line",
          HEAD
          "<path style=\"fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round;"
          "stroke:rgb(100%,0%,0%);stroke-opacity:1;stroke-dasharray:6,4;stroke-miterlimit:10;\" "
          "d=\"M 0 -1.04 L 31 281.25 \"/></svg>",
          "<path stroke-width=\"2\" stroke=\"#FF0000\" stroke-dasharray=\"6,4\" "
          "d=\"M0 -1L31 281.3\"/>\n" },
        { "ids of clips", HEAD "<g clip-path=\"url(#clip0)\"><use href=\"#a\"/></g></svg>",
          "<g clip-path=\"url(#c0c0000000c-clip0)\"><use href=\"#c0c0000000c-a\"/></g>" },
    };
    struct picture picture = { .archive = "0c/0000000c.rrd" };
    struct layout layout = { .plot = { 50, 60, 1000, 280 },
                             .canvas_width = 1095,
                             .canvas_height = 306 };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sink sink = { .limit = 1 << 20 };
        svg_canvas(&sink, &picture, &layout, rows[i].canvas);
        CHECK(rows[i].row, !sink.has_failed && sink.bytes);
        CHECK(rows[i].row, strncmp(sink.bytes,
                                   "<svg x=\"50\" y=\"60\" width=\"1000\" height=\"280\" "
                                   "viewBox=\"0 0 1095 306\"",
                                   65) == 0);
        char *body = strchr(sink.bytes, '\n') + 1;
        *strstr(body, "</svg>") = '\0';
        CHECK_TEXT(rows[i].row, rows[i].want, body);
        sink_done(&sink);
    }
}

static void
test_what_is_no_canvas(void **state)
{
    (void)state;
    static const char *const rows[] = { "", "<svg", "<svg>", "</svg>", "words" };
    struct picture picture = { .archive = "00/1.rrd" };
    struct layout layout = { .plot = { 0, 0, 100, 100 }, .canvas_width = 10, .canvas_height = 10 };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sink sink = { .limit = 1 << 20 };
        svg_canvas(&sink, &picture, &layout, rows[i]);
        CHECK_INT(rows[i], 0, (long long)sink.size);
        sink_done(&sink);
    }
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
        cmocka_unit_test(test_the_sink_has_a_limit),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

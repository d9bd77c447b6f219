/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "agent/output.h"

#include <stdio.h>

void
output_json_text(const char *text)
{
    putchar('"');
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            putchar('\\');
        putchar(*c);
    }
    putchar('"');
}

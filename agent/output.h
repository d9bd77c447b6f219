/* SPDX-License-Identifier: GPL-3.0-or-later
 * Texts on standard output, as the verbs print them. */
#ifndef PACEWATCH_AGENT_OUTPUT_H
#define PACEWATCH_AGENT_OUTPUT_H

/* A JSON string of a text without control characters. */
void output_json_text(const char *text);

#endif

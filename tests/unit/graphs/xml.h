/* SPDX-License-Identifier: GPL-3.0-or-later
 * A small strict check that a text is a well-formed XML element: tags nest, attributes are quoted
 * and not given twice, "&" only begins one of the five entities, no control characters. */
#ifndef PACEWATCH_TESTS_UNIT_GRAPHS_XML_H
#define PACEWATCH_TESTS_UNIT_GRAPHS_XML_H

/* NULL when it is; else what is wrong, with its place. */
const char *xml_fault(const char *text);

#endif

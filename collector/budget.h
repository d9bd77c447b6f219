/* SPDX-License-Identifier: GPL-3.0-or-later
 * How much of a long work is done before others come: asked after each piece of it, true when it is
 * enough for now. Those who work read no clock; whoever calls them does. */
#ifndef PACEWATCH_COLLECTOR_BUDGET_H
#define PACEWATCH_COLLECTOR_BUDGET_H

#include <stdbool.h>
#include <stddef.h>

struct budget {
    bool (*is_spent)(void *context); /* NULL: it never is */
    void *context;
};

static inline bool
budget_is_spent(const struct budget *budget)
{
    return budget->is_spent && budget->is_spent(budget->context);
}

#endif

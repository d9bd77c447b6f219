/* SPDX-License-Identifier: GPL-3.0-or-later
 * For tests that use libzmq: ThreadSanitizer does not see inside it, whose own locks it would have
 * to know. */
const char *__tsan_default_suppressions(void);

const char *
__tsan_default_suppressions(void)
{
    return "race:libzmq.so\ncalled_from_lib:libzmq.so\n";
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the daemon is doing, for `pacewatch-agent HOME status`: HOME/status.txt, one "key: value" a
 * line, written when something changes.
 *
 *     publisher: deqing
 *     stream: 6f1c... (32 hexadecimal digits)
 *     spooled: 118
 */
#ifndef PACEWATCH_AGENT_STATUS_H
#define PACEWATCH_AGENT_STATUS_H

#include <stddef.h>

#include "core/err.h"
#include "core/text.h"

/* X(field, size, zh, en) in the order they are shown. */
#define STATUS_TABLE(X)                                          \
    X(daemon, 64, "进程", "daemon")                              \
    X(publisher, 64, "填报单位", "publisher")                    \
    X(collector, 256, "市级地址", "collector")                   \
    X(fingerprint, 32, "本机密钥指纹", "fingerprint of our key") \
    X(next_key, 160, "接替的密钥", "key that follows")           \
    X(state, 24, "状态", "state")                                \
    X(link, 160, "连接", "link")                                 \
    X(session, 96, "会话", "session")                            \
    X(words, 300, "市级说明", "the collector says")              \
    X(stream, 40, "记录流", "stream")                            \
    X(spooled, 24, "已排队记录", "records spooled")              \
    X(cursor, 24, "已有回执", "records with receipt")            \
    X(waiting, 24, "待发记录", "records waiting")                \
    X(room, 200, "排队空间", "room to wait in")                  \
    X(inbox, 24, "收件夹文件", "files in the inbox")             \
    X(inbox_words, 300, "收件夹说明", "about the inbox")         \
    X(receipt, 256, "最近回执", "last receipt")

/* `state`: connected, connecting, or one of these two, where somebody has to do something. */
#define STATUS_REFUSED      "refused"
#define STATUS_WRONG_SERVER "wrong-server"

struct status {
#define X(field, size, zh, en) char field[size];
    STATUS_TABLE(X)
#undef X
};

/* Writes or reads HOME/status.txt. Reading ignores keys it does not know. */
int status_write(const char *home, const struct status *status, struct err_note *note);
int status_read(const char *home, struct status *ret_status, struct err_note *note);

/* One line of a listing: key, label in the language, text. Index from 0; 1, or 0 behind the last.
 */
struct status_line {
    const char *key, *label, *text;
};
int status_line(const struct status *status, size_t index, enum lang lang,
                struct status_line *ret_line);

#endif

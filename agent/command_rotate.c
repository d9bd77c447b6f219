/* SPDX-License-Identifier: GPL-3.0-or-later
 * Makes the key that shall follow the agent's and waits until it has come in its place. If a daemon
 * has the folder it does the work, else this process runs the loop itself. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "agent/agent.h"
#include "agent/commands.h"
#include "agent/words.h"
#include "platform/clock.h"
#include "platform/file.h"

enum { LOOK_MS = 200 };

struct rotation {
    const char *home;
    char folder[FILE_PATH_MAX];      /* of the keys */
    char public_path[FILE_PATH_MAX]; /* of the key in use */
    char before[KEY_TEXT], after[KEY_TEXT];
    int64_t deadline;
    struct err_note note;
};

/* One that was made before and has not come in place yet goes on. */
static int
make_next(struct rotation *rotation)
{
    struct key_pair pair;
    struct err_note *note = &rotation->note;
    int code = 0;
    if (!keys_exist(rotation->folder, AGENT_NEXT_KEY)) {
        code = keys_generate(&pair, note);
        if (!code)
            code = keys_save(rotation->folder, AGENT_NEXT_KEY, &pair, note);
    }
    if (!code)
        code = keys_load(rotation->folder, AGENT_NEXT_KEY, &pair, note);
    if (!code)
        memcpy(rotation->after, pair.public_key, sizeof rotation->after);
    keys_wipe(&pair);
    return code;
}

static bool
is_over(const struct rotation *rotation)
{
    char now[KEY_TEXT];
    return keys_load_public(rotation->public_path, now, NULL) == 0 &&
           strcmp(now, rotation->after) == 0 && !keys_exist(rotation->folder, AGENT_NEXT_KEY);
}

static int
wait_for_it(struct rotation *rotation, struct agent *agent)
{
    int code = 0;
    while (!code && !is_over(rotation)) {
        if (clock_mono().ms >= rotation->deadline)
            return ERR_TIMEOUT;
        if (agent)
            code = agent_turn(agent, NULL, 0, LOOK_MS, &rotation->note);
        else if (poll(NULL, 0, LOOK_MS) < 0 && errno != EINTR) /* between two looks */
            code = err_set(&rotation->note, -errno, "wait: %s", err_text(-errno));
    }
    return code;
}

static int
rotate(struct rotation *rotation)
{
    struct agent *agent = NULL;
    int code = file_join(rotation->folder, rotation->home, "keys");
    if (!code)
        code = file_join(rotation->public_path, rotation->folder, AGENT_KEY ".public");
    if (code)
        return err_set(&rotation->note, code, "the path of the home is too long");
    code = agent_open(rotation->home, &agent, &rotation->note); /* settles what a crash left */
    if (code && code != ERR_BUSY)
        return code;
    log_set_level(LOG_LEVEL_WARNING); /* the answer is printed */
    code = keys_load_public(rotation->public_path, rotation->before, &rotation->note);
    if (!code)
        code = make_next(rotation);
    if (!code)
        code = wait_for_it(rotation, agent);
    agent_close(agent);
    return code;
}

static void
print_answer(const struct rotation *rotation, enum lang lang)
{
    char before[KEY_FINGERPRINT], after[KEY_FINGERPRINT], text[160];
    keys_fingerprint(rotation->before, before);
    keys_fingerprint(rotation->after, after);
    (void)puts(words_say(text, sizeof text, lang, "密钥已更换：%s 接替 %s",
                         "the key was changed: %s follows %s", after, before));
}

int
command_rotate(const char *home, int timeout_s)
{
    struct rotation rotation = { .home = home };
    struct agent_config config;
    rotation.deadline = clock_mono().ms + (int64_t)timeout_s * 1000;
    int code = agent_config_read(home, true, &config, &rotation.note);
    if (!code)
        code = rotate(&rotation);
    if (!code)
        print_answer(&rotation, config.lang);
    if (code == ERR_TIMEOUT)
        words_say(
            rotation.note.text, sizeof rotation.note.text, config.lang,
            "%d 秒内未得到确认；旧密钥继续使用，连通后自动更换",
            "not confirmed within %d s; the old key stays in use, and the change goes on when "
            "the collector can be reached",
            timeout_s);
    if (code < 0)
        fprintf(stderr, "pacewatch-agent: %s\n", rotation.note.text);
    return code < 0 ? EXIT_NOTHING : 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * The collector's own key: the next pair is made, agents come over to it by a second endpoint, and
 * when all have, it takes the place of the one before. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/home.h"
#include "cli/reading.h"
#include "collector/change.h"

/* What the operator has to do, with the values to copy. */
static void
say_steps(const struct call *call, const char *folder, const char *public_key)
{
    char fingerprint[KEY_FINGERPRINT];
    keys_fingerprint(public_key, fingerprint);
    (void)fprintf(
        call->out,
        SAY(call->lang,
            "市级下一公钥：%s（指纹 %s）\n"
            "1. 在 %s/pacewatch.yaml 中设置 listen_next（另一个端口），重启接收程序。\n"
            "2. 在各地 agent.yaml 中加入以下两行，然后向代理程序发 HUP：\n"
            "     next_collector: \"tcp://本机地址:listen_next 的端口\"\n"
            "     next_collector_key: \"%s\"\n"
            "3. 待 pacewatch publishers %s 的 came_over 一栏全部有时间：停止接收程序，把 listen "
            "改为 "
            "listen_next 的值，\n"
            "   清空 listen_next，执行 pacewatch rotate %s finish，再启动。\n"
            "4. 各地 agent.yaml 的 collector 和 collector_key 可随后改成新值，并删去上面两行。\n",
            "the collector's next key: %s (fingerprint %s)\n"
            "1. Set listen_next in %s/pacewatch.yaml (another port) and restart the collector.\n"
            "2. Add these two lines to every agent.yaml and send the agent HUP:\n"
            "     next_collector: \"tcp://this machine:port of listen_next\"\n"
            "     next_collector_key: \"%s\"\n"
            "3. When `pacewatch publishers %s` shows a time for everybody under came_over: stop "
            "the\n"
            "   collector, set listen to what listen_next says, empty listen_next, run\n"
            "   `pacewatch rotate %s finish`, and start it.\n"
            "4. collector and collector_key in every agent.yaml may take the new values, and the "
            "two "
            "lines go.\n"),
        public_key, fingerprint, folder, public_key, folder, folder);
}

/* The next pair: the one that is there, else a new one, to which nobody has come over. */
static int
make_next(const struct site *site, const char *keys, char ret_key[KEY_TEXT], struct err_note *note)
{
    struct key_pair pair;
    char answer[CHANGE_TEXT_MAX];
    int code = 0;
    if (!keys_exist(keys, SITE_NEXT_KEY)) {
        code = change_ask(site, "next", answer, note);
        if (code == 0)
            code = keys_generate(&pair, note);
        if (code == 0)
            code = keys_save(keys, SITE_NEXT_KEY, &pair, note);
    }
    if (code == 0)
        code = keys_load(keys, SITE_NEXT_KEY, &pair, note);
    if (code == 0)
        memcpy(ret_key, pair.public_key, KEY_TEXT);
    keys_wipe(&pair);
    return code;
}

/* Under the site's lock: the pair in use is read at the collector's start. */
static int
finish(const struct site *site, const char *keys, struct err_note *note)
{
    int lock = file_lock_folder(site->folder, note);
    if (lock < 0)
        return lock;
    int code = keys_settle(keys, SITE_NEXT_KEY, SITE_KEY, note);
    if (code == 0)
        code = keys_promote(keys, SITE_NEXT_KEY, SITE_KEY, note);
    (void)close(lock); /* gives the lock back */
    return code;
}

static int
rotate(const struct call *call, const struct site *site)
{
    const char *word = call->options.operand[1];
    char keys[FILE_PATH_MAX], key[KEY_TEXT];
    struct err_note note = { { 0 } };
    int code = site_path(site, "keys", keys);
    if (code == 0)
        code = word ? finish(site, keys, &note) : make_next(site, keys, key, &note);
    if (code < 0)
        return call_fail_note(call, code, &note);
    if (!word)
        say_steps(call, site->folder, key);
    else
        (void)fprintf(call->out, "%s\n",
                      SAY(call->lang, "下一公钥已启用：请启动接收程序",
                          "the next key is in place: start the collector"));
    return CALL_DONE;
}

int
verb_rotate(struct call *call)
{
    const char *word = call->options.operand[1];
    if (word && strcmp(word, "finish") != 0)
        return call_misuse(
            call, SAY(call->lang, "第二个词只能是 finish", "the second word can only be finish"));
    struct reading reading;
    int exit_code = reading_open_site(call, &reading);
    if (exit_code != CALL_DONE)
        return exit_code;
    if (word && reading.site.settings.listen_next[0])
        exit_code = call_fail(
            call, "%s",
            SAY(call->lang,
                "先在 pacewatch.yaml 中把 listen 改为 listen_next 的值，并清空 listen_next",
                "first set listen in pacewatch.yaml to what listen_next says, and empty "
                "listen_next"));
    else
        exit_code = rotate(call, &reading.site);
    reading_close(&reading);
    return exit_code;
}

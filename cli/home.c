/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/home.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SETTINGS_MAX = 2048 };

static const char key_name[] = "agent";

static int
home_path(const char *folder, const char *name, char *path, struct err_note *note)
{
    int code = file_join(path, folder, name);
    return code < 0 ? err_set(note, code, "%s: the path is too long", folder) : 0;
}

bool
home_is_complete(const char *folder)
{
    char path[FILE_PATH_MAX];
    return file_join(path, folder, "agent.yaml") == 0 && access(path, F_OK) == 0;
}

int
home_key(const char *folder, char ret_key[KEY_TEXT], struct err_note *note)
{
    char path[FILE_PATH_MAX];
    int code = home_path(folder, "keys/agent.public", path, note);
    if (code == 0 && access(path, F_OK) != 0) /* the path itself would be read as a key */
        return err_set(note, ERR_ABSENT, "%s is not there", path);
    return code < 0 ? code : keys_load_public(path, ret_key, note);
}

void
home_endpoint(const char *listen, char *text)
{
    static const char *const any[] = { "tcp://*:", "tcp://0.0.0.0:" };
    const char *port = NULL;
    for (size_t i = 0; i < sizeof any / sizeof any[0]; i++)
        if (strncmp(listen, any[i], strlen(any[i])) == 0)
            port = listen + strlen(any[i]);
    (void)snprintf(text, CONFIG_TEXT_MAX, "%s%s", port ? "tcp://127.0.0.1:" : "",
                   port ? port : listen);
}

static int
make_folders(const char *folder, struct err_note *note)
{
    static const char *const names[] = { "keys", "catalogue", "inbox",    "spool",
                                         "done", "rejected",  "receipts", NULL };
    int code = file_make_folder(folder, note);
    for (size_t i = 0; code == 0 && names[i]; i++) {
        char path[FILE_PATH_MAX];
        code = home_path(folder, names[i], path, note);
        if (code == 0)
            code = file_make_folder(path, note);
    }
    return code;
}

/* The home's key pair: the one that is there, else a new one. */
static int
make_keys(const char *folder, char ret_key[KEY_TEXT], struct err_note *note)
{
    char path[FILE_PATH_MAX];
    char secret[FILE_PATH_MAX];
    int code = home_path(folder, "keys", path, note);
    if (code == 0)
        code = home_path(folder, "keys/agent.secret", secret, note);
    if (code < 0)
        return code;
    struct key_pair pair = { { 0 }, { 0 } };
    if (access(secret, F_OK) == 0) {
        code = keys_load(path, key_name, &pair, note);
    } else {
        code = keys_generate(&pair, note);
        if (code == 0)
            code = keys_save(path, key_name, &pair, note);
    }
    if (code == 0)
        memcpy(ret_key, pair.public_key, KEY_TEXT);
    keys_wipe(&pair);
    return code;
}

static int
copy_catalogue(const struct site *site, const char *folder, struct err_note *note)
{
    char from[FILE_PATH_MAX];
    char to[FILE_PATH_MAX];
    int code = site_path(site, "catalogue", from);
    if (code == 0)
        code = home_path(folder, "catalogue", to, note);
    return code == 0 ? catalogue_copy(from, to, note) : code;
}

/* Keys and endpoints hold neither quotes nor backslashes that YAML would read. */
int
home_finish(const struct site *site, const char *publisher, const char *folder,
            struct err_note *note)
{
    char path[FILE_PATH_MAX];
    char key[KEY_TEXT];
    char endpoint[CONFIG_TEXT_MAX];
    char text[SETTINGS_MAX];
    int code = site_path(site, "keys/collector.public", path);
    if (code == 0)
        code = keys_load_public(path, key, note);
    if (code == 0)
        code = home_path(folder, "agent.yaml", path, note);
    if (code < 0)
        return code;
    home_endpoint(site->settings.listen, endpoint);
    int length = snprintf(text, sizeof text,
                          "publisher: %s\n"
                          "collector: \"%s\"\n"
                          "collector_key: \"%s\"\n"
                          "language: %s\n",
                          publisher, endpoint, key, site->settings.language);
    if (length < 0 || (size_t)length >= sizeof text || strpbrk(endpoint, "\"\\"))
        return err_set(note, ERR_RANGE, "the site's endpoint cannot be written to %s", path);
    return file_write(path, text, (size_t)length, 0644, note);
}

int
home_prepare(const struct site *site, const char *folder, char ret_key[KEY_TEXT],
             struct err_note *note)
{
    int code = make_folders(folder, note);
    if (code == 0)
        code = make_keys(folder, ret_key, note);
    if (code == 0)
        code = copy_catalogue(site, folder, note);
    return code;
}

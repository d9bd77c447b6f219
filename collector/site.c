/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/site.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/ledger.h"
#include "platform/keys.h"

#define AT(field) offsetof(struct site_settings, field)

static const struct config_option options[] = {
    { "name", CONFIG_TEXT, AT(name), "湖州市先进制造业集群督考", 0, 0, "title of the pages" },
    { "language", CONFIG_TEXT, AT(language), "zh-CN", 0, 0,
      "zh-CN or en: command line, mail, and pages for a reader without a preference" },
    { "listen", CONFIG_TEXT, AT(listen), "tcp://127.0.0.1:5670", 0, 0,
      "where agents connect (ZeroMQ endpoint)" },
    { "listen_next", CONFIG_TEXT, AT(listen_next), "", 0, 0,
      "while the collector's key is changed (pacewatch rotate): where agents connect with the next "
      "key; empty: nowhere" },
    { "http.address", CONFIG_TEXT, AT(http_address), "127.0.0.1", 0, 0,
      "address the pages listen on; put a reverse proxy with TLS in front of anything wider" },
    { "http.port", CONFIG_INT, AT(http_port), "8080", 0, 65535, "port of the pages, 0 picks one" },
    { "http.threads", CONFIG_INT, AT(http_threads), "2", 1, 64,
      "threads that serve pages; each has a drawing process of its own" },
    { "http.public_url", CONFIG_TEXT, AT(public_url), "", 0, 0,
      "how readers reach the pages, for links in mail; empty: http://address:port" },
    { "mail.server", CONFIG_TEXT, AT(mail_server), "", 0, 0,
      "smtp://host:port or smtps://host:port; empty: no mail is sent" },
    { "mail.from", CONFIG_TEXT, AT(mail_from), "pacewatch@localhost", 0, 0, "sender of alerts" },
    { "mail.copy", CONFIG_TEXT, AT(mail_copy), "", 0, 0,
      "address of the task-force office (综合协调组), gets every alert; empty: nobody" },
    { "mail.window_days", CONFIG_INT, AT(mail_window_days), "45", 0, 100000,
      "alerts about values released longer ago than this send no mail (history being loaded)" },
    { "mail.contacts", CONFIG_PAIRS, AT(mail_contacts), NULL, 0, 0,
      "who is told: owner id (owners.csv) to address, e.g. jxj: someone@example.org" },
};

enum { OPTION_COUNT = sizeof options / sizeof options[0] };

static const char *const folders[] = { "catalogue", "rrd", "keys", "editions" };

int
site_path(const struct site *site, const char *name, char *path)
{
    return file_join(path, site->folder, name);
}

void
site_print_settings(FILE *out, const struct site_settings *settings)
{
    config_print(out, options, OPTION_COUNT, settings);
}

static int
check_settings(const struct site_settings *settings, struct err_note *note)
{
    if (strcmp(settings->language, "zh-CN") != 0 && strcmp(settings->language, "en") != 0)
        return err_set(note, ERR_SYNTAX, "language is '%s', must be zh-CN or en",
                       settings->language);
    if (settings->mail_server[0] && strncmp(settings->mail_server, "smtp://", 7) != 0 &&
        strncmp(settings->mail_server, "smtps://", 8) != 0)
        return err_set(note, ERR_SYNTAX, "mail.server is '%s', must begin with smtp:// or smtps://",
                       settings->mail_server);
    return 0;
}

int
site_open(const char *folder, struct site *ret_site, struct err_note *note)
{
    struct site *site = calloc(1, sizeof *site);
    char path[FILE_PATH_MAX];
    if (!site)
        return err_set(note, -ENOMEM, "out of memory");
    int code = strlen(folder) < sizeof site->folder ? 0 : err_set(note, ERR_RANGE, "path too long");
    if (code == 0) {
        memcpy(site->folder, folder, strlen(folder) + 1);
        code = site_path(site, "pacewatch.yaml", path);
    }
    if (code == 0 && access(path, F_OK) != 0)
        code = err_set(note, ERR_ABSENT,
                       "%s is no site: it has no pacewatch.yaml (make one with `pacewatch init`)",
                       folder);
    if (code == 0)
        code =
            config_read(path, options, OPTION_COUNT, &site->settings, sizeof site->settings, note);
    if (code == 0) {
        code = check_settings(&site->settings, note);
        if (code != 0)
            (void)err_prefix(note, code, "%s", path); /* the code is kept above */
    }
    if (code == 0)
        code = site_path(site, "catalogue", path);
    if (code == 0)
        code = catalogue_load(path, &site->store, note);
    if (code == 0) {
        site->catalogue = catalogue_of(site->store);
        site->lang = strcmp(site->settings.language, "en") == 0 ? LANG_EN : LANG_ZH;
        *ret_site = *site;
    }
    free(site);
    return code;
}

void
site_close(struct site *site)
{
    catalogue_free(site->store);
    site->store = NULL;
    site->catalogue = NULL;
}

static int
write_sample_settings(const char *path, struct err_note *note)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return err_set(note, -ENOMEM, "out of memory");
    config_print_sample(out, options, OPTION_COUNT);
    int code =
        file_close_text(out, &text) == 0 ? file_write(path, text, size, 0644, note) : -ENOMEM;
    free(text);
    return code;
}

/* Everything of a site but pacewatch.yaml, which is written last: a folder that has it is complete.
 */
static int
fill_site(const char *folder, const char *catalogue_folder, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    int code = 0;
    for (size_t i = 0; code == 0 && i < sizeof folders / sizeof folders[0]; i++) {
        code = file_join(path, folder, folders[i]);
        if (code == 0)
            code = file_make_folder(path, note);
    }
    if (code == 0)
        code = file_join(path, folder, "catalogue");
    if (code == 0)
        code = catalogue_copy(catalogue_folder, path, note);
    struct key_pair pair;
    if (code == 0)
        code = file_join(path, folder, "keys");
    if (code == 0 && keys_load(path, SITE_KEY, &pair, NULL) != 0) {
        code = keys_generate(&pair, note);
        if (code == 0)
            code = keys_save(path, SITE_KEY, &pair, note);
    }
    keys_wipe(&pair);
    if (code == 0)
        code = file_join(path, folder, "ledger.db");
    if (code == 0 && access(path, F_OK) != 0)
        code = ledger_create(path, note);
    return code;
}

int
site_create(const char *folder, const char *catalogue_folder, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    struct catalogue_store *store = NULL;
    int code = file_join(path, folder, "pacewatch.yaml");
    if (code != 0)
        return err_set(note, code, "path too long");
    if (access(path, F_OK) == 0)
        return err_set(note, ERR_CONFLICT, "%s is a site already", folder);
    code = catalogue_load(catalogue_folder, &store,
                          note); /* no site with a catalogue that does not read */
    catalogue_free(store);
    if (code == 0)
        code = file_make_folder(folder, note);
    if (code == 0)
        code = fill_site(folder, catalogue_folder, note);
    return code == 0 ? write_sample_settings(path, note) : code;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 * A site: one folder that holds everything of one collector. pacewatch.yaml, catalogue/, ledger.db,
 * rrd/, cache/, keys/, editions/, control.sock while the collector runs. Nothing else is written
 * anywhere.
 */
#ifndef PACEWATCH_COLLECTOR_SITE_H
#define PACEWATCH_COLLECTOR_SITE_H

#include <stdbool.h>
#include <stdio.h>

#include "core/catalogue.h"
#include "platform/catalogue_load.h"
#include "platform/config.h"
#include "platform/file.h"

#define SITE_KEY      "collector"      /* keys/collector.* */
#define SITE_NEXT_KEY "collector.next" /* the one that shall follow it */

/* pacewatch.yaml. */
struct site_settings {
    char name[CONFIG_TEXT_MAX];        /* title on the pages */
    char language[CONFIG_TEXT_MAX];    /* zh-CN | en: of command line, mail, and pages without a
                                          preference */
    char listen[CONFIG_TEXT_MAX];      /* agents: tcp://127.0.0.1:5670 */
    char listen_next[CONFIG_TEXT_MAX]; /* second entrance, with keys/collector.next; or empty */
    char http_address[CONFIG_TEXT_MAX];
    int64_t http_port;
    int64_t http_threads;
    char mail_server[CONFIG_TEXT_MAX]; /* smtp://host:port or smtps://...; empty: no mail */
    char mail_from[CONFIG_TEXT_MAX];
    char mail_copy[CONFIG_TEXT_MAX];   /* task-force office: gets every alert; may be empty */
    int64_t mail_window_days;          /* alerts about values released longer ago send no mail */
    struct config_pairs mail_contacts; /* owner id: address */
    char public_url[CONFIG_TEXT_MAX];  /* of the pages, for links in mail */
};

struct site {
    char folder[FILE_PATH_MAX];
    struct site_settings settings;
    struct catalogue_store *store;
    const struct catalogue *catalogue;
    enum lang lang;
};

/* Reads settings and catalogue; opens nothing else. */
int site_open(const char *folder, struct site *ret_site, struct err_note *note);
void site_close(struct site *site);

/* Paths inside the site. `path` has FILE_PATH_MAX bytes. */
int site_path(const struct site *site, const char *name, char *path);

/* Makes a new site: folders, settings with comments, the catalogue copied from `catalogue_folder`,
 * the collector's keys, an empty ledger. ERR_CONFLICT when the folder is a site already. */
int site_create(const char *folder, const char *catalogue_folder, struct err_note *note);

void site_print_settings(FILE *out, const struct site_settings *settings);

#endif

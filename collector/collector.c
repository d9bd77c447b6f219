/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "collector/collector_private.h"
#include "collector/control.h"
#include "platform/clock.h"
#include "platform/log.h"

enum {
    JUDGE_MS = 10,             /* the judge's share of a turn; messages wait for so long */
    JUDGE_AFTER_MS = 200,      /* and it for them, one after the other, at most so long */
    RETRY_MS = 5000,           /* the projector's failure is tried again, the outbox looked into */
    WATCHDOG_MAX_MS = 3600000, /* between two signs of life, however long systemd would wait */
};

/* ---- parts ---- */

static bool
admit(void *context, const char *public_key, char ret_author[BUS_AUTHOR_MAX + 1])
{
    const struct collector *c = context;
    return registry_admit(c->registry, public_key, ret_author, BUS_AUTHOR_MAX + 1);
}

static int
open_bus(struct collector *c, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    struct key_pair keys, next;
    const char *listen_next = c->site.settings.listen_next;
    int code = site_path(&c->site, "keys", path);
    if (code == 0)
        code = keys_settle(path, SITE_NEXT_KEY, SITE_KEY, note);
    if (code == 0)
        code = keys_load(path, SITE_KEY, &keys, note);
    if (code == 0 && listen_next[0] && keys_load(path, SITE_NEXT_KEY, &next, note) != 0)
        code = err_prefix(note, ERR_ABSENT, "listen_next, but no next key (pacewatch rotate)");
    struct bus_server_settings settings = { .endpoint = c->site.settings.listen,
                                            .keys = &keys,
                                            .message_max = WIRE_MESSAGE_MAX,
                                            .admit = admit,
                                            .context = c,
                                            .next_endpoint = listen_next[0] ? listen_next : NULL,
                                            .next_keys = &next };
    if (code == 0)
        code = bus_server_open(&settings, &c->bus, note);
    keys_wipe(&keys);
    keys_wipe(&next);
    return code;
}

/* On a page's thread. */
static void
heal_archive(void *projector, int64_t series)
{
    projector_heal(projector, series);
}

/* What depends on settings and catalogue, and is started again by a reload. */
static int
start_services(struct collector *c, struct err_note *note)
{
    const struct site_settings *s = &c->site.settings;
    int code = projector_start(&c->site, &c->projector, note);
    if (code == 0 && s->mail_server[0])
        code = mailer_start(s->mail_server, s->mail_from, &c->mailer, note);
    struct http_settings http = { .site = &c->site,
                                  .graph_program = c->graph_program,
                                  .gauges = &c->gauges,
                                  .pictures = &c->pictures,
                                  .heal = heal_archive,
                                  .healer = c->projector };
    if (code == 0)
        code = http_start(&http, &c->http, note);
    c->fds[FD_PROJECTOR].fd = c->projector ? projector_fd(c->projector) : -1;
    c->fds[FD_MAILER].fd = c->mailer ? mailer_fd(c->mailer) : -1;
    return code;
}

static void
stop_services(struct collector *c)
{
    http_stop(c->http);
    c->http = NULL;
    mailer_stop(c->mailer);
    c->mailer = NULL;
    projector_stop(c->projector);
    c->projector = NULL;
    c->archives_healed = 0;
    c->fds[FD_PROJECTOR].fd = c->fds[FD_MAILER].fd = -1;
}

static int
open_signals(void)
{
    sigset_t set;
    (void)sigemptyset(&set); /* these three cannot fail on their own set */
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGHUP);
    int code = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (code != 0)
        return -code;
    (void)signal(SIGPIPE, SIG_IGN); /* writes report EPIPE instead, */
    (void)signal(SIGXFSZ, SIG_IGN); /* and EFBIG at RLIMIT_FSIZE, as any full disk */
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

static int
open_all(struct collector *c, const char *folder, struct err_note *note)
{
    char path[FILE_PATH_MAX];
    int code = site_open(folder, &c->site, note);
    if (code == 0)
        code = c->lock = file_lock_folder(c->site.folder, note);
    if (code < 0)
        return code;
    const char *network = file_network_system(c->site.folder);
    if (network)
        return err_set(
            note, ERR_REFUSED,
            "%s lies on a network file system, %s: locks and syncs cannot be relied upon "
            "there; move the site to a disk of this machine",
            c->site.folder, network);
    code = c->fds[FD_SIGNAL].fd = open_signals();
    if (code < 0)
        return err_set(note, code, "signals: %s", err_text(code));
    code = site_path(&c->site, "ledger.db", path);
    if (code == 0)
        code = ledger_open(path, LEDGER_WRITE, &c->ledger, note);
    if (code != 0)
        return code;
    c->intake = intake_new(c->ledger, c->site.catalogue);
    c->turns = turns_new(TURNS_BYTES_MAX);
    c->links = links_new();
    if (!c->intake || !c->turns || !c->links)
        return err_set(note, -ENOMEM, "out of memory");
    intake_set_made(c->intake, clock_made());
    intake_set_budget(c->intake, &(struct budget){ collector_is_past, &c->message_end });
    code = collector_read_registry(c, note);
    if (code == 0)
        code = open_bus(c, note);
    if (code == 0)
        code = start_services(c, note);
    if (code == 0)
        code = c->fds[FD_CONTROL].fd = control_listen(&c->site, note);
    return code < 0 ? code : 0;
}

static void
close_all(struct collector *c)
{
    if (c->fds[FD_CONTROL].fd >= 0)
        control_close(&c->site, c->fds[FD_CONTROL].fd);
    bus_server_close(c->bus);
    stop_services(c);
    judge_drop(&c->judge);
    intake_free(c->intake);
    turns_free(c->turns);
    links_free(c->links);
    registry_free(c->registry);
    ledger_close(c->ledger);
    if (c->fds[FD_SIGNAL].fd >= 0)
        (void)close(c->fds[FD_SIGNAL].fd); /* nothing is written to it */
    if (c->lock >= 0)
        (void)close(c->lock); /* gives the lock back */
    site_close(&c->site);
}

/* ---- the loop's turns ---- */

/* As long as messages come one after the other, the judge stands back, for a while. */
static void
judge_waiting(struct collector *c, int64_t now, bool took)
{
    struct judge_round round;
    struct err_note note = { "" };
    if (took && now < c->judge_at)
        return;
    int64_t end = clock_mono().ms + JUDGE_MS;
    c->judge_at = end + JUDGE_AFTER_MS;
    const struct budget budget = { collector_is_past, &end };
    if (judge_run(c->ledger, &c->site, clock_wall(), &budget, &c->judge, &round, &note) != 0) {
        log_error("judge", "%s; tried again with the next file", note.text);
        return;
    }
    c->mail_waits |= round.events > 0;
    if (!c->judge.waits)
        c->gauges.judged = ledger_position(c->ledger);
}

static void
projector_answered(struct collector *c)
{
    struct projector_report report;
    while (projector_take(c->projector, &report)) {
        c->gauges.projected = report.position;
        c->gauges.archives = report.archives;
        if (report.healed > c->archives_healed)
            log_warning("projector",
                        "archives were missing or damaged and drawn again: count=%" PRId64,
                        report.healed - c->archives_healed);
        c->archives_healed = report.healed;
        if (report.code != 0 && !c->projector_failed)
            log_error("projector", "archives are behind: %s", report.words);
        c->projector_failed = report.code != 0;
        c->retry_at = clock_mono().ms + RETRY_MS;
        if (!c->gauges.is_ready) {
            c->gauges.is_ready = true;
            log_info("collector", "ready: agents at %s, pages at http://%s:%d/",
                     bus_server_endpoint(c->bus), c->site.settings.http_address,
                     http_port(c->http));
            (void)sd_notify(0, "READY=1"); /* without systemd nobody listens */
        }
    }
}

/* Files and connections this process may have open. */
static int64_t
descriptor_limit(void)
{
    struct rlimit limit = { 0, 0 };
    (void)getrlimit(RLIMIT_NOFILE, &limit); /* cannot fail for a known resource */
    return limit.rlim_cur > INT64_MAX ? INT64_MAX : (int64_t)limit.rlim_cur;
}

static int
answer_control(void *context, const char *request, char *answer, struct err_note *note)
{
    struct collector *c = context;
    struct ledger_counts counts;
    if (strcmp(request, "progress") == 0) {
        int code = ledger_count(c->ledger, &counts, note);
        if (code == 0)
            (void)snprintf(answer, CHANGE_TEXT_MAX,
                           "position=%" PRId64 "\nprojected=%" PRId64 "\nunjudged=%" PRId64
                           "\noutbox=%" PRId64 "\nrunning=1\ndescriptors=%" PRId64,
                           ledger_position(c->ledger), c->gauges.projected, counts.unjudged_series,
                           counts.outbox_waiting, descriptor_limit());
        return code;
    }
    int code = change_make(c->ledger, &c->site, request, clock_wall(), answer, note);
    c->wants_reload = code == 0 && strncmp(request, "load\n", 5) == 0;
    return code == 0 ? collector_read_registry(c, note) : code;
}

/* A bad reload keeps the old state. The bus and its address stay: they change with a restart. */
static void
reload(struct collector *c)
{
    struct site fresh;
    struct err_note note = { "" };
    if (site_open(c->site.folder, &fresh, &note) != 0) {
        log_error("collector", "reload failed, the old settings stay: %s", note.text);
        return;
    }
    (void)sd_notify(0, "RELOADING=1"); /* without systemd nobody listens */
    stop_services(c);
    judge_drop(&c->judge);
    site_close(&c->site);
    c->site = fresh;
    intake_set_catalogue(c->intake, c->site.catalogue);
    int code = collector_read_registry(c, &note);
    if (code == 0)
        code = start_services(c, &note);
    if (code != 0) {
        log_error("collector", "cannot go on after the reload: %s", note.text);
        c->stopping = true;
        return;
    }
    judge_wake(&c->judge);
    c->mail_waits = true;
    log_info("collector", "reloaded");
    (void)sd_notify(0, "READY=1"); /* as above */
}

static void
take_signals(struct collector *c)
{
    struct signalfd_siginfo info;
    while (read(c->fds[FD_SIGNAL].fd, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGHUP)
            reload(c);
        else
            c->stopping = true;
    }
}

/* ---- a turn, and when the next one is due ---- */

/* Signs of life come twice as often as systemd asks for them. */
static int64_t
watchdog_interval(void)
{
    uint64_t usec = 0;
    if (sd_watchdog_enabled(0, &usec) <= 0)
        return 0; /* not asked for; also where what is asked cannot be read */
    uint64_t half = usec / 2 / 1000;
    return half < 1 ? 1 : half > WATCHDOG_MAX_MS ? WATCHDOG_MAX_MS : (int64_t)half;
}

static void
show_life(struct collector *c, int64_t now)
{
    if (c->watchdog_ms == 0 || now < c->watchdog_at)
        return;
    (void)sd_notify(0, "WATCHDOG=1"); /* whoever asked for it listens */
    c->watchdog_at = now + c->watchdog_ms;
}

/* Milliseconds until something falls due, -1 for never. */
static int
turn_timeout(const struct collector *c, int64_t now)
{
    int64_t wake = INT64_MAX;
    if (turns_waiting(c->turns) > 0 || c->judge.waits ||
        (c->mail_waits && c->mailer && !mailer_is_busy(c->mailer)))
        return 0;
    if (c->mailer)
        wake = now + RETRY_MS;
    if (c->projector_failed && c->retry_at < wake)
        wake = c->retry_at;
    if (door_wake(&c->door) < wake)
        wake = door_wake(&c->door);
    if (c->retire_at < wake)
        wake = c->retire_at;
    if (c->watchdog_ms > 0 && c->watchdog_at < wake)
        wake = c->watchdog_at;
    return wake == INT64_MAX ? -1 : wake <= now ? 0 : (int)(wake - now);
}

static void
retry_projector(struct collector *c, int64_t now)
{
    if (!c->projector_failed || now < c->retry_at)
        return;
    projector_wake(c->projector);
    c->retry_at = now + RETRY_MS;
}

static int
turn(struct collector *c, struct err_note *note)
{
    int code = bus_server_wait(c->bus, c->fds, FD_COUNT, turn_timeout(c, clock_mono().ms));
    if (code < 0 && code != -EINTR)
        return err_set(note, code, "wait: %s", err_text(code));
    int64_t now = clock_mono().ms;
    show_life(c, now);
    code = door_turn(&c->door, c->bus, (struct mono_time){ now }, note);
    if (code != 0)
        return code;
    if (c->fds[FD_SIGNAL].revents)
        take_signals(c);
    if (c->stopping)
        return 0;
    bool took = collector_take_messages(c);
    if (c->fds[FD_PROJECTOR].revents)
        projector_answered(c);
    if (c->mailer && c->fds[FD_MAILER].revents)
        collector_mail_answered(c);
    if (c->fds[FD_CONTROL].revents)
        control_serve(c->fds[FD_CONTROL].fd, answer_control, c);
    if (c->wants_reload) {
        c->wants_reload = false;
        reload(c);
    }
    if (c->judge.waits)
        judge_waiting(c, now, took);
    collector_mail_some(c);
    retry_projector(c, now);
    collector_retire_keys(c, now);
    return 0;
}

int
collector_run(const struct collector_settings *settings, struct err_note *note)
{
    struct collector *c = calloc(1, sizeof *c);
    if (!c)
        return err_set(note, -ENOMEM, "out of memory");
    c->graph_program = settings->graph_program;
    c->lock = -1;
    c->watchdog_ms = watchdog_interval();
    door_init(&c->door, clock_mono());
    judge_wake(&c->judge);
    c->mail_waits = true;
    for (int i = 0; i < FD_COUNT; i++)
        c->fds[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
    int code = open_all(c, settings->folder, note);
    while (code == 0 && !c->stopping) {
        code = turn(c, note);
        if (code != 0)
            (void)err_prefix(note, code, "bus"); /* the code is kept */
    }
    (void)sd_notify(0, "STOPPING=1"); /* without systemd nobody listens */
    close_all(c);
    free(c);
    return code;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/collector.h"

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

#include "collector/control.h"
#include "collector/door.h"
#include "collector/http.h"
#include "collector/intake.h"
#include "collector/judge.h"
#include "collector/links.h"
#include "collector/mailer.h"
#include "collector/projector.h"
#include "collector/turns.h"
#include "platform/bus.h"
#include "platform/clock.h"
#include "platform/log.h"

enum {
    MAIL_RETRY_FIRST = 60,     /* seconds, doubled at each attempt */
    RECEIVE_MAX = 256,         /* messages taken from the bus in one turn of the loop */
    ROUND_MS = 50,             /* a transaction is open so long at most, or for one message */
    RETIRE_MS = 3600000,       /* between two looks for keys whose time has come */
    RETRY_MS = 5000,           /* the projector's failure is tried again, the outbox looked into */
    WATCHDOG_MAX_MS = 3600000, /* between two signs of life, however long systemd would wait */
};

enum { FD_SIGNAL, FD_CONTROL, FD_PROJECTOR, FD_MAILER, FD_COUNT };

/* All of it belongs to the loop thread; the gauges are read by others. */
struct collector {
    struct site site;
    const char *graph_program;
    int lock;
    struct ledger *ledger;
    struct registry *registry;
    struct intake *intake;
    struct bus_server *bus;
    struct turns *turns;
    struct links *links;
    struct projector *projector;
    struct mailer *mailer; /* NULL: no mail server */
    struct http_server *http;
    struct http_gauges gauges;
    struct pollfd fds[FD_COUNT];
    struct judge_queue judge;
    bool mail_waits;       /* there may be mail to send */
    int64_t mail_attempts; /* of the mail under way, before it */
    bool projector_failed;
    bool wants_reload; /* a new edition of the catalogue lies in the site */
    int64_t retry_at;  /* monotonic ms of the projector's next try, after a failure */
    int64_t retire_at; /* monotonic ms of the next look for keys that retire */
    struct door door;
    int64_t watchdog_ms; /* between two signs of life; 0: systemd wants none */
    int64_t watchdog_at; /* monotonic ms of the next one */
    bool stopping;
};

/* ---- parts ---- */

static bool
admit(void *context, const char *public_key, char ret_author[BUS_AUTHOR_MAX + 1])
{
    const struct collector *c = context;
    return registry_admit(c->registry, public_key, ret_author, BUS_AUTHOR_MAX + 1);
}

static void
send_answer(void *context, const uint8_t *peer, size_t peer_size, const uint8_t *bytes, size_t size)
{
    struct collector *c = context;
    (void)bus_server_send(c->bus, peer, peer_size, bytes,
                          size); /* counted there; the agent asks again */
}

static bool
may_stay(void *context, const char *author)
{
    const struct collector *c = context;
    int64_t key;
    return registry_author(c->registry, author, &key) != NULL;
}

/* A key that is out hears it at once, and what waits of it is not taken any more. */
static void
dismiss(void *context, const char *author, const uint8_t *peer, size_t peer_size)
{
    struct collector *c = context;
    turns_forget(c->turns, author);
    intake_refuse(c->intake, peer, peer_size, send_answer, c);
    log_info("keys", "out, and told so: key=%s", author);
}

static int
read_registry(struct collector *c, struct err_note *note)
{
    struct registry *registry = NULL;
    int code = registry_read(c->ledger, c->site.catalogue, &registry, note);
    if (code != 0)
        return code;
    registry_free(c->registry);
    c->registry = registry;
    intake_set_registry(c->intake, registry);
    links_sift(c->links, may_stay, dismiss, c);
    return 0;
}

/* Ends keys that were followed by others a while ago. */
static void
retire_keys(struct collector *c, int64_t now)
{
    struct err_note note = { "" };
    size_t count = 0;
    if (now < c->retire_at)
        return;
    c->retire_at = now + RETIRE_MS;
    int code = registry_retire(c->ledger, clock_wall(), &count, &note);
    if (code == 0 && count > 0)
        code = read_registry(c, &note);
    if (code != 0)
        log_error("keys", "those whose time has come stay in force: %s", note.text);
    else if (count > 0)
        log_info("keys", "retired, their followers are in use: count=%zu", count);
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
                                  .gauges = &c->gauges };
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

static struct wall_time
made_at(void)
{
    struct cal_date day;
    int code = cal_date_parse(PACEWATCH_MADE, strlen(PACEWATCH_MADE), &day, NULL);
    return code == 0 ? cal_midnight(day) : (struct wall_time){ 0 };
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
    intake_set_made(c->intake, made_at());
    code = read_registry(c, note);
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

/* An agent has come in with our next key. */
static void
note_next(struct collector *c, const struct cat_publisher *publisher, int64_t key)
{
    struct err_note note = { "" };
    int code = registry_note_came_over(c->ledger, key, clock_wall(), &note);
    if (code == 0)
        code = read_registry(c, &note);
    if (code != 0)
        log_error("keys", "%s", note.text);
    else
        log_info("keys", "came over to the collector's next key: publisher=%s key=%" PRId64,
                 publisher->id, key);
}

static void
note_link(struct collector *c, const struct bus_message *message, struct mono_time now)
{
    int64_t key = 0;
    const struct cat_publisher *publisher = registry_author(c->registry, message->author, &key);
    if (publisher && message->is_next && !registry_came_over(c->registry, key))
        note_next(c, publisher, key);
    if (publisher && links_heard(c->links, message->author, message->peer, message->peer_size, now))
        log_warning("keys",
                    "two agents use the same key at once, was a home copied? publisher=%s key=%s",
                    publisher->id, message->author);
}

/* Lets what has arrived wait for its turn. */
static void
receive_messages(struct collector *c)
{
    struct bus_message message;
    struct mono_time now = clock_mono();
    for (int i = 0; i < RECEIVE_MAX && bus_server_receive(c->bus, &message) == 1; i++) {
        note_link(c, &message, now);
        (void)turns_add(c->turns, message.author, message.peer, message.peer_size, message.bytes,
                        message.size); /* dropped: counted there, the agent sends it again */
    }
    c->gauges.messages_dropped = (int64_t)turns_dropped(c->turns);
    c->gauges.keys_twice = (int64_t)links_twice(c->links, now);
    intake_set_credit(c->intake, turns_credit(c->turns, WIRE_MESSAGE_MAX, INTAKE_CREDIT));
}

/* One transaction with what waits, a message of each key in turn. */
static void
take_messages(struct collector *c)
{
    struct turns_message message;
    struct wall_time now = clock_wall();
    struct mono_time mono = clock_mono();
    bool took = false;
    receive_messages(c);
    while (!intake_is_full(c->intake) && (!took || clock_mono().ms < mono.ms + ROUND_MS) &&
           turns_next(c->turns, &message)) {
        intake_take(c->intake, message.author, message.peer, message.peer_size, message.bytes,
                    message.size, now, mono);
        took = true;
    }
    if (!took)
        return;
    struct intake_round round = intake_commit(c->intake, send_answer, c);
    c->gauges.data_messages += (int64_t)round.data;
    c->gauges.data_refused += (int64_t)round.refused;
    if (round.file_completed)
        judge_wake(&c->judge);
    if (round.committed) {
        c->gauges.commits++;
        projector_wake(c->projector);
    }
    if (round.clock[0])
        log_error("intake", "%s; agents are asked to wait", round.clock);
    struct err_note note = { "" };
    if (round.code == 0 && round.keys[0]) {
        log_info("keys", "%s", round.keys);
        if (read_registry(c, &note) != 0)
            log_error("keys", "the old registry stays: %s", note.text);
    }
    if (round.code != 0)
        log_error("intake", "nothing was stored, agents were asked to wait: %s", round.words);
}

static void
judge_waiting(struct collector *c)
{
    struct judge_round round;
    struct err_note note = { "" };
    if (judge_run(c->ledger, &c->site, clock_wall(), &c->judge, &round, &note) != 0) {
        log_error("judge", "%s; tried again with the next file", note.text);
        return;
    }
    c->mail_waits |= round.events > 0;
    if (!c->judge.waits)
        c->gauges.judged = ledger_position(c->ledger);
}

static void
mail_some(struct collector *c)
{
    struct ledger_mail mail;
    struct err_note note = { "" };
    if (!c->mailer || mailer_is_busy(c->mailer))
        return;
    int found = ledger_outbox_next(c->ledger, clock_wall(), &mail, &note);
    if (found < 0)
        log_error("mail", "%s", note.text);
    c->mail_waits = found == 1 && mailer_give(c->mailer, &mail);
    if (c->mail_waits)
        c->mail_attempts = mail.attempts;
}

static int64_t
retry_seconds(int64_t attempts)
{
    int64_t wait = MAIL_RETRY_FIRST;
    for (int64_t i = 0; i < attempts && wait < LEDGER_MAIL_WAIT_MAX; i++)
        wait *= 2;
    return wait < LEDGER_MAIL_WAIT_MAX ? wait : LEDGER_MAIL_WAIT_MAX;
}

static void
mail_answered(struct collector *c)
{
    struct mailer_report report;
    struct err_note note = { "" };
    while (mailer_take(c->mailer, &report)) {
        struct wall_time now = clock_wall();
        int code = ledger_begin(c->ledger, &note);
        if (code == 0 && report.code == 0) {
            code = ledger_outbox_sent(c->ledger, report.id, now, &note);
            c->gauges.mails_sent++;
        } else if (code == 0) {
            struct wall_time next = { now.seconds + retry_seconds(c->mail_attempts) };
            code = ledger_outbox_failed(c->ledger, report.id, next, &note);
            c->gauges.mails_failed++;
            log_warning("mail", "not sent, tried again later: %s", report.words);
        }
        if (code == 0)
            code = ledger_commit(c->ledger, &note);
        if (code != 0) {
            ledger_rollback(c->ledger);
            log_error("mail", "%s", note.text);
        }
        c->mail_waits = true;
    }
}

static void
projector_answered(struct collector *c)
{
    struct projector_report report;
    while (projector_take(c->projector, &report)) {
        c->gauges.projected = report.position;
        c->gauges.archives = report.archives;
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
    return code == 0 ? read_registry(c, note) : code;
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
    site_close(&c->site);
    c->site = fresh;
    intake_set_catalogue(c->intake, c->site.catalogue);
    int code = read_registry(c, &note);
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
    take_messages(c);
    if (c->fds[FD_PROJECTOR].revents)
        projector_answered(c);
    if (c->mailer && c->fds[FD_MAILER].revents)
        mail_answered(c);
    if (c->fds[FD_CONTROL].revents)
        control_serve(c->fds[FD_CONTROL].fd, answer_control, c);
    if (c->wants_reload) {
        c->wants_reload = false;
        reload(c);
    }
    if (c->judge.waits)
        judge_waiting(c);
    mail_some(c);
    retry_projector(c, now);
    retire_keys(c, now);
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

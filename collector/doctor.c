/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/doctor.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "collector/backup.h"
#include "collector/control.h"
#include "collector/doctor_private.h"
#include "collector/rrd_state.h"
#include "platform/keys.h"

enum {
    DAY = 86400,
    SILENT_DAYS = 45, /* an agent that brought nothing for so long missed a month's report */
    WAL_MIB = 64,     /* a larger log than this is not normal */
    MIB = 1 << 20,
};

struct finding
doctor_finding(const struct doctor *d, enum finding_weight weight, const char *object,
               const char *mend_zh, const char *mend_en)
{
    return (struct finding){ .weight = weight,
                             .check = d->check,
                             .object = object,
                             .mend_zh = mend_zh,
                             .mend_en = mend_en };
}

/* ---- the folder and who has it ---- */

static int
check_site(struct doctor *d)
{
    struct finding wrong = doctor_finding(
        d, FINDING_WRONG, d->patient->folder, "按所说的改正；新建站点用 pacewatch init",
        "put right what it says; pacewatch init makes a new site");
    if (!d->site)
        return finding_say(d->sink, &wrong, "站点打不开：%s", "the site cannot be opened: %s",
                           d->patient->why);
    struct finding ok = doctor_finding(d, FINDING_OK, d->site->folder, NULL, NULL);
    const struct catalogue *catalogue = d->site->catalogue;
    return finding_say(d->sink, &ok, "设置和目录表可读：%zu 个目标，%zu 个填报单位",
                       "settings and catalogue are read: %zu targets, %zu publishers",
                       catalogue->target_count, catalogue->publisher_count);
}

static int
check_collector(struct doctor *d)
{
    struct err_note note = { "" };
    int locked = file_folder_is_locked(d->site->folder, &note);
    d->is_locked = locked > 0;
    d->is_running = d->is_locked && control_ask(d->site, "progress", d->progress, &note) == 0;
    struct finding ok = doctor_finding(d, FINDING_OK, "control.sock", NULL, NULL);
    if (d->is_running)
        return finding_say(d->sink, &ok, "接收程序在运行，有应答",
                           "the collector runs and answers");
    struct finding wrong = doctor_finding(
        d, FINDING_WRONG, "lock",
        "看它的日志；它若是别的程序（如正在恢复），请等它结束；否则重新启动接收程序",
        "look at its log; if it is another program (a restore under way), let it end; else restart "
        "the collector");
    if (d->is_locked || locked < 0)
        return finding_say(d->sink, &wrong, "有程序占用站点，但接收程序没有应答：%s",
                           "a program has the site, but no collector answers: %s", note.text);
    struct finding idle =
        doctor_finding(d, FINDING_NOTE, "lock", "启动它：systemctl start pacewatch-collector",
                       "start it: systemctl start pacewatch-collector");
    return finding_say(d->sink, &idle, "接收程序未运行", "no collector runs");
}

static int
check_keys(struct doctor *d)
{
    char path[FILE_PATH_MAX];
    struct key_pair pair;
    struct err_note note = { "" };
    int code = site_path(d->site, "keys", path);
    if (code == 0)
        code = keys_load(path, "collector", &pair, &note);
    if (code == 0)
        keys_wipe(&pair);
    struct finding ok = doctor_finding(d, FINDING_OK, "keys/collector.secret", NULL, NULL);
    struct finding wrong =
        doctor_finding(d, FINDING_WRONG, "keys/collector.secret",
                       "私钥应归运行接收程序的用户所有，权限 0400；丢失时从 keys/ 的备份取回",
                       "the secret key belongs to the user the collector runs as, mode 0400; if it "
                       "is lost, take it "
                       "from your copy of keys/");
    return code == 0 ? finding_say(d->sink, &ok, "密钥可读，权限正确",
                                   "the key pair is read, its mode is right")
                     : finding_say(d->sink, &wrong, "密钥不可用：%s",
                                   "the key pair cannot be used: %s", note.text);
}

/* ---- the ledger ---- */

static int
check_ledger(struct doctor *d)
{
    char path[FILE_PATH_MAX];
    struct err_note note = { "" };
    struct ledger_counts counts;
    struct finding wrong =
        doctor_finding(d, FINDING_WRONG, "ledger.db",
                       "用 pacewatch fsck 查明；必要时用 pacewatch restore 恢复备份",
                       "pacewatch fsck tells more; pacewatch restore brings back a backup");
    int code = site_path(d->site, "ledger.db", path);
    if (code == 0)
        code = ledger_open(path, LEDGER_READ, &d->ledger, &note);
    if (code == 0)
        code = ledger_check_quickly(d->ledger, &note);
    if (code == 0)
        code = ledger_count(d->ledger, &counts, &note);
    if (code != 0)
        return finding_say(d->sink, &wrong, "台账不可用：%s", "the ledger cannot be used: %s",
                           note.text);
    if (counts.difference != 0)
        return finding_say(d->sink, &wrong, "台账的计数相差 %lld 条",
                           "the counts of the ledger are %lld records apart",
                           (long long)counts.difference);
    struct finding ok = doctor_finding(d, FINDING_OK, "ledger.db", NULL, NULL);
    return finding_say(d->sink, &ok, "台账完好：%lld 行，%lld 个文件，记录全部有着落",
                       "the ledger is whole: %lld rows, %lld files, every record has its fate",
                       (long long)counts.observations, (long long)counts.submissions);
}

static int
check_wal(struct doctor *d)
{
    char path[FILE_PATH_MAX];
    struct stat status;
    if (site_path(d->site, "ledger.db-wal", path) != 0 || stat(path, &status) != 0)
        status.st_size = 0;
    long long mib = (long long)status.st_size / MIB;
    struct finding ok = doctor_finding(d, FINDING_OK, "ledger.db-wal", NULL, NULL);
    struct finding large = doctor_finding(
        d, FINDING_NOTE, "ledger.db-wal", "有程序长时间读着台账：结束它，或重新启动接收程序",
        "a program has been reading the ledger for long: end it, or restart the collector");
    return mib < WAL_MIB
               ? finding_say(d->sink, &ok, "预写日志 %lld MiB", "write-ahead log of %lld MiB", mib)
               : finding_say(d->sink, &large, "预写日志已有 %lld MiB",
                             "the write-ahead log has grown to %lld MiB", mib);
}

static int
check_archives(struct doctor *d)
{
    struct rrd_state state = rrd_state_read(d->site, d->ledger);
    int64_t position = ledger_position(d->ledger);
    struct finding ok = doctor_finding(d, FINDING_OK, "rrd/state", NULL, NULL);
    struct finding behind = doctor_finding(
        d, FINDING_NOTE, "rrd/state", "接收程序运行时会自动画完；一直不动时看它的日志",
        "the collector draws them as it runs; if that does not move, look at its log");
    if (!state.is_ours || (!state.is_clean && !d->is_locked))
        return finding_say(d->sink, &behind, "归档待重建：下次启动时由台账重画",
                           "the archives are to be rebuilt: the next start draws them");
    if (state.position < position)
        return finding_say(d->sink, &behind, "归档到位置 %lld，台账已到 %lld",
                           "the archives have reached %lld, the ledger is at %lld",
                           (long long)state.position, (long long)position);
    return finding_say(d->sink, &ok, "归档与台账同步", "the archives are up with the ledger");
}

static int
check_judge(struct doctor *d)
{
    struct ledger_counts counts;
    if (ledger_count(d->ledger, &counts, NULL) != 0)
        return 0; /* said by the check of the ledger */
    struct finding ok = doctor_finding(d, FINDING_OK, "series", NULL, NULL);
    struct finding behind = doctor_finding(
        d, FINDING_NOTE, "series", "等文件收完；接收程序运行而数目不减时看它的日志",
        "they wait for their files to be complete; if a running collector does not get on, look at "
        "its log");
    return counts.unjudged_series == 0
               ? finding_say(d->sink, &ok, "所有序列都已判断", "every series has been judged")
               : finding_say(d->sink, &behind, "%lld 个序列未判断",
                             "%lld series are not judged yet", (long long)counts.unjudged_series);
}

static int
check_backup(struct doctor *d)
{
    struct ledger_backup backup;
    struct finding old =
        doctor_finding(d, FINDING_NOTE, "backup", "执行 pacewatch backup，并每天定时执行",
                       "run pacewatch backup, and every day by a timer");
    if (ledger_backup_newest(d->ledger, &backup, NULL) != 0)
        return finding_say(d->sink, &old, "还没有备份", "no backup was made yet");
    long long days = (long long)(d->patient->now.seconds - backup.made.seconds) / DAY;
    struct finding ok = doctor_finding(d, FINDING_OK, backup.folder, NULL, NULL);
    old.object = backup.folder;
    return finding_say(d->sink, days <= BACKUP_OLD_DAYS ? &ok : &old, "最近的备份在 %lld 天前",
                       "the newest backup is %lld days old", days);
}

/* ---- those it talks to ---- */

struct agents {
    struct doctor *d;
    size_t enrolled, heard;
};

static int
check_key(void *context, const struct ledger_key *key)
{
    struct agents *agents = context;
    struct doctor *d = agents->d;
    struct finding silent = doctor_finding(
        d, FINDING_NOTE, key->publisher,
        "在该地查看 pacewatch-agent HOME status；不用的密钥用 pacewatch revoke 吊销",
        "look at pacewatch-agent HOME status there; revoke a key that is not in use");
    if (key->is_revoked)
        return 0;
    agents->enrolled++;
    if (key->last_seen.seconds == 0)
        return finding_say(d->sink, &silent, "密钥 %lld 从未报来数据",
                           "key %lld has never brought anything", (long long)key->id);
    long long days = (long long)(d->patient->now.seconds - key->last_seen.seconds) / DAY;
    if (days > SILENT_DAYS)
        return finding_say(d->sink, &silent, "密钥 %lld 已 %lld 天没有报来数据",
                           "key %lld has brought nothing for %lld days", (long long)key->id, days);
    agents->heard++;
    return 0;
}

static int
check_agents(struct doctor *d)
{
    struct agents agents = { .d = d };
    struct err_note note = { "" };
    int code = ledger_each_key(d->ledger, check_key, &agents, &note);
    if (code != 0)
        return code < 0 && note.text[0] ? 0 : code; /* said by the check of the ledger */
    struct finding none = doctor_finding(d, FINDING_NOTE, "keys", "用 pacewatch enrol 登记",
                                         "enrol them: pacewatch enrol");
    struct finding ok = doctor_finding(d, FINDING_OK, "keys", NULL, NULL);
    if (agents.enrolled == 0)
        return finding_say(d->sink, &none, "没有登记任何代理程序", "no agent is enrolled");
    if (agents.heard == 0)
        return 0; /* each was named */
    return finding_say(d->sink, &ok, "%zu 个代理程序在 %d 天内报来过数据",
                       "%zu agents brought something within %d days", agents.heard, SILENT_DAYS);
}

static int
check_mail(struct doctor *d)
{
    const struct site_settings *settings = &d->site->settings;
    struct ledger_counts counts = { .outbox_waiting = 0 };
    struct finding ok = doctor_finding(d, FINDING_OK, settings->mail_server, NULL, NULL);
    struct finding none = doctor_finding(d, FINDING_NOTE, "pacewatch.yaml",
                                         "在 pacewatch.yaml 中填写 mail.server 和 mail.contacts",
                                         "set mail.server and mail.contacts in pacewatch.yaml");
    struct finding waits = doctor_finding(
        d, FINDING_NOTE, settings->mail_server, "看接收程序的日志：邮件服务器不接收时会一直重试",
        "look at the collector's log: what the mail server does not take is tried "
        "again and again");
    if (!settings->mail_server[0])
        return finding_say(d->sink, &none, "没有设置邮件服务器：预警不发邮件",
                           "no mail server is set: alerts send no mail");
    if (settings->mail_contacts.count == 0 && !settings->mail_copy[0])
        return finding_say(d->sink, &none, "没有设置收件人：预警不发邮件",
                           "no recipients are set: alerts send no mail");
    if (d->ledger && ledger_count(d->ledger, &counts, NULL) == 0 && counts.outbox_waiting > 0)
        return finding_say(d->sink, &waits, "%lld 封邮件待发", "%lld mails wait to be sent",
                           (long long)counts.outbox_waiting);
    return finding_say(d->sink, &ok, "已设置邮件服务器，%zu 个单位有地址",
                       "a mail server is set, %zu units have an address",
                       settings->mail_contacts.count);
}

/* ---- all of them ---- */

enum need { NEEDS_NOTHING, NEEDS_SITE, NEEDS_LEDGER };

static const struct {
    const char *name;
    enum need need;
    int (*run)(struct doctor *d);
} checks[] = {
    { "site", NEEDS_NOTHING, check_site },
    { "collector", NEEDS_SITE, check_collector },
    { "agents_port", NEEDS_SITE, doctor_agents_port },
    { "pages_port", NEEDS_SITE, doctor_pages_port },
    { "keys", NEEDS_SITE, check_keys },
    { "disk", NEEDS_SITE, doctor_disk },
    { "file_system", NEEDS_SITE, doctor_file_system },
    { "descriptors", NEEDS_SITE, doctor_descriptors },
    { "ledger", NEEDS_SITE, check_ledger },
    { "wal", NEEDS_SITE, check_wal },
    { "clock", NEEDS_NOTHING, doctor_clock },
    { "archives", NEEDS_LEDGER, check_archives },
    { "judge", NEEDS_LEDGER, check_judge },
    { "backup", NEEDS_LEDGER, check_backup },
    { "agents", NEEDS_LEDGER, check_agents },
    { "mail", NEEDS_SITE, check_mail },
    { "worker", NEEDS_NOTHING, doctor_worker },
    { "fonts", NEEDS_NOTHING, doctor_fonts },
};

int
doctor_examine(const struct doctor_case *patient, const struct finding_sink *sink)
{
    struct doctor d = { .patient = patient, .site = patient->site, .sink = sink };
    int code = 0;
    for (size_t i = 0; code == 0 && i < sizeof checks / sizeof checks[0]; i++) {
        d.check = checks[i].name;
        bool can_run =
            checks[i].need == NEEDS_NOTHING || (checks[i].need == NEEDS_SITE && d.site) || d.ledger;
        if (can_run)
            code = checks[i].run(&d);
    }
    ledger_close(d.ledger);
    return code;
}

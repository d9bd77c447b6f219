/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collector/fsck.h"

#include <string.h>
#include <unistd.h>

#include "collector/backup.h"
#include "collector/ledger_fsck.h"

/* ---- the catalogue ---- */

struct references {
    const struct site *site;
    const struct finding_sink *sink;
};

static bool
catalogue_has(const struct catalogue *catalogue, const struct ledger_reference *reference)
{
    if (reference->table == CAT_AREAS)
        return catalogue_area(catalogue, reference->id) != NULL;
    if (reference->table == CAT_INDICATORS)
        return catalogue_indicator(catalogue, reference->id) != NULL;
    if (reference->table == CAT_TARGETS)
        return catalogue_target(catalogue, reference->id) != NULL;
    return catalogue_publisher(catalogue, reference->id) != NULL;
}

static int
check_reference(void *context, const struct ledger_reference *reference)
{
    const struct references *references = context;
    if (reference->is_in_edition || catalogue_has(references->site->catalogue, reference))
        return 0;
    const struct finding frame = {
        .weight = FINDING_WRONG,
        .check = "catalogue",
        .object = reference->id,
        .mend_zh = "把缺少的行补回目录表，用 pacewatch catalogue load 装入",
        .mend_en = "put the missing row back into the tables and load them (pacewatch catalogue "
                   "load)",
    };
    return finding_say(references->sink, &frame, "目录表 %s 没有它，台账的表 %s 用到了它",
                       "%s does not have it, but the ledger names it (%s)",
                       cat_table_file(reference->table), reference->places);
}

/* ---- the newest backup ---- */

static int
check_backup(struct ledger *ledger, struct wall_time now, const struct finding_sink *sink)
{
    static const char mend_zh[] = "执行 pacewatch backup；各地代理程序会保留数据直到有备份";
    static const char mend_en[] = "run pacewatch backup; agents keep their records until then";
    struct ledger_backup backup;
    struct err_note note = { "" };
    struct finding frame = { .weight = FINDING_NOTE,
                             .check = "backup",
                             .object = backup.folder,
                             .mend_zh = mend_zh,
                             .mend_en = mend_en };
    int code = ledger_backup_newest(ledger, &backup, &note);
    if (code != 0) {
        frame.object = "ledger.db";
        return finding_say(sink, &frame, "还没有备份", "no backup was made yet");
    }
    char made[CAL_TEXT_MAX];
    cal_instant_print(backup.made, made);
    if (access(backup.folder, F_OK) != 0)
        return finding_say(sink, &frame, "最近的备份（%s）不在原处：未能核对",
                           "the newest backup (%s) is not where it was made: it cannot be checked",
                           made);
    code = backup_check(backup.folder, &note);
    if (code == 0 && now.seconds - backup.made.seconds > BACKUP_OLD_DAYS * INT64_C(86400))
        return finding_say(sink, &frame, "最近的备份完好，但已是 %s 的",
                           "the newest backup is whole, but of %s", made);
    if (code == 0)
        return 0;
    frame.weight = FINDING_WRONG;
    return finding_say(sink, &frame, "最近的备份（%s）不完好：%s",
                       "the newest backup (%s) is not whole: %s", made, note.text);
}

/* ---- all of it ---- */

static int
check_site(const struct site *site, struct ledger *ledger, struct wall_time now,
           const struct finding_sink *sink, struct err_note *note)
{
    struct references references = { site, sink };
    struct err_note why = { "" };
    const struct finding unreadable = { .weight = FINDING_WRONG,
                                        .check = "catalogue",
                                        .object = "ledger.db",
                                        .mend_zh = finding_restore_zh,
                                        .mend_en = finding_restore_en };
    int code = ledger_fsck(ledger, now, sink);
    if (code == 0)
        code = ledger_each_reference(ledger, check_reference, &references, &why);
    if (code != 0 && why.text[0])
        code = finding_say(sink, &unreadable, "无法检查：%s", "cannot be checked: %s", why.text);
    if (code == 0)
        code = fsck_archives(site, ledger, sink, note);
    return code == 0 ? check_backup(ledger, now, sink) : code;
}

int
fsck_site(const struct site *site, struct wall_time now, const struct finding_sink *sink,
          struct err_note *note)
{
    char path[FILE_PATH_MAX];
    struct ledger *ledger = NULL;
    struct err_note why = { "" };
    int code = site_path(site, "ledger.db", path);
    if (code != 0)
        return err_set(note, code, "path too long");
    code = ledger_open(path, LEDGER_READ, &ledger, &why);
    if (code == 0) {
        code = check_site(site, ledger, now, sink, note);
        ledger_close(ledger);
        return code;
    }
    const struct finding frame = {
        .weight = FINDING_WRONG,
        .check = "ledger",
        .object = path,
        .mend_zh = code == ERR_VERSION ? "按所说的做" : finding_restore_zh,
        .mend_en = code == ERR_VERSION ? "do as it says" : finding_restore_en,
    };
    return finding_say(sink, &frame, "台账打不开：%s", "the ledger cannot be opened: %s", why.text);
}

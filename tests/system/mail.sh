#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A target that falls behind writes to the unit in charge: the mail goes to the right people once, its subject and body can
# be read; a server that refuses delays it and loses nothing.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

mkdir -- "$work/mails"
start smtp "$PACEWATCH_TOOLS/smtp_server" "$work/mails"
wait_for 10 "the mail server" test -s "$work/mails/port"

make_site
enrol wuxing
owner=$(awk -F, '$1 == "f1-13-wuxing" || ($3 == "wuxing" && $4 == "land-freed" && $14 == "yes") { print $15; exit }' "$catalogue/targets.csv")
note "owner of the target: $owner"
setting "$site/pacewatch.yaml" mail.server "smtp://127.0.0.1:$(cat "$work/mails/port")"
setting "$site/pacewatch.yaml" mail.from "pacewatch@example.org"
setting "$site/pacewatch.yaml" mail.copy "office@example.org"
setting "$site/pacewatch.yaml" mail.window_days 100000
setting "$site/pacewatch.yaml" mail.contacts "{ $owner: unit@example.org }"
start_collector

printf '%s\n' area,indicator,period,value,released wuxing,land-freed,2023-06,1,2023-07-12 >"$work/behind.csv"
drop wuxing "$work/behind.csv"
drain wuxing
settled
pacewatch alerts "$site" --format csv >"$work/alerts.csv"
cat "$work/alerts.csv"
same "open alerts" 1 "$(csv "$work/alerts.csv" id | wc -l)"

arrived() { compgen -G "$work/mails/*.eml" >/dev/null && grep -lq "X-Envelope-To: <$1>" "$work"/mails/*.eml; }
for address in unit@example.org office@example.org; do
    wait_for 90 "the mail to $address" arrived "$address"
done

# Headers unfolded; RFC 2047 words decoded, blanks between two of them dropped.
header() {
    local line
    line=$(sed '/^$/q' "$2" | sed -e ':again' -e '$!N' -e 's/\n[ \t]\+/ /' -e 'tagain' -e 'P' -e 'D' | sed -n "s/^$1: //p" | sed 's/?= =?/?==?/g')
    while [[ $line =~ ^(.*)=\?[Uu][Tt][Ff]-8\?[Bb]\?([A-Za-z0-9+/=]*)\?=(.*)$ ]]; do
        line=${BASH_REMATCH[1]}$(base64 -d <<<"${BASH_REMATCH[2]}")${BASH_REMATCH[3]}
    done
    printf '%s' "$line"
}
body() { sed '1,/^$/d' "$1" | if grep -qi '^Content-Transfer-Encoding: base64' "$1"; then base64 -d; else cat; fi; }

mail=$(grep -l 'X-Envelope-To: <unit@example.org>' "$work"/mails/*.eml)
same "mails to the unit" 1 "$(wc -l <<<"$mail")"
subject=$(header Subject "$mail")
body "$mail" >"$work/body.txt"
note "subject: $subject"
sed 's/^/    /' "$work/body.txt"
if grep -q '[^ -~]' <<<"$(sed '/^$/q' "$mail" | LC_ALL=C grep -a '^Subject:')"; then fail "the subject is not encoded"; fi
same "sender" "<pacewatch@example.org>" "$(header From "$mail")"
[[ $subject == *吴兴* ]] || fail "the subject does not name the district"
has "the body names the indicator" 腾出用地面积 "$work/body.txt"
[[ $(header Message-ID "$mail") ]] || fail "no Message-ID"

note "the same value again, a restart: no new mail"
{ cat "$work/behind.csv" && echo; } >"$work/again.csv"
drop wuxing "$work/again.csv"
drain wuxing
settled
stop collector
start_collector
settled
same "mails" 2 "$(find "$work/mails" -name '*.eml' | wc -l)"

note "a server that refuses: the mail waits, and the collector goes on"
touch "$work/mails/refuse"
printf '%s\n' area,indicator,period,value,released wuxing,land-freed,2023-07,1500,2023-08-12 >"$work/reached.csv"
drop wuxing "$work/reached.csv"
drain wuxing
wait_for 30 "the refusal in the log" grep -q 'not sent, tried again later' "$work/collector.log"
settled
same "mails waiting" 2 "$(csv "$work/status.csv" value item=outbox)"
same "alerts open" 0 "$(csv "$work/status.csv" value item=alerts_open)"
stop collector
start_collector
settled
same "mails waiting after a restart" 2 "$(csv "$work/status.csv" value item=outbox)"
same "mails" 2 "$(find "$work/mails" -name '*.eml' | wc -l)"
stop collector

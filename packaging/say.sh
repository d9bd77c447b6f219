# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# For the shell scripts of this project (sourced): words in the user's language, and progress.

case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in
    zh*) say_zh=1 ;;
    *) say_zh= ;;
esac

# say ENGLISH CHINESE: one line.
say() {
    if [[ $say_zh ]]; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi
}

# die ENGLISH CHINESE: the reason to standard error, exit 1.
die() {
    say "$@" >&2
    exit 1
}

# progress ENGLISH CHINESE: on a terminal a line that the next one replaces, elsewhere a line at most every five seconds.
progress_at=-5
progress() {
    if [[ -t 1 ]]; then
        printf '\r\033[K%s' "$(say "$@")"
    elif ((SECONDS - progress_at >= 5)); then
        progress_at=$SECONDS
        say "$@"
    fi
}

# progress_end [ENGLISH CHINESE]: the line that stays.
progress_end() {
    [[ ! -t 1 ]] || printf '\r\033[K'
    progress_at=-5
    (($# == 0)) || say "$@"
}

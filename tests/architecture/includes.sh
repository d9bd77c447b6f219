#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Holds the direction of dependencies: reads every #include of the tree and compares it with rules.txt.
# Prints each violation as FILE:LINE: what and why; exit 1 if there is one.
#
#   includes.sh ROOT
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
cd -- "$1"

folders=$(sed -n 's/^folder \([a-z]*\):.*/\1/p' "$here/rules.txt")
# shellcheck disable=SC2086 # a list of words
find $folders -name '*.[ch]' | LC_ALL=C sort | RULES=$here/rules.txt awk '
    # A path pattern of rules.txt: "*" stands for anything but "/", "[ch]" for itself.
    function matches(path, pattern,    regex) {
        regex = pattern
        gsub(/\./, "\\.", regex)
        gsub(/\+/, "\\+", regex)
        gsub(/\*/, "[^/]*", regex)
        return path ~ ("^" regex "$")
    }
    function complain(why) {
        printf "%s:%d: %s: %s\n", file, number, line, why
        failures++
    }
    function check_ours(name,    parts, count, i) {
        if (name !~ /\// && !(name in library)) {
            complain("write our headers with their path from the project folder")
            return
        }
        count = split(uses[folder], parts, " ")
        for (i = 1; i <= count; i++)
            if (name == parts[i] || index(name, parts[i] "/") == 1)
                return
        complain(folder " may include only: " uses[folder])
    }
    function check_library(key,    parts, count, i) {
        count = split(library[key], parts, " ")
        for (i = 1; i <= count; i++)
            if (matches(file, parts[i]))
                return
        complain(key " belongs to: " library[key])
    }
    function check_system(name,    set, top) {
        set = folder in headers ? folder : "*"
        if (index(" " headers[set] " ", " " name " "))
            return
        top = name
        sub(/\/.*/, "/", top)
        if (name in library)
            check_library(name)
        else if (top in library)
            check_library(top)
        else
            complain("no header " folder " may include (rules.txt)")
    }
    function read_rules(path,    text, kind, key) {
        while ((getline text < path) > 0) {
            if (text ~ /^ *(#|$)/)
                continue
            kind = text
            sub(/ .*/, "", kind)
            key = text
            sub(/^[a-z]+ +/, "", key)
            sub(/: .*/, "", key)
            sub(/^[^:]*: +/, "", text)
            if (kind == "folder")
                uses[key] = text
            else if (kind == "headers")
                headers[key] = headers[key] " " text
            else if (kind == "library")
                library[key] = text
        }
    }
    BEGIN { read_rules(ENVIRON["RULES"]) }
    {
        file = $0
        folder = file
        sub(/\/.*/, "", folder)
        number = 0
        last = ""
        while ((getline line < file) > 0) {
            number++
            sub(/\r$/, "", line)
            if (line !~ /^[ \t]*#[ \t]*include[ \t]/ && line !~ /^[ \t]*#[ \t]*include["<]/)
                continue
            name = line
            sub(/^[^"<]*["<]/, "", name)
            sub(/[">].*/, "", name)
            last = name
            if (name in library)
                check_library(name)
            else if (line ~ /</)
                check_system(name)
            else
                check_ours(name)
        }
        close(file)
        if (file ~ /^core\/.*\.c$/ && last != "core/pure.h") {
            line = "last #include"
            complain("every core/*.c includes core/pure.h last")
        }
        files++
    }
    END {
        printf "%d files read, %d violations\n", files, failures
        exit failures || files == 0
    }'

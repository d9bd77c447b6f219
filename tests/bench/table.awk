# SPDX-License-Identifier: GPL-3.0-or-later
# "name value" lines of several rounds -> the table of ratios. Medians; a peer that did not run says so.
{ values[$1, ++count[$1]] = $2 }

function median(name,    i, j, t, n, v) {
    n = count[name]
    if (!n)
        return ""
    for (i = 1; i <= n; i++)
        v[i] = values[name, i] + 0
    for (i = 2; i <= n; i++)
        for (j = i; j > 1 && v[j - 1] > v[j]; j--) {
            t = v[j]; v[j] = v[j - 1]; v[j - 1] = t
        }
    return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}

function range(name,    i, low, high) {
    low = high = values[name, 1] + 0
    for (i = 2; i <= count[name]; i++) {
        low = values[name, i] + 0 < low ? values[name, i] + 0 : low
        high = values[name, i] + 0 > high ? values[name, i] + 0 : high
    }
    return short(low) "–" short(high)
}

function short(x) {
    return x >= 10000 ? sprintf("%.0f k", x / 1000) : x >= 100 ? sprintf("%.0f", x) : x >= 10 ? sprintf("%.1f", x) : sprintf("%.2f", x)
}

# One line: what, ours, beside what, its value, the ratio, what it should be. `least`: larger is better.
function line(what, ours, unit, beside, theirs, goal, least,    ratio, verdict) {
    if (theirs == "" || theirs == 0) {
        printf "| %s | %s %s | %s | not there | | %s | |\n", what, short(ours), unit, beside, goal
        return
    }
    ratio = ours / theirs
    verdict = (least ? ratio >= goal : ratio <= goal) ? "yes" : "**no**"
    printf "| %s | %s %s | %s | %s | %.2f | %s %s | %s |\n", what, short(ours), unit, beside, short(theirs), ratio, least ? "≥" : "≤", goal, verdict
}

END {
    print "| what | pacewatch | beside | | ratio | goal | held |"
    print "|---|---|---|---|---|---|---|"
    backfill = median("backfill_rate")
    line("backfill, durable and acknowledged", backfill, "/s", "bare SQLite loop, FULL", median("bare_rate"), 0.75, 1)
    line("the same", backfill, "/s", "VictoriaMetrics import", median("victoria_backfill_rate"), 2, 1)
    line("the same", backfill, "/s", "InfluxDB 1.6", median("influx_backfill_rate"), 1.2, 1)
    line("one month over all series, in the archives", median("month_visible"), "s", "a second", 1, 1, 0)
    line("one sample acknowledged", median("acknowledged"), "ms", "round trip + commit", median("round_trip") + median("commit"), 2, 0)
    line("one sample in a picture", median("in_picture"), "ms", "that + one drawing", median("acknowledged") + median("drawing"), 1.3, 0)
    cpu = median("backfill_agents_cpu") + median("backfill_collector_cpu")
    line("CPU a sample, file to archive", cpu, "µs", "VictoriaMetrics import", median("victoria_backfill_cpu"), 1, 0)
    line("peak memory of the collector", median("peak") / 1024, "MiB", "VictoriaMetrics", median("victoria_peak") / 1024, 0.25, 0)
    line("ledger bytes a sample", median("ledger_bytes"), "", "bare SQLite row", median("bare_bytes"), 1.5, 0)
    line("idle CPU", median("idle"), "%", "one per cent", 1, 1, 0)
    print ""
    print "| figure | median | from–to |"
    print "|---|---|---|"
    split("backfill_rate backfill_visible backfill_agents_cpu backfill_collector_cpu agent_peak month_rate month_visible month_agents_cpu " \
          "month_collector_cpu peak ledger_bytes idle start round_trip commit acknowledged acknowledged_p99 drawing in_picture file_to_receipt bare_rate bare_cpu " \
          "bare_month_rate bare_bytes victoria_backfill_rate victoria_backfill_cpu victoria_month_rate victoria_month_cpu victoria_peak " \
          "influx_backfill_rate influx_backfill_cpu influx_month_rate influx_month_cpu influx_peak", names, " ")
    for (i = 1; i in names; i++)
        if (count[names[i]])
            printf "| %s | %s | %s |\n", names[i], short(median(names[i])), range(names[i])
}

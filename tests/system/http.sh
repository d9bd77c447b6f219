#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The pages: what they answer, with what code and type; pictures in both forms; what nobody should ask is refused.
# shellcheck source=tests/system/lib.sh
. "$(dirname -- "$0")/lib.sh"

make_site
enrol wuxing
start_collector
{
    echo area,indicator,period,value,released
    for month in 01 02 03 04 05 06; do
        printf 'wuxing,land-freed,2023-%s,%d,2023-%02d-12\n' "$month" $((10#$month * 120)) $((10#$month + 1))
    done
} >"$work/half.csv"
drop wuxing "$work/half.csv"
drain wuxing
settled

# type FILE WANT: the media type begins so.
type_is() {
    grep -qi "^content-type: $2" "$1.head" || { cat "$1.head"; fail "not of type $2"; }
}

note "pages"
for path in / /area/wuxing /indicator/land-freed '/area/wuxing%2Bnantaihu' /alerts /feeds '/?lang=en'; do
    page 200 "$path" "$work/page"
    type_is "$work/page" text/html
    has "$path is whole" '</html>' "$work/page"
    grep -qi '^content-security-policy: .*default-src' "$work/page.head" || fail "$path has no content policy"
    grep -qi '^x-content-type-options: nosniff' "$work/page.head" || fail "$path has no nosniff"
done
page 200 / "$work/page"
has "the matrix names the district" 吴兴 "$work/page"
has "the matrix names the indicator" 腾出用地面积 "$work/page"

note "pictures"
page 200 /graph/wuxing/land-freed.svg "$work/trend.svg"
type_is "$work/trend.svg" image/svg+xml
has "the title is Chinese text" 腾出用地面积 "$work/trend.svg"
has "the picture is whole" '</svg>' "$work/trend.svg"
page 200 /graph/wuxing/land-freed.png "$work/trend.png"
type_is "$work/trend.png" image/png
same "signature of PNG" 89504e470d0a1a0a "$(od -An -tx1 -N8 "$work/trend.png" | tr -d ' ')"
same "end of PNG" 49454e44ae426082 "$(tail -c 8 "$work/trend.png" | od -An -tx1 | tr -d ' \n')"
(($(wc -c <"$work/trend.png") > 5000)) || fail "the PNG is too small to show anything"

note "API"
for path in targets verdicts alerts 'observations?area=wuxing&indicator=land-freed'; do
    page 200 "/api/v1/$path" "$work/answer"
    type_is "$work/answer" application/json
    has "$path succeeded" '"status":"success"' "$work/answer"
done
has "the last value" 720 "$work/answer"

note "metrics and health"
page 200 /metrics "$work/metrics"
type_is "$work/metrics" application/openmetrics-text
same "last line of /metrics" "# EOF" "$(tail -n 1 "$work/metrics")"
has "every record has its fate" "pacewatch_counting_difference 0" "$work/metrics"
page 200 /-/healthy "$work/answer"
page 200 /-/ready "$work/answer"

note "what is not there, not right, or not allowed"
page 404 /no/such/page "$work/answer"
page 404 /area/atlantis "$work/answer"
page 404 /graph/wuxing/no-such-thing.svg "$work/answer"
page 404 /../../etc/passwd "$work/answer"
page 400 '/?as_of=yesterday' "$work/answer"
page 400 '/api/v1/observations?area=wuxing&area=deqing&indicator=land-freed' "$work/answer"
page 400 '/api/v1/observations?area=wuxing&indicator=land-freed&from=soon' "$work/answer"
has "errors are JSON too" '"status":"error"' "$work/answer"
page 400 '/%zz' "$work/answer"
http_request "$work/answer" "POST / HTTP/1.1" "Host: 127.0.0.1" "Content-Length: 0" "Connection: close"
same "code of a POST" 405 "$http_status"
http_request "$work/answer" "HEAD / HTTP/1.1" "Host: 127.0.0.1" "Connection: close"
same "code of a HEAD" 200 "$http_status"
same "bytes after a HEAD" 0 "$(wc -c <"$work/answer")"
http_request "$work/answer" "GET / HTTP/1.1" "Host: 127.0.0.1" "Content-Length: 5" "Transfer-Encoding: chunked" "Connection: close"
same "code of a smuggled length" 400 "$http_status"
page 200 / "$work/page"
stop collector

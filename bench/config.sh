#!/usr/bin/env bash
# What a configuration costs: `-t` of keepalived and of vrrpd on the same files, as whole processes, taking turns.
#   bench/config.sh [--quick] [--output FILE]      root; a minute, --quick some seconds
# Replaces the section "Configuration" of the output (bench/RESULTS.md). VRRPD_BINARY and KEEPALIVED name other binaries.
set -euo pipefail
export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

runs=31 output=$ROOT/bench/RESULTS.md
while [[ $# -gt 0 ]]; do
    case $1 in
        --quick) runs=7 ;;
        --output) output=${2:?--output FILE}; shift ;;
        *) sed -n '2,4s/^# //p' "${BASH_SOURCE[0]}"; exit 2 ;;
    esac
    shift
done

vrrpd=$(readlink -f "${VRRPD_BINARY:-$ROOT/out/vrrpd}")
keepalived=$(readlink -f "$(command -v "${KEEPALIVED:-keepalived}")")
WORK=$(mktemp -d)
SPACE=vrrpconf$$
trap 'ip netns del "$SPACE" 2>/dev/null || true; rm -rf "$WORK"' EXIT

# instances COUNT: as a router has them, 4 addresses each, 17 lines each, on interfaces w0 w1 ...
instances() {
    awk -v count="$1" 'BEGIN {
        print "global_defs {\n    router_id bench\n}"
        for (i = 0; i < count; i++) {
            w = int(i / 250); n = i % 250 + 1
            printf "vrrp_instance VI_%d {\n    state BACKUP\n    interface w%d\n    virtual_router_id %d\n    priority %d\n", i, w, n, n
            printf "    advert_int 1\n    authentication {\n        auth_type PASS\n        auth_pass bench%d\n    }\n", i % 100
            printf "    virtual_ipaddress {\n"
            for (j = 0; j < 4; j++) printf "        10.%d.%d.%d/24\n", 100 + j, w, n
            printf "    }\n}\n"
        }
    }'
}

ip netns add "$SPACE"
for ((i = 0; i < 24; i += 2)); do
    ip -n "$SPACE" link add "w$i" type veth peer name "w$((i + 1))"
    ip -n "$SPACE" link set "w$i" up
    ip -n "$SPACE" link set "w$((i + 1))" up
done
sizes=(1 10 100 1000 3000 5882)
for n in "${sizes[@]}"; do instances "$n" >"$WORK/$n.conf"; done
: >"$WORK/0.conf"

# One shell for all; the first round only warms the page cache.
# shellcheck disable=SC2016
ip netns exec "$SPACE" bash -c '
    runs=$1 work=$2; shift 2
    for ((run = 0; run <= runs; run++)); do
        for file in "$work"/*.conf; do
            # Large ones say with fewer runs what there is to say.
            name=${file##*/}; name=${name%.conf}
            ((name <= 1000 || run < 8)) || continue
            for binary in "$@"; do
                status=0
                from=$EPOCHREALTIME
                "$binary" -t -f "$file" </dev/null >/dev/null 2>&1 || status=$?
                till=$EPOCHREALTIME
                ((run == 0)) || echo "${binary##*/} $name $((${till/./} - ${from/./})) $status"
            done
        done
    done' bash "$runs" "$WORK" "$keepalived" "$vrrpd" >"$WORK/times"

if grep -qv ' 0$' "$WORK/times"; then
    echo "bench/config.sh: -t did not end with 0: $(grep -v ' 0$' "$WORK/times" | sort -u | head -3)" >&2
    exit 1
fi

# median BINARY SIZE: milliseconds
median() { awk -v b="${1##*/}" -v n="$2" '$1 == b && $2 == n { print $3 / 1000 }' "$WORK/times" | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

section() {
    local n lines theirs ours empty
    empty=$(median "$vrrpd" 0)
    printf '## Configuration\n\nWritten by `bench/config.sh`: `-t` as a whole process, medians of %s runs (7 for the largest files), taking turns. ' "$runs"
    printf 'An instance has 17 lines and 4 addresses.\n\n'
    printf '| instances | lines | keepalived | vrrpd | keepalived / vrrpd | of that reading, vrrpd | per line, vrrpd |\n|---|---|---|---|---|---|---|\n'
    for n in "${sizes[@]}"; do
        lines=$(wc -l <"$WORK/$n.conf") theirs=$(median "$keepalived" "$n") ours=$(median "$vrrpd" "$n")
        awk -v n="$n" -v l="$lines" -v t="$theirs" -v o="$ours" -v e="$empty" 'BEGIN {
            r = o - e; if (r < 0) r = 0
            printf "| %d | %d | %.2f ms | %.2f ms | %.2f | %.0f %% | %.2f us |\n", n, l, t, o, t / o, 100 * r / o, 1000 * r / l }'
    done
    printf '\n"Of that reading" is what the same process takes less for an empty file (%.2f ms).\n' "$empty"
}

section >"$WORK/section"
touch "$output"
awk '/^## / { skip = ($0 == "## Configuration") } !skip' "$output" >"$WORK/rest"
{ cat "$WORK/rest"; [[ -z $(tail -1 "$WORK/rest") ]] || echo; cat "$WORK/section"; } >"$WORK/whole"
cp "$WORK/whole" "$output"
cat "$WORK/section"

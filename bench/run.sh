#!/usr/bin/env bash
# The published binary beside Debian's keepalived: the same work in the same run on the same machine, taking turns.
#   bench/run.sh [--quick] [--output FILE]      root; full under 4 minutes, --quick under 1
# VRRPD_BINARY (out/vrrpd) and VRRPD_BINARY_MUSL (out/vrrpd-musl, if there) say what to measure, KEEPALIVED against what.
# Everything happens in network namespaces of its own, which are gone afterwards. docs/benchmarks.md has the method.
set -euo pipefail
export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
die() { printf 'bench/run.sh: %s\n' "$*" >&2; exit 2; }

# ---------------------------------------------------------------------------------------------- what, and how long

declare -A BINARY=()        # contender -> file
CONTENDERS=()               # keepalived, vrrpd, and vrrpd-musl if it was built

mode=full
output=$ROOT/bench/RESULTS.md
while [[ $# -gt 0 ]]; do
    case $1 in
        --quick) mode=quick ;;
        --output) output=${2:?--output FILE}; shift ;;
        -h | --help) sed -n '2,5s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
        *) die "unknown argument '$1' (there are --quick and --output FILE)" ;;
    esac
    shift
done

if [[ $mode == full ]]; then
    runs_exit=40 runs_start=25 runs_memory=3 runs_failover=5 runs_scale=5 blocks=10 seconds_block=3
else
    runs_exit=10 runs_start=8 runs_memory=1 runs_failover=1 runs_scale=1 blocks=1 seconds_block=5
fi
readonly SETTLE=6           # seconds until a new master has said everything: gratuitous ARP again after 5 s
readonly BACKUP_PRIORITY=200

# ---------------------------------------------------------------------------------------------- room, and leaving it clean

WORK='' SPACES=() FAILED=()
declare -A EARS=()          # contender -> its tcpdump

clean_up() {
    local space pid
    trap '' INT TERM
    disown -a
    for space in "${SPACES[@]}"; do
        # Whoever lives in a namespace of ours was started by us.
        for pid in $(ip netns pids "$space" 2>/dev/null); do kill -KILL "$pid" 2>/dev/null || true; done
        ip netns del "$space" 2>/dev/null || true
    done
    [[ -z $WORK ]] || rm -rf "$WORK"
}

contender() {
    CONTENDERS+=("$1")
    BINARY[$1]=$2
}

check_needs() {
    local tool missing=()
    [[ $(id -u) == 0 ]] || die "needs root: network namespaces, raw sockets"
    for tool in ip tcpdump ldd setsid awk; do command -v "$tool" >/dev/null || missing+=("$tool"); done
    [[ ${#missing[@]} == 0 ]] || die "needs ${missing[*]} (Debian: iproute2 tcpdump libc-bin util-linux mawk)"
    local keepalived vrrpd musl
    keepalived=$(command -v "${KEEPALIVED:-keepalived}") || die "no keepalived to compare with (Debian: keepalived)"
    vrrpd=${VRRPD_BINARY:-$ROOT/out/vrrpd}
    musl=${VRRPD_BINARY_MUSL:-$ROOT/out/vrrpd-musl}
    [[ -x $vrrpd ]] || die "no $vrrpd: ./build.sh publish makes it, VRRPD_BINARY names another"
    contender keepalived "$(readlink -f "$keepalived")"
    contender vrrpd "$(readlink -f "$vrrpd")"
    if [[ -x $musl ]]; then contender vrrpd-musl "$(readlink -f "$musl")"; fi
}

space_of() { printf 'vrrpbench%s-%s' "$$" "$1"; }           # where a contender runs, on v0
peer_of() { printf 'vrrpbench%s-%s-peer' "$$" "$1"; }       # the other end of its cable, v1, where tcpdump listens

make_room() {
    local c
    WORK=$(mktemp -d)
    mkdir "$WORK/data"
    mkfifo "$WORK/nap"
    exec {NAP}<>"$WORK/nap"
    for c in "${CONTENDERS[@]}"; do
        sync "${BINARY[$c]}"                          # or a file that was just built counts as private dirty memory
        make_cable "$(space_of "$c")" "$(peer_of "$c")"
        listen "$c"
    done
    write_configurations
    for c in "${CONTENDERS[@]}"; do
        await 10 grep -q 'listening on' "$WORK/$c.tcpdump" || die "tcpdump does not listen: $(<"$WORK/$c.tcpdump")"
    done
}

# make_cable SPACE PEER
make_cable() {
    local space
    for space in "$1" "$2"; do
        SPACES+=("$space")
        ip netns add "$space"
        ip -n "$space" link set lo up
    done
    ip link add v0 netns "$1" type veth peer name v1 netns "$2"
    ip -n "$1" address add 10.10.30.1/24 dev v0
    ip -n "$2" address add 10.10.30.2/24 dev v1
    ip -n "$1" link set v0 up
    ip -n "$2" link set v1 up
}

# listen CONTENDER: its adverts as lines of text with the kernel's time stamps; `hush` empties the file (hence append).
# Short snapshots: immediate mode has a slot of that size per packet, and with few slots a burst of 250 adverts loses some.
listen() {
    hush "$1"
    setsid ip netns exec "$(peer_of "$1")" tcpdump -l --immediate-mode -s 96 -B 8192 -tt -n -i v1 'ip proto 112' \
        </dev/null >>"$WORK/$1.heard" 2>"$WORK/$1.tcpdump" &
    EARS[$1]=$!
    disown
}

hush() { : >"$WORK/$1.heard"; }

# nap SECONDS: without starting a process
nap() { read -rt "$1" -u "$NAP" || true; }

# await SECONDS COMMAND...
await() {
    local tries=$(($1 * 50))
    shift
    until "$@"; do
        ((tries-- > 0)) || return 1
        nap 0.02
    done
}

# ---------------------------------------------------------------------------------------------- configurations

# instance NAME INTERFACE VRID PRIORITY [MORE]
instance() {
    printf 'vrrp_instance %s {\n  state %s\n  interface %s\n  virtual_router_id %s\n  priority %s\n  advert_int 1\n' \
        "$1" "$([[ $4 == 255 ]] && echo MASTER || echo BACKUP)" "$2" "$3" "$4"
    printf '  virtual_ipaddress {\n    10.10.31.%s\n  }\n%s}\n' "$3" "${5:-}"
}

# instances COUNT
instances() {
    local i
    for ((i = 1; i <= $1; i++)); do instance "VI_$i" v0 "$i" 255; done
}

write_configurations() {
    local script=$WORK/check_alived.sh
    printf '#!/bin/sh\nexit 0\n' >"$script"
    chmod 755 "$script" "$WORK"
    instances 1 >"$WORK/one.conf"
    instances 100 >"$WORK/hundred.conf"
    instances 250 >"$WORK/scale.conf"
    instance VI_1 v1 1 $BACKUP_PRIORITY >"$WORK/backup.conf"
    {
        printf 'vrrp_script check_alived {\n  script "%s"\n  interval 2\n  fall 1\n  rise 1\n}\n' "$script"
        instance VI_1 v0 1 255 $'  track_script {\n    check_alived\n  }\n'
    } >"$WORK/script.conf"
    cat >"$WORK/story.conf" <<CONF
! Configuration File for keepalived
global_defs {
    router_id LVS_DEVEL
    script_user root
    enable_script_security
}
vrrp_script check_alived {
    script "$script"
    interval 2
    fall 1
    rise 1
}
vrrp_instance VI_1 {
    state MASTER
    interface v0
    mcast_src_ip 10.10.30.1
    virtual_router_id 51
    priority 254
    advert_int 2
    authentication {
        auth_type PASS
        auth_pass KP_PASS
    }
    virtual_ipaddress {
        10.10.30.0
    }
    track_script {
        check_alived
    }
}
CONF
}

# ---------------------------------------------------------------------------------------------- daemons

declare -A PID=()           # tag -> process, which is also its session and its process group

# start TAG CONTENDER SPACE CONFIGURATION: in a session of its own. TAG.start is the time just before exec.
start() {
    local tag=$1
    rm -f "$WORK/$tag.pid" "$WORK/$tag.vrrp.pid" "$WORK/$tag.start"
    # shellcheck disable=SC2016
    setsid ip netns exec "$3" bash -c 'printf "%s\n" "$EPOCHREALTIME" >"$1"; shift; exec "$@"' bash "$WORK/$tag.start" \
        "${BINARY[$2]}" -n -l -D -f "$WORK/$4.conf" -p "$WORK/$tag.pid" -r "$WORK/$tag.vrrp.pid" \
        </dev/null >"$WORK/$tag.log" 2>&1 &
    PID[$tag]=$!
}

# terminate TAG SPACE: as an administrator would, and its addresses with it
terminate() {
    kill -TERM "${PID[$1]}" 2>/dev/null || true
    await 5 gone "${PID[$1]}" || true
    destroy "$1" "$2"
}

# destroy TAG SPACE: between two starts that are measured; what it leaves behind is removed for it
destroy() {
    kill -KILL -- "-${PID[$1]}" 2>/dev/null || true
    wait "${PID[$1]}" 2>/dev/null || true
    await 2 gone "${PID[$1]}" || true
    local link=v0
    [[ $2 != *-peer ]] || link=v1
    ip -n "$2" address flush dev $link to 10.10.31.0/24 2>/dev/null || true
}

# gone GROUP: nobody in it any more; a dead process that its new parent has not collected yet does not count
gone() {
    { cat /proc/[0-9]*/stat 2>/dev/null || true; } |
        awk -v group="$1" '{ sub(/.*\) /, "") } $3 == group && $1 !~ /[ZX]/ { n++ } END { exit n > 0 }'
}

# failed CONTENDER TAG WHAT: goes on with the others, and the table says so
failed() {
    FAILED+=("$1: $3")
    printf 'bench/run.sh: %s: %s; the end of its log:\n' "$1" "$3" >&2
    tail -5 "$WORK/$2.log" >&2 || true
}

# processes_of CONTENDER: the daemon's own, not the check scripts that come and go
processes_of() {
    local pid
    for pid in $(ip netns pids "$(space_of "$1")"); do
        if [[ /proc/$pid/exe -ef ${BINARY[$1]} ]]; then echo "$pid"; fi
    done
}

# ---------------------------------------------------------------------------------------------- numbers

# add METRIC CONTENDER VALUE: one line per run in data/METRIC.CONTENDER
add() { printf '%s\n' "$3" >>"$WORK/data/$1.$2"; }

# add_all CONTENDER: lines "METRIC VALUE" from standard input
add_all() {
    local metric value
    while read -r metric value; do add "$metric" "$1" "$value"; done
}

# heard CONTENDER COUNT [PATTERN]: so many lines by now? heard_routers: so many routers?
heard() { (($(grep -c "${3:-VRRPv2}" "$WORK/$1.heard") >= $2)); }
has_addresses() { (($(ip -n "$(space_of "$1")" -o -4 address show dev v0 | grep -c ' 10\.10\.31\.') >= $2)); }
heard_anything() { [[ -s $WORK/$1.heard ]]; }
heard_since() { [[ -n $(first_after "$WORK/$1.heard" "$2") ]]; }
heard_routers() {
    awk -v wanted="$2" 'match($0, /vrid [0-9]+/) { v = substr($0, RSTART, RLENGTH); if (!(v in seen)) { seen[v]; n++ } }
        END { exit n < wanted }' "$WORK/$1.heard"
}

# first_after FILE TIME [PATTERN]: the first line's time stamp, as milliseconds after TIME
first_after() {
    awk -v from="$2" -v pattern="${3:-VRRPv2}" '$0 ~ pattern && $1 >= from { printf "%.3f\n", ($1 - from) * 1000; exit }' "$1"
}

# rotated N: the contenders, another one first each time
rotated() {
    local i count=${#CONTENDERS[@]}
    for ((i = 0; i < count; i++)); do echo "${CONTENDERS[(i + $1) % count]}"; done
}

# count_lost: adverts that tcpdump could not keep up with; any would spoil the intervals
count_lost() {
    local c
    lost=0
    for c in "${CONTENDERS[@]}"; do
        kill -TERM "${EARS[$c]}"
        await 3 grep -q 'dropped by kernel' "$WORK/$c.tcpdump" || true
        lost=$((lost + $(sed -n 's/ packets\{0,1\} dropped by kernel//p' "$WORK/$c.tcpdump" | grep . || echo 0)))
    done
}

# ---------------------------------------------------------------------------------------------- 1 the file

measure_file() {
    local c
    for c in "${CONTENDERS[@]}"; do
        add size "$c" "$(awk -v n="$(stat -L -c %s "${BINARY[$c]}")" 'BEGIN { printf "%.0f", n / 1000 }')"
        add libraries "$c" "$({ ldd "${BINARY[$c]}" 2>/dev/null || true; } | grep -v vdso | grep -cE '\.so' || true)"
    done
}

# ---------------------------------------------------------------------------------------------- 2 memory

# kB over all processes; threads counted one by one
memory_of() {
    local pid total=()
    for pid in $(processes_of "$1"); do total+=("/proc/$pid/status" "/proc/$pid/smaps_rollup"); done
    [[ ${#total[@]} -gt 0 ]] || return 1
    awk '/^VmRSS:/ { rss += $2 } /^VmHWM:/ { hwm += $2 } /^Threads:/ { threads += $2; processes++ }
         /^Pss:/ { pss += $2 } /^Private_Dirty:/ { dirty += $2 }
         END { print "rss", rss; print "pss", pss; print "dirty", dirty; print "hwm", hwm
               print "threads", threads; print "processes", processes }' "${total[@]}"
}

measure_memory() {
    local run c
    say "memory: master of one instance with a check script, after 5 s ($runs_memory runs)"
    for ((run = 0; run < runs_memory; run++)); do
        for c in $(rotated "$run"); do
            hush "$c"
            start "$c" "$c" "$(space_of "$c")" script
        done
        nap 5
        for c in "${CONTENDERS[@]}"; do
            if heard "$c" 1; then memory_of "$c" | add_all "$c"; else failed "$c" "$c" "no advert in 5 s with a check script"; fi
        done
        for c in "${CONTENDERS[@]}"; do destroy "$c" "$(space_of "$c")"; done
    done
}

# ---------------------------------------------------------------------------------------------- 3 start

measure_exit() {
    local c list=(floor /bin/true) name metric value
    say "start to exit: -v, and -t on a whole configuration ($runs_exit runs each)"
    for c in "${CONTENDERS[@]}"; do list+=("$c" "${BINARY[$c]}"); done
    # One shell in one namespace for all, since -t looks at the interfaces; the first round only warms the page cache.
    # shellcheck disable=SC2016
    ip netns exec "$(space_of keepalived)" bash -c '
        runs=$1 conf=$2; shift 2; list=("$@")
        timed() {
            local what=$1 name=$2 from till result=0; shift 2
            from=$EPOCHREALTIME
            "$@" </dev/null >/dev/null 2>&1 || result=$?
            till=$EPOCHREALTIME
            if ((run > 0)); then echo "$name $what $((${till/./} - ${from/./})) $result"; fi
        }
        for ((run = 0; run <= runs; run++)); do
            for ((i = 0; i < ${#list[@]}; i += 2)); do
                timed exit_v "${list[i]}" "${list[i + 1]}" -v
                timed exit_t "${list[i]}" "${list[i + 1]}" -t -f "$conf"
            done
        done' bash "$runs_exit" "$WORK/story.conf" "${list[@]}" >"$WORK/exits"
    while read -r name metric value; do add "$metric" "$name" "$value"; done \
        < <(awk '$4 == 0 { printf "%s %s %.3f\n", $1, $2, $3 / 1000 }' "$WORK/exits")
    while read -r name metric value; do
        : >"$WORK/$name.log"
        failed "$name" "$name" "${metric/exit_/-} ended with $value"
        rm -f "$WORK/data/$metric.$name"
    done < <(awk '$4 != 0 { print $1, $2, $4 }' "$WORK/exits" | sort -u)
}

measure_start() {
    local run c
    say "start to first advert ($runs_start runs each)"
    for ((run = 0; run <= runs_start; run++)); do
        for c in $(rotated "$run"); do
            hush "$c"
            start "$c" "$c" "$(space_of "$c")" one
            if await 5 heard_anything "$c"; then
                if ((run > 0)); then first_after "$WORK/$c.heard" "$(<"$WORK/$c.start")" | sed 's/^/first /' | add_all "$c"; fi
            else
                failed "$c" "$c" "no first advert in 5 s"
            fi
            destroy "$c" "$(space_of "$c")"
        done
    done
}

# ---------------------------------------------------------------------------------------------- 4 and 6 the steady state

# usage_of PID...: "TIME MICROSECONDS SWITCHES" so far. schedstat counts nanoseconds; the ticks of utime and stime (10 ms) are too
# coarse for a daemon that works 2 ms in 30 s, and serve only where the kernel has no schedstat.
usage_of() {
    local pid files=()
    for pid; do
        files+=("/proc/$pid/task"/*/status)
        if [[ -r /proc/self/schedstat ]]; then files+=("/proc/$pid/task"/*/schedstat); else files+=("/proc/$pid/stat"); fi
    done
    cat "${files[@]}" | awk -v now="$EPOCHREALTIME" -v hz="$(getconf CLK_TCK)" '
        /ctxt_switches:/ { switches += $2 }
        /^[0-9]+ [0-9]+ [0-9]+$/ { micros += $1 / 1000 }
        /^[0-9]+ \(/ { sub(/.*\) /, ""); micros += ($12 + $13) * 1e6 / hz }
        END { printf "%s %.0f %d\n", now, micros, switches }'
}

# spent SUFFIX: from two lines of usage_of, each counted per 30 s
spent() {
    awk -v suffix="$1" 'NR == 1 { t = $1; m = $2; s = $3 }
        NR == 2 { printf "cpu%s %.3f\nswitches%s %.1f\n", suffix, ($2 - m) / 1000 * 30 / ($1 - t), suffix, ($3 - s) * 30 / ($1 - t) }'
}

# intervals FILE FROM TILL BLOCKS SUFFIX: how regular are the adverts of each router that were captured in that time? Drift and
# jitter block by block; with one router every interval is a sample of its own, and the extremes are single numbers. Jitter is the
# distance from the median interval: a constant drift is not counted twice.
intervals() {
    awk -v from="$2" -v till="$3" -v blocks="$4" -v suffix="$5" '
        function sort_numbers(list, n,   i, j, v, gap) {
            for (gap = int(n / 2); gap > 0; gap = int(gap / 2))
                for (i = gap + 1; i <= n; i++) {
                    v = list[i]
                    for (j = i; j > gap && list[j - gap] > v; j -= gap) list[j] = list[j - gap]
                    list[j] = v
                }
        }
        function deviations(list, n,   i, middle) {
            sort_numbers(list, n)
            middle = (list[int((n + 1) / 2)] + list[int(n / 2) + 1]) / 2
            for (i = 1; i <= n; i++) list[i] = list[i] < middle ? middle - list[i] : list[i] - middle
            sort_numbers(list, n)
        }
        function at(list, n, p,   i) { i = int(p * n + 0.999999); return list[i < 1 ? 1 : i] }
        $1 >= from && $1 < till && match($0, /vrid [0-9]+/) {
            router = substr($0, RSTART, RLENGTH)
            t = ($1 - from) * 1e6
            if (router in last) {
                b = int(($1 - from) / (till - from) * blocks)
                count[b]++
                interval[b, count[b]] = t - last[router]
                whole[++n] = t - last[router]
                drift[b] += t - last[router] - 1e6
                sum += t - last[router] - 1e6
            } else routers++
            last[router] = t
        }
        END {
            if (n < 2) exit
            printf "drift_sum%s %.0f\n", suffix, sum / routers
            for (b = 0; b < blocks; b++) {
                if (count[b] < 2) continue
                for (i = 1; i <= count[b]; i++) part[i] = interval[b, i]
                deviations(part, count[b])
                printf "drift%s %.1f\n", suffix, drift[b] / count[b]
                if (count[b] >= 100)
                    printf "jitter50%s %.1f\njitter99%s %.1f\n", suffix, at(part, count[b], 0.5), suffix, at(part, count[b], 0.99)
            }
            deviations(whole, n)
            if (count[0] < 100) {
                for (i = 1; i <= n; i++) printf "jitter50%s %.1f\n", suffix, whole[i]
                printf "jitter99%s %.1f\n", suffix, at(whole, n, 0.99)
            }
            printf "jittermax%s %.1f\n", suffix, whole[n]
        }' "$1"
}

# measure_steady CONFIGURATION SUFFIX: all at the same time, a fraction of a second apart, each in its own namespace
measure_steady() {
    local c from till block
    local -A pids=()
    say "steady state: $1 at 1 s, all at the same time ($blocks x $seconds_block s)"
    for c in "${CONTENDERS[@]}"; do
        hush "$c"
        start "$c" "$c" "$(space_of "$c")" "$1"
        nap 0.37
    done
    nap $SETTLE
    for c in "${CONTENDERS[@]}"; do
        pids[$c]=$(processes_of "$c")
        rm -f "$WORK/$c.usage"
    done
    from=$EPOCHREALTIME
    for ((block = 0; block <= blocks; block++)); do
        if ((block > 0)); then nap "$seconds_block"; fi
        for c in "${CONTENDERS[@]}"; do
            # shellcheck disable=SC2086
            usage_of ${pids[$c]} >>"$WORK/$c.usage" 2>/dev/null || true
        done
    done
    till=$EPOCHREALTIME
    for c in "${CONTENDERS[@]}"; do
        if [[ -z ${pids[$c]} || ${pids[$c]} != "$(processes_of "$c")" ]] || ! heard_since "$c" "$from"; then
            failed "$c" "$c" "did not stay master ($1)"
            continue
        fi
        for ((block = 1; block <= blocks; block++)); do
            sed -n "$block,$((block + 1))p" "$WORK/$c.usage" | spent "$2" | add_all "$c"
        done
        intervals "$WORK/$c.heard" "$from" "$till" "$blocks" "$2" | add_all "$c"
    done
    for c in "${CONTENDERS[@]}"; do
        terminate "$c" "$(space_of "$c")"
        grep -i 'allocated' "$WORK/$c.log" | sed "s/^.* [0-9]\{4\}: //; s/^/$c, $1: /" >>"$WORK/allocated" || true
    done
}

# ---------------------------------------------------------------------------------------------- 5 failover

measure_failover() {
    local run c from skew
    skew=$(awk -v p=$BACKUP_PRIORITY 'BEGIN { printf "%.5f", (256 - p) / 256 * 1000 }')
    say "failover: SIGTERM to the master, a backup of the same kind takes over ($runs_failover runs each)"
    for ((run = 0; run < runs_failover; run++)); do
        for c in "${CONTENDERS[@]}"; do
            hush "$c"
            start "$c" "$c" "$(space_of "$c")" one
            start "$c-peer" "$c" "$(peer_of "$c")" backup
            nap 0.1
        done
        nap 1.8
        for c in $(rotated "$run"); do
            if ! heard "$c" 2 'prio 255' || heard "$c" 1 "prio $BACKUP_PRIORITY"; then
                failed "$c" "$c-peer" "no master and backup before the failover"
                continue
            fi
            from=$EPOCHREALTIME
            kill -TERM "${PID[$c]}"
            if await 4 heard "$c" 1 "prio $BACKUP_PRIORITY"; then
                first_after "$WORK/$c.heard" "$from" 'prio 0,' | sed 's/^/goodbye /' | add_all "$c"
                awk -v skew="$skew" -v own="prio $BACKUP_PRIORITY," '/prio 0,/ && !zero { zero = $1 }
                    index($0, own) && zero { printf "late %.3f\n", ($1 - zero) * 1000 - skew; exit }' "$WORK/$c.heard" | add_all "$c"
            else
                failed "$c" "$c-peer" "no failover in 4 s"
            fi
        done
        for c in "${CONTENDERS[@]}"; do
            terminate "$c" "$(space_of "$c")"
            destroy "$c-peer" "$(peer_of "$c")"
        done
    done
}

# ---------------------------------------------------------------------------------------------- 7 scale

measure_scale() {
    local run c
    say "scale: 250 instances, from exec until each has advertised ($runs_scale runs each)"
    for ((run = 0; run < runs_scale; run++)); do
        for c in $(rotated "$run"); do
            hush "$c"
            start "$c" "$c" "$(space_of "$c")" scale
            nap 0.5                                     # looking while it works would take a core from it
            if await 15 heard_routers "$c" 250 && await 5 has_addresses "$c" 250; then
                awk -v from="$(<"$WORK/$c.start")" 'match($0, /vrid [0-9]+/) {
                        v = substr($0, RSTART, RLENGTH); if (!(v in seen)) { seen[v]; last = $1 } }
                    END { printf "scale %.1f\n", (last - from) * 1000 }' "$WORK/$c.heard" | add_all "$c"
                memory_of "$c" | sed -n 's/^rss/scale_rss/p' | add_all "$c"
            else
                failed "$c" "$c" "not all of 250 instances advertised and set their addresses"
            fi
            destroy "$c" "$(space_of "$c")"
        done
    done
}

# ---------------------------------------------------------------------------------------------- the report

# metric | unit | a difference below this says nothing | what
rows() {
    cat <<ROWS
size|kB|0|executable file
libraries||0|shared libraries it loads
rss|kB|0|resident (VmRSS), all processes
pss|kB|0|proportional (Pss)
dirty|kB|0|private dirty
hwm|kB|0|peak resident (VmHWM)
processes||0|processes
threads||0|threads
exit_v|ms|0.2|start to exit of -v
exit_t|ms|0.2|start to exit of -t
first|ms|0.2|start to first advert
drift|us|1|interval of 1 s: mean error per advert
drift_sum|us|30|the same, summed over the run
jitter50|us|5|interval, jitter p50
jitter99|us|20|interval, jitter p99
jittermax|us|100|interval, jitter max
drift100|us|1|100 instances: mean error per advert
jitter50100|us|5|100 instances: jitter p50
jitter99100|us|20|100 instances: jitter p99
jittermax100|us|100|100 instances: jitter max
goodbye|ms|0.2|SIGTERM to priority 0 on the wire
late|ms|0.1|failover: backup late after skew time
cpu|ms|0.2|CPU time per 30 s
switches||2|context switches per 30 s
cpu100|ms|1|100 instances: CPU time per 30 s
switches100||5|100 instances: switches per 30 s
scale|ms|1|250 instances: until all advertised
scale_rss|kB|0|250 instances: resident
ROWS
}

# numbers METRIC CONTENDER: "COUNT MEDIAN QUARTILE1 QUARTILE3", nothing if it failed
numbers() {
    [[ -s $WORK/data/$1.$2 ]] || return 0
    sort -g "$WORK/data/$1.$2" | awk '
        function at(p,   x, i) { x = 1 + p * (NR - 1); i = int(x); return v[i] + (i < NR ? (x - i) * (v[i + 1] - v[i]) : 0) }
        { v[NR] = $1 } END { print NR, at(0.5), at(0.25), at(0.75) }'
}

# compare METRIC CONTENDER RESOLUTION: "RATIO|VERDICT" against keepalived; less is better, the sign is ignored. What is measured
# rather than counted (it has a resolution) must pass the rank-sum test of Mann and Whitney at 1 % before it is called a difference.
compare() {
    [[ -s $WORK/data/$1.keepalived && -s $WORK/data/$1.$2 ]] || { echo '-|**failed**'; return; }
    awk -v k="$(numbers "$1" keepalived)" -v v="$(numbers "$1" "$2")" -v resolution="$3" '
        function size(x) { return x < 0 ? -x : x }
        NR == FNR { theirs[++n] = size($1); next }
        { m++; for (i = 1; i <= n; i++) u += theirs[i] > size($1) ? 1 : theirs[i] == size($1) ? 0.5 : 0 }
        END {
            split(k, a, " "); split(v, b, " ")
            x = size(a[2]); y = size(b[2])
            if (x == 0) ratio = y == 0 ? "1.00" : "-"; else if (y == 0) ratio = "0"
            else if (y / x < 0.01) ratio = "< 0.01"; else ratio = sprintf("%.2f", y / x)
            if (x == y) verdict = "equal"
            else if (size(x - y) <= resolution || (x > 0 && y / x > 0.97 && y / x < 1.03)) verdict = "no difference that counts"
            else if (resolution > 0 && (n < 5 || m < 5)) verdict = "too few runs to say"
            else if (resolution > 0 && size(u - n * m / 2) < 2.576 * sqrt(n * m * (n + m + 1) / 12)) verdict = "within the noise"
            else verdict = y < x ? "better" : "**worse**"
            print ratio "|" verdict
        }' "$WORK/data/$1.keepalived" "$WORK/data/$1.$2"
}

# absolute "NUMBERS" UNIT: median (quartiles)
absolute() {
    [[ -n $1 ]] || { echo failed; return; }
    awk -v k="$1" -v unit="$2" '
        function number(x,   y) {
            y = x < 0 ? -x : x
            return sprintf(y >= 100 || x == int(x) ? "%.0f" : y >= 10 ? "%.1f" : "%.2f", x)
        }
        BEGIN {
            split(k, a, " ")
            printf "%s%s", number(a[2]), unit == "" ? "" : " " unit
            if (a[1] > 1 && number(a[3]) != number(a[4])) printf " (%s..%s)", number(a[3]), number(a[4])
        }'
}

# table: "what|ratio|verdict|ratio of musl|verdict of musl|keepalived|vrrpd|vrrpd-musl", one line per metric
table() {
    local metric unit resolution what c
    while IFS='|' read -r metric unit resolution what; do
        printf '%s' "$what"
        for c in vrrpd vrrpd-musl; do
            if [[ -v BINARY[$c] ]]; then printf '|%s' "$(compare "$metric" "$c" "$resolution")"; else printf '|-|not built'; fi
        done
        for c in keepalived vrrpd vrrpd-musl; do
            if [[ -v BINARY[$c] ]]; then printf '|%s' "$(absolute "$(numbers "$metric" "$c")" "$unit")"; else printf '|-'; fi
        done
        printf '\n'
    done < <(rows)

}

version_of() { { "$1" -v 2>&1 || true; } | head -1; }

# What the machine did meanwhile, ours included: "user nice system idle iowait irq softirq steal" at both ends
processor() { sed -n '1s/^cpu *//p' /proc/stat; }

noise() {
    awk -v a="$1" -v b="$2" -v cores="$(nproc)" -v load="$load_before" -v lost="$lost" 'BEGIN {
        n = split(a, x, " "); split(b, y, " ")
        for (i = 1; i <= 8 && i <= n; i++) total += y[i] - x[i]
        if (total == 0) total = 1
        busy = 100 * (1 - (y[4] - x[4] + y[5] - x[5]) / total)
        printf "load average %s when it began; over the run %d cores were %.0f %% busy (this benchmark included)", load, cores, busy
        printf " and the hypervisor took %.2f %% away", 100 * (y[8] - x[8]) / total
        if (lost > 0) printf "; tcpdump lost %d adverts, which look like missed ones", lost
        if (busy > 50) printf "; that is a busy machine, repeat on a quiet one before quoting a time" }'
}

print_table() {
    printf '\n%-40s %7s  %-27s %-24s %-24s %s\n' '(less is better)' 'ratio' 'vrrpd is' keepalived vrrpd vrrpd-musl
    awk -F'|' '{ gsub(/\*/, "", $3); printf "%-40s %7s  %-27s %-24s %-24s %s\n", $1, $2, $3, $6, $7, $8 }' "$WORK/table"
    printf '\n'
    note "ratio is vrrpd's median over keepalived's of this run; absolutes are median (quartiles)"
    note "the shell's own fork, exec and wait are inside -v and -t: $(absolute "$(numbers exit_v floor)" ms) for /bin/true"
    note "noise: $(noise "$processor_before" "$processor_after")"
    if [[ -s $WORK/allocated ]]; then sed 's/^/   /' "$WORK/allocated"; fi
}

list_of() {
    awk -F'|' -v verdict="$1" '$3 == verdict { printf "%s%s (%s)", n++ ? "; " : "", $1, $2 } END { if (!n) printf "nothing" }' "$WORK/table"
}

failures() {
    printf '%s\n' "${FAILED[@]}" | sort | uniq -c | awk '{ times = $1; sub(/^ *[0-9]+ /, "")
        printf "%s%s%s", n++ ? "; " : "", $0, times > 1 ? " (" times " times)" : "" }'
}

write_results() {
    local c
    cat <<MD
# vrrpd beside keepalived, measured

Written by \`bench/run.sh\` ($mode run); regenerate rather than edit. [docs/benchmarks.md](../docs/benchmarks.md) has the method.

Read the ratios: each is a median of vrrpd over the median of keepalived from the same run, 0.5 is half, **less is better everywhere**.
They survive a change of machine far better than the absolutes below them. "No difference that counts" is under 3 %, or under what the
method can tell; "within the noise" means that a rank test (Mann-Whitney, 1 %) cannot tell the two apart; "too few runs" that there is no
telling at all. Extremes (p99, max) belong to the host more than to the daemon.

- worse: $(list_of '**worse**')
- failed: $(if [[ ${#FAILED[@]} == 0 ]]; then echo nothing; else failures; fi)
- machine: $(nproc) × $(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -1), Linux $(uname -r)
- noise: $(noise "$processor_before" "$processor_after")
MD
    for c in "${CONTENDERS[@]}"; do printf -- '- %s: %s\n' "$c" "$(version_of "${BINARY[$c]}")"; done
    cat <<MD

## Ratios

| | vrrpd / keepalived | vrrpd is | musl / keepalived | musl is |
|---|---|---|---|---|
MD
    awk -F'|' '{ printf "| %s | %s | %s | %s | %s |\n", $1, $2, $3, $4, $5 }' "$WORK/table"
    cat <<MD

## Absolutes

Median (quartiles). Memory, processes and CPU are summed over all processes of the daemon.

| | keepalived | vrrpd | vrrpd-musl |
|---|---|---|---|
MD
    awk -F'|' '{ printf "| %s | %s | %s | %s |\n", $1, $6, $7, $8 }' "$WORK/table"
    cat <<MD

Inside \`-v\` and \`-t\` are $(absolute "$(numbers exit_v floor)" ms) of the shell that starts them (\`/bin/true\` the same way).
MD
    if [[ -s $WORK/allocated ]]; then
        { printf "\n## Managed memory\n\nWhat vrrpd says when it stops:\n\n"; sed "s/^/    /" "$WORK/allocated"; }
    fi
}

main() {
    local began=$SECONDS
    check_needs
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    load_before=$(cut -d' ' -f1 /proc/loadavg)
    processor_before=$(processor)
    make_room
    measure_file
    measure_exit
    measure_start
    measure_memory
    measure_steady one ""
    measure_steady hundred 100
    measure_failover
    measure_scale
    processor_after=$(processor)
    table >"$WORK/table"
    count_lost
    print_table
    write_results >"$WORK/RESULTS.md"
    cp "$WORK/RESULTS.md" "$output"
    configuration=(--output "$output")
    if [[ $mode == quick ]]; then configuration+=(--quick); fi
    KEEPALIVED=${BINARY[keepalived]} VRRPD_BINARY=${BINARY[vrrpd]} "$ROOT/bench/config.sh" "${configuration[@]}"
    note "written to $output after $((SECONDS - began)) s"
    [[ ${#FAILED[@]} == 0 ]] || exit 1
}

main

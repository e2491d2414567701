#!/bin/bash
# The story in one minute: two hosts, a web server on each, one virtual address, one client.
#   sudo demo/demo.sh              with out/vrrpd
#   sudo VRRPD_BINARY=… MASTER_BINARY=… BACKUP_BINARY=… demo/demo.sh
# Everything happens in namespaces made here and removed at the end, whatever the end is. Exit status 0: every step held.
set -u
here=$(cd "$(dirname "$0")" && pwd)
binary=${VRRPD_BINARY:-$here/../out/vrrpd}
declare -A daemon_of=([master]=${MASTER_BINARY:-$binary} [backup]=${BACKUP_BINARY:-$binary})
vip=10.10.30.0
export LC_ALL=C

fail() { echo "demo: $*" >&2; exit 1; }
[ "$(id -u)" -eq 0 ] || fail "needs root: it makes network namespaces"
for tool in ip unshare nsenter setpriv nginx curl perl ps pkill awk sed sysctl; do
    command -v "$tool" > /dev/null || fail "needs $tool"
done
for role in master backup; do
    [ -x "${daemon_of[$role]}" ] || fail "no daemon at ${daemon_of[$role]} (publish it there, or set VRRPD_BINARY)"
    daemon_of[$role]=$(readlink -f "${daemon_of[$role]}")
done
if [ -t 1 ]; then
    bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' yellow=$'\e[33m' cyan=$'\e[36m' blue=$'\e[34m' grey=$'\e[90m' plain=$'\e[0m'
else
    bold='' green='' red='' yellow='' cyan='' blue='' grey='' plain=''
fi

# --- the machine room -----------------------------------------------------------------------------------------------
for old in /tmp/vrrpd-demo.*; do # of a run that was killed
    [ -d "/proc/${old##*.}" ] || rm -rf "$old"
done
work=/tmp/vrrpd-demo.$$
mkdir -m 755 "$work" || exit 1
made_etc=
[ -d /etc/keepalived ] || { mkdir /etc/keepalived && made_etc=1; }
declare -A init
failed=0

cleanup() {
    trap '' INT TERM HUP
    exec 2> /dev/null
    touch "$work/quiet"
    for host in "${!init[@]}"; do kill -9 "${init[$host]}"; done
    wait
    rm -rf "$work"
    [ -z "$made_etc" ] || rmdir /etc/keepalived
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# A host has its own network, processes, /run and /etc/keepalived. The kernel ends it when this script is gone.
boot() {
    local host=$1 try
    mkdir -p "$work/$host/etc" "$work/$host/nginx"
    # shellcheck disable=SC2016
    setpriv --pdeathsig KILL unshare --net --mount --pid --fork --kill-child --mount-proc --propagation private bash -c '
        ip link set lo up
        mount -t tmpfs tmpfs /run && mount -t sysfs sysfs /sys && mount --bind "$1/etc" /etc/keepalived && touch "$1/ready"
        exec perl -e "\$SIG{CHLD} = q(IGNORE); sleep 60 while 1"' boot "$work/$host" < /dev/null > "$work/$host/boot.txt" 2>&1 &
    init[$host]=$!
    for ((try = 0; try < 150; try++)); do
        [ ! -e "$work/$host/ready" ] || break
        sleep 0.02
    done
    [ -e "$work/$host/ready" ] || fail "host $host did not boot: $(cat "$work/$host/boot.txt")"
    read -r "init[$host]" _ < "/proc/${init[$host]}/task/${init[$host]}/children"
}
on() { local host=$1; shift; nsenter -t "${init[$host]}" -n -m -p -- "$@"; }
plug() {
    local host=$1 address=$2
    nsenter -t "${init[bridge]}" -n -- ip link add "p-$host" type veth peer name ens192 netns "${init[$host]}"
    on bridge ip link set "p-$host" master br0 up
    on "$host" sysctl -qw net.ipv6.conf.all.disable_ipv6=1
    on "$host" ip link set ens192 up
    on "$host" ip addr add "$address/24" dev ens192
}

# --- the live timeline ----------------------------------------------------------------------------------------------
start=$EPOCHREALTIME
colour() { case $1 in master) echo "$green" ;; backup) echo "$blue" ;; client) echo "$yellow" ;; wire) echo "$cyan" ;; esac; }
say() { # TIME WHO TEXT
    local us=$((${1/./} - ${start/./}))
    printf '%s%7d.%03d%s  %s%-6s%s %s\n' "$grey" $((us / 1000000)) $((us / 1000 % 1000)) "$plain" "$(colour "$2")" "$2" "$plain" "$3"
}
title() { echo; say "$EPOCHREALTIME" "" "$bold$*$plain"; }
host_of() { case $1 in 10.10.30.1) echo master ;; 10.10.30.2) echo backup ;; *) echo "$1" ;; esac; }

noise='Registering|Running on|Command line|^ +|Opening file|CPU usage|Assigned|NOTICE|sockpool|Sending gratuitous|Starting VRRP child|discarding'
run_daemon() { # the log goes to $work/HOST.log whole, to the screen without the noise of a start
    local host=$1
    {
        on "$host" "${daemon_of[$host]}" -n -l -D 2>&1 < /dev/null
        echo "exit status $?"
    } 2> /dev/null | while IFS= read -r line; do
        now=$EPOCHREALTIME
        text=$(sed -E 's/^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8} [0-9]{4}: //' <<< "$line")
        echo "$now $text" >> "$work/$host.log"
        [[ $text =~ $noise ]] || [ -e "$work/quiet" ] || say "$now" "$host" "$text"
    done &
}
watch_wire() {
    local now kind one two speaker='' host
    while read -r now kind one two; do
        if [ "$kind" = burst ]; then
            say "$now" wire "$one gratuitous ARPs: $two"
            continue
        fi
        echo "$now $kind $one $two" >> "$work/wire.log"
        [ "$kind" = advert ] || continue
        host=$(host_of "$two")
        if [ "$one" = 0 ]; then
            say "$now" wire "$host says goodbye (priority 0)"
            speaker=''
        elif [ "$host" != "$speaker" ]; then
            say "$now" wire "${bold}$host is master$plain (advert with priority $one)"
            speaker=$host
        fi
    done
}
watch_client() {
    local now answer last=-
    while read -r now answer; do
        echo "$now $answer" >> "$work/client.log"
        if [ "$answer" != "$last" ]; then
            if [ "$answer" = - ]; then say "$now" client "${red}no answer$plain"; else say "$now" client "answered by $bold$answer$plain"; fi
            last=$answer
        fi
    done
}

# --- measuring ------------------------------------------------------------------------------------------------------
first() { awk -v since="$2" -v what="$3" '$1 >= since && $0 ~ what { print $1; exit }' "$work/$1.log"; }
await() { # FILE SINCE PATTERN SECONDS: sets $found to the time of the line
    local until=$((${EPOCHREALTIME/./} + $4 * 1000000))
    while found=$(first "$1" "$2" "$3"); [ -z "$found" ]; do
        if [ "${EPOCHREALTIME/./}" -gt "$until" ]; then
            say "$EPOCHREALTIME" "" "${red}not within $4 s: /$3/ in the log of $1$plain"
            exit 1
        fi
        sleep 0.05
    done
}
between() { echo $(((${2/./} - ${1/./}) / 1000)); }
# The longest time in FROM..TO without an answer from the virtual address, in ms.
outage() {
    awk -v from="$1" -v to="$2" '$1 >= from - 0.3 && $1 <= to && $2 != "-" { if (last && $1 - last > most) most = $1 - last; last = $1 }
        END { printf "%d", most * 1000 }' "$work/client.log"
}
rows=()
row() { # WHAT EXPECTED-TEXT LOW HIGH MEASURED (ms)
    local verdict=ok
    if [ "$5" -lt "$3" ] || [ "$5" -gt "$4" ]; then verdict=FAILED failed=1; fi
    rows+=("$1|$2|$5|$verdict")
    say "$EPOCHREALTIME" "" "$([ $verdict = ok ] && echo "$green" || echo "$red")$1: $5, expected $2: $verdict$plain"
}
start_web() {
    on "$1" nginx -e "$work/$1/nginx/error.log" -c "$work/$1/nginx/nginx.conf" < /dev/null > /dev/null 2>&1 &
}
stop_web() { on "$1" pkill -TERM -o -x nginx; }

# --- the story ------------------------------------------------------------------------------------------------------
echo "${bold}vrrpd demo${plain}: master ${daemon_of[master]}, backup ${daemon_of[backup]}"
touch "$work/wire.log" "$work/client.log" "$work/master.log" "$work/backup.log"
boot bridge
on bridge sysctl -qw net.ipv6.conf.all.disable_ipv6=1
on bridge ip link add br0 type bridge stp_state 0 mcast_snooping 0
on bridge ip link set br0 up
index=$(on bridge cat /sys/class/net/br0/ifindex)
for host in master:10.10.30.1 backup:10.10.30.2 client:10.10.30.9; do
    boot "${host%:*}"
    plug "${host%:*}" "${host#*:}"
done
for host in master backup; do
    cp "$here/$host.conf" "$work/$host/etc/keepalived.conf"
    install -m 755 "$here/check_alived.sh" "$work/$host/etc/check_alived.sh"
    sed "s#DIR#$work/$host/nginx#; s#NAME#$host#" "$here/nginx.conf" > "$work/$host/nginx/nginx.conf"
    start_web "$host"
done
on bridge perl "$here/listen.pl" "$index" 2> "$work/wire.txt" < /dev/null | watch_wire &
on client bash "$here/probe.sh" "$vip" 2> /dev/null < /dev/null | watch_client &
sleep 0.3

title "1  Both daemons start; the master takes $vip"
began=$EPOCHREALTIME
run_daemon backup
run_daemon master
await master "$began" 'Entering BACKUP STATE' 5
waiting=$found
await wire "$began" 'advert 254 10.10.30.1' 10
row "election: 3 x 2 s + skew 2/256 s" "6008" 5700 6500 "$(between "$waiting" "$found")"
elected=$found
await client "$elected" ' master$' 3
sleep 5.3
garps=$(awk -v since="$elected" '$1 >= since && $2 == "garp"' "$work/wire.log" | wc -l)
if [ "$garps" -eq 10 ]; then verdict=ok; else verdict=FAILED failed=1; fi
rows+=("gratuitous ARPs: 5 and, 5 s later, 5 more|10|$garps|$verdict")
adverts=$(awk -v since="$elected" '$1 >= since && $2 == "advert" { n++; last = $1; if (n == 1) one = $1 } END { printf "%d", (last - one) * 1000 / (n - 1) }' \
    "$work/wire.log")
row "advert interval, mean" "2000" 1980 2050 "$adverts"

title "2  nginx on the master stops: the check script finds out within 2 s"
began=$EPOCHREALTIME
stop_web master
await wire "$began" 'advert 0 10.10.30.1' 5
goodbye=$found
await wire "$goodbye" 'advert 100 10.10.30.2' 3
# keepalived says goodbye twice on a fault; the backup counts from the last.
goodbye=$(awk -v to="$found" '$1 < to && $2 == "advert" && $3 == 0 { t = $1 } END { print t }' "$work/wire.log")
row "backup takes over: skew 156/256 s" "609" 590 1000 "$(between "$goodbye" "$found")"
await client "$found" ' backup$' 3
sleep 1
row "outage: check interval + skew" "609 to 2700" 560 3200 "$(outage "$began" "$EPOCHREALTIME")"

title "3  nginx returns: the master preempts"
began=$EPOCHREALTIME
start_web master
await master "$began" 'Entering BACKUP STATE' 4
waiting=$found
await wire "$began" 'advert 254 10.10.30.1' 9
row "master again: 3 x 2 s + skew 2/256 s" "6008" 5700 6500 "$(between "$waiting" "$found")"
await client "$found" ' master$' 3
await backup "$began" 'Entering BACKUP STATE' 2
sleep 0.7
row "outage: hand-over (more on a busy machine)" "under 100" 0 1200 "$(outage "$began" "$EPOCHREALTIME")"

title "4a The master's daemon is stopped with SIGTERM"
began=$EPOCHREALTIME
on master sh -c 'kill -TERM $(cat /run/keepalived.pid)'
await wire "$began" 'advert 0 10.10.30.1' 3
goodbye=$found
await wire "$goodbye" 'advert 100 10.10.30.2' 3
row "backup takes over: skew 156/256 s" "609" 590 1000 "$(between "$goodbye" "$found")"
await client "$found" ' backup$' 3
await master "$began" 'exit status' 5
status=$(awk -v since="$began" '$1 >= since && /exit status/ { print $4; exit }' "$work/master.log")
row "exit status" "0" 0 0 "$status"
if on master ip -4 addr show dev ens192 | grep -q "$vip/"; then verdict=FAILED failed=1; else verdict=ok; fi
rows+=("address left behind|none|$([ $verdict = ok ] && echo none || echo $vip)|$verdict")
row "outage: skew" "609" 560 1100 "$(outage "$began" "$EPOCHREALTIME")"
say "$EPOCHREALTIME" "" "the master's daemon is started again"
again=$EPOCHREALTIME
run_daemon master
await wire "$again" 'advert 254 10.10.30.1' 10
await client "$found" ' master$' 3
sleep 0.5

title "4b The master's host dies: cable out, every process killed"
began=$EPOCHREALTIME
on bridge ip link set p-master down
kill -9 "${init[master]}"
unset 'init[master]'
await wire "$began" 'advert 100 10.10.30.2' 10
last=$(awk '$2 == "advert" && $3 == 254 { t = $1 } END { print t }' "$work/wire.log")
row "backup takes over: 3 x 2 s + skew 156/256 s" "6609" 6550 7100 "$(between "$last" "$found")"
await client "$found" ' backup$' 3
sleep 0.3
row "outage: the same, less the last advert's age" "4609 to 6900" 4500 7300 "$(outage "$began" "$EPOCHREALTIME")"

echo
printf '%s%-48s %14s %10s%s\n' "$bold" "what (times in ms, client asks every 20)" expected measured "$plain"
for line in "${rows[@]}"; do
    IFS='|' read -r what expected measured verdict <<< "$line"
    printf '%-48s %14s %10s  %s%s%s\n' "$what" "$expected" "$measured" "$([ "$verdict" = ok ] && echo "$green" || echo "$red")" "$verdict" "$plain"
done
us=$((${EPOCHREALTIME/./} - ${start/./}))
echo "$((us / 1000000)) s in all; $([ $failed = 0 ] && echo "every step held" || echo "${red}a step failed$plain")"
exit $failed

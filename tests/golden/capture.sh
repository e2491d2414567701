#!/usr/bin/env bash
# Captures what the installed keepalived and FRR put on the wire: NAME.hex (one Ethernet frame), NAME.txt (what it is) and lines of
# peers.txt (what tshark reads in it, not we). Root; a minute. Needs keepalived, frr, iproute2, tcpdump, tshark, perl.
#   tests/golden/capture.sh [PATTERN]      only the scenes whose name matches
# KEEPALIVED names another binary to play its scenes, OUT another directory for the results: to compare one daemon with another.
# Each scene has network, mount and process namespaces of its own: a daemon on ens192, and the other end of its cable, where we listen.
set -euo pipefail
export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SELF=$HERE/$(basename "${BASH_SOURCE[0]}")
export KEEPALIVED="${KEEPALIVED:-keepalived}" OUT="${OUT:-$HERE}"

readonly V4_1='10.10.30.0' V4_2='10.10.30.101 10.10.30.102/24'
V4_20=$(printf '10.10.30.%d ' {101..120}); readonly V4_20
readonly V6_1='fe80::5e:1' V6_2='fe80::5e:1 fd00:30::1/64'
V6_20="fe80::5e:1 $(printf 'fd00:30::%x/64 ' {1..19})"; readonly V6_20

# scene | daemon | options | addresses
#   options: v2 v3 (version), cs=N (interval, centiseconds), PASS AH, unicast unicast6 old (peers), vmac, router (forwarding on), prio=N
scenes() {
    cat <<TEXT
ka_v2_none_vip1|keepalived|v2|$V4_1
ka_v2_none_vip2|keepalived|v2|$V4_2
ka_v2_none_vip20|keepalived|v2|$V4_20
ka_v2_none_vmac|keepalived|v2 vmac|$V4_1
ka_v2_none_unicast|keepalived|v2 unicast|$V4_1
ka_v2_pass_vip1|keepalived|v2 PASS|$V4_1
ka_v2_pass_vip20|keepalived|v2 PASS|$V4_20
ka_v2_pass_unicast|keepalived|v2 PASS unicast|$V4_1
ka_v2_ah_vip1|keepalived|v2 AH|$V4_1
ka_v2_ah_vip2|keepalived|v2 AH|$V4_2
ka_v2_ah_vip20|keepalived|v2 AH|$V4_20
ka_v2_ah_unicast|keepalived|v2 AH unicast|$V4_1
ka_v3_ipv4_vip1|keepalived|v3 cs=20|$V4_1
ka_v3_ipv4_vip2|keepalived|v3 cs=20|$V4_2
ka_v3_ipv4_vip20|keepalived|v3 cs=20|$V4_20
ka_v3_ipv4_owner|keepalived|v3 cs=4095 prio=255|$V4_1
ka_v3_ipv4_vmac|keepalived|v3 cs=20 vmac|$V4_1
ka_v3_ipv4_unicast_vip1|keepalived|v3 cs=20 unicast|$V4_1
ka_v3_ipv4_unicast_vip20|keepalived|v3 cs=20 unicast|$V4_20
ka_v3_ipv4_unicast_old|keepalived|v3 cs=20 unicast old|$V4_1
ka_v3_ipv6_vip1|keepalived|v3 cs=20|$V6_1
ka_v3_ipv6_vip2|keepalived|v3 cs=20|$V6_2
ka_v3_ipv6_vip20|keepalived|v3 cs=20|$V6_20
ka_v3_ipv6_router|keepalived|v3 cs=20 router|$V6_2
ka_v3_ipv6_owner|keepalived|v3 cs=4095 prio=255|$V6_1
ka_v3_ipv6_vmac|keepalived|v3 cs=20 vmac|$V6_1
ka_v3_ipv6_unicast_vip1|keepalived|v3 cs=20 unicast6|$V6_1
ka_v3_ipv6_unicast_vip20|keepalived|v3 cs=20 unicast6|$V6_20
ka_v2_ipv6_vip1|keepalived|v2|$V6_1
frr_v2_vip1|frr|v2|10.10.30.100
frr_v2_vip20|frr|v2|$V4_20
frr_v3_ipv4_vip1|frr|v3 cs=20|10.10.30.100
frr_v3_ipv4_vip2|frr|v3 cs=20|10.10.30.101 10.10.30.102
frr_v3_ipv4_vip20|frr|v3 cs=20|$V4_20
frr_v3_ipv6_vip1|frr|v3 cs=20|$V6_1
frr_v3_ipv6_vip2|frr|v3 cs=20|$V6_2
frr_v3_ipv6_vip20|frr|v3 cs=20|$V6_20
TEXT
}

# ---------------------------------------------------------------------------------------------- inside one scene

has() { [[ " $options " == *" $1 "* ]]; }
option() { local o; for o in $options; do [[ $o != "$1="* ]] || { echo "${o#*=}"; return; }; done; echo "$2"; }

network() {
    ip link set lo up
    mount -t tmpfs tmpfs /run
    ip link add ens192 address 02:00:00:00:00:01 type veth peer name wire address 02:00:00:00:00:09
    sysctl -qw net.ipv6.conf.wire.disable_ipv6=1 net.ipv6.conf.ens192.accept_dad=0
    sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.default.router_solicitations=0 net.ipv6.conf.ens192.router_solicitations=0
    sysctl -qw net.ipv6.conf.all.forwarding="$(has router && echo 1 || echo 0)"
    ip link set wire up
    ip link set ens192 up
    ip addr add 10.10.30.1/24 dev ens192
    ip neigh add 10.10.30.9 lladdr 02:00:00:00:00:09 nud permanent dev ens192
    ip neigh add fe80::9 lladdr 02:00:00:00:00:09 nud permanent dev ens192
    until ip -6 addr show dev ens192 scope link -tentative | grep -q fe80; do sleep 0.05; done
}

keepalived_conf() {
    local a interval
    interval=$(option cs 100)
    echo "global_defs {
    router_id GOLDEN
    vrrp_garp_master_repeat 1
}
vrrp_instance VI_1 {
    state $([[ $(option prio 150) == 255 ]] && echo MASTER || echo BACKUP)
    interface ens192
    version $(has v3 && echo 3 || echo 2)
    virtual_router_id 51
    priority $(option prio 150)
    advert_int $((interval / 100)).$(printf %02d $((interval % 100)))"
    ! has vmac || echo "    use_vmac"
    ! has old || echo "    old_unicast_checksum"
    ! has unicast || echo "    unicast_src_ip 10.10.30.1
    unicast_peer {
        10.10.30.9
    }"
    ! has unicast6 || echo "    unicast_src_ip fe80::ff:fe00:1
    unicast_peer {
        fe80::9
    }"
    for a in PASS AH; do
        ! has $a || echo "    authentication {
        auth_type $a
        auth_pass KP_PASS
    }"
    done
    echo "    virtual_ipaddress {"
    for a in $addresses; do echo "        $a"; done
    echo "    }
}"
}

start_keepalived() {
    keepalived_conf >keepalived.conf
    "$KEEPALIVED" -n -l -D -f "$PWD/keepalived.conf" -p /run/k.pid -r /run/k.vrrp.pid >daemon.log 2>&1 &
    daemon=$!
}

# FRR wants its macvlan made, with the addresses on it.
start_frr() {
    local a family=4 mac=00:00:5e:00:01:33 word=ip
    [[ $addresses != *:* ]] || { family=6 mac=00:00:5e:00:02:33 word=ipv6; }
    ip link add vrrp$family link ens192 type macvlan mode bridge
    ip link set dev vrrp$family address $mac addrgenmode random
    for a in $addresses; do
        case $a in
            fe80*) ip addr add "$a/64" dev vrrp$family nodad ;;
            *:*) ip addr add "${a%/*}/64" dev vrrp$family nodad ;;
            *) ip addr add "${a%/*}/24" dev vrrp$family ;;
        esac
    done
    ip link set dev vrrp$family up
    mkdir -p /run/frr
    {
        echo "log stdout informational"
        echo "interface ens192"
        echo " vrrp 51 version $(has v3 && echo 3 || echo 2)"
        echo " vrrp 51 priority 150"
        echo " vrrp 51 advertisement-interval $(($(option cs 100) * 10))"
        for a in $addresses; do echo " vrrp 51 $word ${a%/*}"; done
    } >/run/frr/vrrpd.conf
    : >/run/frr/zebra.conf
    chown -R frr:frr /run/frr
    /usr/lib/frr/zebra -f /run/frr/zebra.conf -i /run/frr/zebra.pid -z /run/frr/zserv.api --vty_socket /run/frr -P 0 >zebra.log 2>&1 &
    until [[ -S /run/frr/zserv.api ]]; do sleep 0.05; done
    sleep 0.5
    /usr/lib/frr/vrrpd -f /run/frr/vrrpd.conf -i /run/frr/vrrpd.pid -z /run/frr/zserv.api --vty_socket /run/frr -P 0 >daemon.log 2>&1 &
    daemon=$!
}

# What tshark reads in every frame, once; one line per frame, cells separated by tabs.
readonly FIELDS='frame.number eth.src eth.dst ip.src ipv6.src ip.dst ipv6.dst ip.id ip.flags.df ip.dsfield ipv6.tclass ip.ttl ipv6.hlim
    vrrp.virt_rtr_id vrrp.prio vrrp.auth_type vrrp.adver_int vrrp.short_adver_int vrrp.checksum vrrp.ip_addr vrrp.ipv6_addr ah.spi ah.sequence ah.icv
    arp.opcode arp.src.hw_mac arp.src.proto_ipv4 arp.dst.hw_mac arp.dst.proto_ipv4
    icmpv6.type icmpv6.nd.na.flag.r icmpv6.nd.na.flag.s icmpv6.nd.na.flag.o icmpv6.nd.na.target_address icmpv6.opt.linkaddr icmpv6.checksum'

judge() {
    local field argv=()
    for field in $FIELDS; do argv+=(-e "$field"); done
    tshark -n -r wire.pcap -T fields -E separator=/t -E aggregator=, "${argv[@]}" >frames 2>/dev/null
}

# Picks the frames to keep: the first advert, the second, the last; two announcements of each kind. Writes them, and the lines of peers.txt.
readonly KEEP='
    use strict;
    my ($out, $scene, $said, $password, @names) = @ARGV;
    my (@frames, @adverts, @arps, @nas);
    open my $pcap, "<:raw", "wire.pcap" or die; read $pcap, my $head, 24;
    open my $list, "<", "frames" or die;
    while (<$list>) {
        chomp;
        my %f; @f{@names} = split /\t/, $_, -1;
        read $pcap, my $record, 16; read $pcap, $f{bytes}, (unpack "V4", $record)[2];
        s/^True$/1/, s/^False$/0/ for values %f;
        push @adverts, \%f if $f{"vrrp.prio"} ne "";
        push @arps, \%f if $f{"arp.opcode"} eq "1" && $f{"arp.src.proto_ipv4"} eq $f{"arp.dst.proto_ipv4"};
        push @nas, \%f if $f{"icmpv6.type"} eq "136" && $f{"ipv6.dst"} eq "ff02::1";
    }
    die "$scene: " . @adverts . " adverts\n" if @adverts < 2;
    die "$scene: no farewell\n" if $adverts[-1]{"vrrp.prio"} ne "0";
    open my $lines, ">", "lines" or die;
    sub keep {
        my ($f, $suffix, $what, $kind, @cells) = @_;
        open my $hex, ">", "$out/$scene$suffix.hex" or die; print $hex unpack("H*", $f->{bytes}), "\n";
        open my $txt, ">", "$out/$scene$suffix.txt" or die; print $txt "$what of $said\n";
        print $lines join(" ", $kind, "$scene$suffix", map { defined $_ && $_ ne "" ? $_ : "-" } @cells), "\n";
    }
    sub advert {
        my ($f, $suffix, $what) = @_;
        my $six = $f->{"ip.src"} eq "";
        my @common = (@$f{"eth.src", "eth.dst"}, $six ? @$f{"ipv6.src", "ipv6.dst"} : @$f{"ip.src", "ip.dst"},
            $six ? "-" : hex $f->{"ip.id"}, hex($six ? $f->{"ipv6.tclass"} : $f->{"ip.dsfield"}), $six ? $f->{"ipv6.hlim"} : $f->{"ip.ttl"},
            $f->{"ip.flags.df"} eq "1" ? "df" : "-", @$f{"vrrp.virt_rtr_id", "vrrp.prio"});
        my $addresses = $six ? $f->{"vrrp.ipv6_addr"} : $f->{"vrrp.ip_addr"};
        my $auth = $f->{"vrrp.auth_type"};
        if ($auth eq "") { keep($f, $suffix, $what, "v3", @common, $f->{"vrrp.short_adver_int"}, $f->{"vrrp.checksum"}, $addresses); return; }
        my @ah = $auth == 2 ? (@$f{"ah.spi", "ah.sequence", "ah.icv"}) : ();
        s/://g for @ah;
        keep($f, $suffix, $what, $auth == 2 ? "ah" : $six ? "v2over6" : "v2", @common, $auth, $f->{"vrrp.adver_int"}, $f->{"vrrp.checksum"},
            $auth ? $password : "-", $addresses, @ah);
    }
    advert($adverts[0], "", "the first advert");
    advert($adverts[1], "_second", "the second advert") if @adverts > 2;
    advert($adverts[-1], "_farewell", "the last of " . @adverts . " adverts");
    for (1, 2) {
        my $f = $arps[$_ - 1] or next;
        keep($f, "_garp$_", "gratuitous ARP $_", "arp", @$f{"eth.src", "eth.dst", grep /^arp/, @names});
    }
    for (1, 2) {
        my $f = $nas[$_ - 1] or next;
        keep($f, "_na$_", "unsolicited neighbour advertisement $_", "na", @$f{"eth.src", "eth.dst", "ipv6.src", "ipv6.dst"},
            hex $f->{"ipv6.tclass"}, $f->{"ipv6.hlim"}, @$f{grep /^icmpv6\.[^t]/, @names});
    }'

scene() {
    scene=$1 daemon_name=$2 options=$3 addresses=$4
    cd "$WORK"
    network
    tcpdump -i wire --immediate-mode -U -w wire.pcap 'ip proto 112 or ip proto 51 or arp or ip6' 2>/dev/null &
    listener=$!
    until [[ -s wire.pcap ]]; do sleep 0.05; done
    sleep 0.2
    start_"$daemon_name"
    # Three intervals and the skew until it is master, and some adverts more.
    if has v3 && [[ $(option prio 150) != 255 ]]; then sleep 3; else sleep 6.3; fi
    kill "$daemon"; wait "$daemon" || true
    sleep 0.3
    kill "$listener"; wait "$listener" || true
    judge
    perl -e "$KEEP" "$OUT" "$scene" "$daemon_name; options: $options; addresses: $(echo $addresses)" KP_PASS $FIELDS || { tail -20 daemon.log >&2; exit 1; }
}

# ---------------------------------------------------------------------------------------------- all scenes

main() {
    [[ $(id -u) == 0 ]] || { echo "capture.sh: needs root (network namespaces)" >&2; exit 2; }
    local room name daemon options addresses failed=0 at=0
    room=$(mktemp -d)
    trap 'rm -rf "$room"' EXIT
    while IFS='|' read -r name daemon options addresses; do
        [[ $name =~ ${1:-.} ]] || continue
        mkdir "$room/$name"
        # Six at a time.
        if ((++at > 6)); then wait -n || failed=1; fi
        WORK=$room/$name unshare --net --mount --pid --fork --kill-child --mount-proc --propagation private \
            "$SELF" --scene "$name" "$daemon" "$options" "$addresses" </dev/null &
    done < <(scenes)
    while [[ -n $(jobs -rp) ]]; do wait -n || failed=1; done
    touch "$OUT/peers.txt"
    while IFS='|' read -r name daemon options addresses; do
        [[ -f $room/$name/lines ]] || continue
        sed -i -E "/^[a-z0-9]+ $name(_[a-z0-9]+)? /d" "$OUT/peers.txt"
        cat "$room/$name/lines" >>"$OUT/peers.txt"
    done < <(scenes)
    {
        cat <<'TEXT'
# What each frame captured by capture.sh says, as tshark reads it (not as we do): keepalived 2.2.7 (ka_) and FRR 8.4.4 (frr_) of Debian 12.
# Numbers are decimal, the checksum is hexadecimal; "-" is nothing: no DF bit, no IP identification in IPv6, no password, no address.
# v2 NAME ethernet-source ethernet-destination source destination ip-id tos ttl df vrid priority auth-type interval-seconds checksum password addresses
# ah ... as v2, then: spi sequence icv     (inside an authentication header; the key is KP_PASS padded with zero to 8 bytes)
# v2over6 ... as v2                        (keepalived's own invention; nobody else's)
# v3 NAME ethernet-source ethernet-destination source destination ip-id tos ttl df vrid priority interval-centiseconds checksum addresses
# arp NAME ethernet-source ethernet-destination operation sender-mac sender-ip target-mac target-ip
# na NAME ethernet-source ethernet-destination source destination traffic-class hop-limit router solicited override target option-mac checksum
TEXT
        grep -v '^#' "$OUT/peers.txt" | sort -k2,2 -V
    } >"$room/peers"
    mv "$room/peers" "$OUT/peers.txt"
    chmod 644 "$OUT/peers.txt"
    exit $failed
}

if [[ ${1:-} == --scene ]]; then shift; scene "$@"; else main "$@"; fi

using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace Vrrpd.Netns.Tests.Harness;

/// <summary>A stranger who shouts wrong version 3 packets of either family, to the group or to one host, in turn in every way that is refused.</summary>
internal static class Flood
{
    private const string Program = """
        use Socket qw(:all); use Time::HiRes qw(time sleep);
        my ($from, $to, $per_ms, $seconds, $nic, $trailer) = @ARGV;
        my $six = $from =~ /:/;
        my ($family, $size) = $six ? (AF_INET6, 16) : (AF_INET, 4);
        my ($src, $dst) = (inet_pton($family, $from), inet_pton($family, $to));
        open(my $f, "<", "/sys/class/net/$nic/ifindex") or die "$nic: $!";
        my $index = 0 + <$f>;
        my %sockets;
        sub speaker {
            my ($ttl) = @_;
            return $sockets{$ttl} if $sockets{$ttl};
            socket(my $s, $family, SOCK_RAW, $six ? 112 : 255) or die "socket: $!";
            if ($six) {
                setsockopt($s, 41, $_, pack("i", $ttl)) or die "hops: $!" for (16, 18);
                setsockopt($s, 41, 17, pack("i", $index)) or die "multicast interface: $!";
                bind($s, pack_sockaddr_in6(0, $src, $index)) or die "bind: $!";
            } else {
                setsockopt($s, 0, 32, $src) or die "multicast interface: $!";
            }
            return $sockets{$ttl} = $s;
        }
        sub sum {
            my $t = 0;
            $t += $_ for unpack("n*", $_[0] . (length($_[0]) % 2 ? "\0" : ""));
            $t = ($t & 0xffff) + ($t >> 16) while $t >> 16;
            return ~$t & 0xffff;
        }
        sub packet {
            my (%say) = (version => 3, type => 1, ttl => 255, count => 1, interval => 100, spoil => 0, cut => 0, more => "", @_);
            my $vip = inet_pton($family, $six ? "fe80::51" : "10.10.30.100");
            my $v = pack("CCCCnn", $say{version} * 16 + $say{type}, 51, 254, $say{count}, $say{interval}, 0) . $vip x $say{count};
            my $whole = $v . ($six ? $say{more} : "");
            my $pseudo = $src . $dst . ($six ? pack("NN", length $whole, 112) : pack("CCn", 0, 112, length $whole));
            substr($v, 6, 2) = pack("n", sum($pseudo . $whole) ^ $say{spoil});
            $v .= $say{more};
            $v = substr($v, 0, $say{cut}) if $say{cut};
            $v = pack("CCnnnCCn", 0x45, 0xc0, 20 + length $v, 7, 0, $say{ttl}, 112, 0) . $src . $dst . $v if !$six;
            return [$say{ttl}, $v];
        }
        my @junk = (packet(spoil => 0x0101), packet(version => 2), packet(version => 7), packet(type => 2), packet(cut => 7), packet(cut => 11),
            packet(count => 0), packet(interval => 0), packet(more => "x" x 4), packet(more => "x" x 28));
        push @junk, packet(ttl => 64) if $dst eq inet_pton($family, $six ? "ff02::12" : "224.0.0.18");
        if ($trailer) {
            my $now = time;
            push @junk, packet();
            push @junk, packet(more => pack("CCnNnn", @$_, 0, 0) . "y" x 16) for [1, 1, 0, $now], [1, 9, 0, $now], [1, 1, 0, $now - 1000], [2, 1, 0, $now];
        }
        my $to = $six ? pack_sockaddr_in6(0, $dst, $index) : pack_sockaddr_in(0, $dst);
        my ($sent, $start) = (0, time);
        while ((my $passed = time - $start) < $seconds) {
            for (; $sent < $passed * 1000 * $per_ms; $sent++) {
                my ($ttl, $bytes) = @{$junk[$sent % @junk]};
                send(speaker($ttl), $bytes, 0, $to) or die "send: $!";
            }
            sleep 0.001;
        }
        print "$sent\n";
        """;

    /// <summary>Starts it on a host; it ends by itself, and <see cref="Perl.Finish"/> says how many packets it sent.</summary>
    public static Process Start(Lan lan, Host host, string from, string to, int perMillisecond, double seconds, bool hasTrailers)
    {
        string file = Path.Combine(host.Directory, "flood.pl");
        File.WriteAllText(file, Program);
        lan.Say($"{host.Name}: {perMillisecond} packets per millisecond for {seconds:F1} s from {from} to {to}");
        return host.StartProcess(
            [
                "perl", file, from, to, perMillisecond.ToString(CultureInfo.InvariantCulture), seconds.ToString(CultureInfo.InvariantCulture), Story.Nic,
                hasTrailers ? "1" : "",
            ]);
    }
}

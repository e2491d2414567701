using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace Vrrpd.Netns.Tests.Harness;

/// <summary>Small perl programs (perl-base is on every Debian) for what no tool at hand does.</summary>
internal static class Perl
{
    /// <summary>Pretends, from its address, to be a master of virtual router 51, wrongly in turn in every way a receiver must refuse.</summary>
    private const string Junk = """
        use Socket; use Time::HiRes qw(time sleep);
        my ($src, $per_ms, $seconds, $priority) = @ARGV;
        socket(my $s, PF_INET, SOCK_RAW, 255) or die "socket: $!";
        setsockopt($s, 0, 32, inet_aton($src)) or die "multicast interface: $!";
        my $to = pack_sockaddr_in(0, inet_aton("224.0.0.18"));
        sub sum { my $t = 0; $t += $_ for unpack("n*", $_[0]); $t = ($t & 0xffff) + ($t >> 16) while $t >> 16; return ~$t & 0xffff; }
        sub packet {
            my ($version, $ttl, $pass, $spoil, $cut) = @_;
            my $v = pack("CCCCCCn", $version * 16 + 1, 51, $priority || 254, 1, 1, 1, 0) . inet_aton("10.10.30.0") . pack("a8", $pass);
            substr($v, 6, 2) = pack("n", sum($v) ^ $spoil);
            $v = substr($v, 0, $cut) if $cut;
            return pack("CCnnnCCn", 0x45, 0xc0, 20 + length $v, 7, 0, $ttl, 112, 0) . inet_aton($src) . inet_aton("224.0.0.18") . $v;
        }
        my @junk = (packet(2, 255, "KP_PASS", 0x0101), packet(2, 64, "KP_PASS", 0), packet(3, 255, "KP_PASS", 0),
            packet(7, 255, "KP_PASS", 0), packet(2, 255, "WRONG", 0), packet(2, 255, "KP_PASS", 0, 7), packet(2, 255, "KP_PASS", 0, 15));
        @junk = (packet(2, 255, "KP_PASS", 0)) if $priority;
        my ($sent, $start) = (0, time);
        while ((my $passed = time - $start) < $seconds) {
            for (; $sent < $passed * 1000 * $per_ms; $sent++) { send($s, $junk[$sent % @junk], 0, $to) or die "send: $!"; }
            sleep 0.001;
        }
        print "$sent\n";
        """;

    /// <summary>Prints "address/prefix protocol" for every IPv4 address, IFA_PROTO included, which iproute2 of Debian 12 does not show.</summary>
    private const string Protocols = """
        socket(my $s, 16, 3, 0) or die "netlink: $!";
        send($s, pack("LSSLL CCCCL", 24, 22, 0x301, 1, 0, 2, 0, 0, 0, 0), 0) or die "send: $!";
        OUTER: while (1) {
            recv($s, my $b, 65536, 0);
            while (length $b >= 16) {
                my ($len, $type) = unpack("LS", $b);
                last OUTER if $type == 3 || $type == 2;
                my ($m, $prefix, $address, $proto) = (substr($b, 16, $len - 16), 0, "", 0);
                $prefix = unpack("xC", $m);
                $m = substr($m, 8);
                while (length $m >= 4) {
                    my ($l, $t) = unpack("SS", $m);
                    my $d = substr($m, 4, $l - 4);
                    $address = join ".", unpack("C4", $d) if $t == 2;
                    $proto = unpack("C", $d) if $t == 11;
                    my $step = ($l + 3) & ~3;
                    $m = $step < length $m ? substr($m, $step) : "";
                }
                print "$address/$prefix $proto\n";
                $b = substr($b, ($len + 3) & ~3);
            }
        }
        """;

    /// <summary>Starts a sender of good adverts of that priority; it ends by itself.</summary>
    public static Process StartAdverts(Lan lan, Host host, string source, int perMillisecond, double seconds, int priority)
    {
        return Start(lan, host, source, perMillisecond, seconds, priority);
    }

    /// <summary>Starts the junk sender on a host; it ends by itself.</summary>
    public static Process StartJunk(Lan lan, Host host, string source, int perMillisecond, double seconds)
    {
        return Start(lan, host, source, perMillisecond, seconds, 0);
    }

    private static Process Start(Lan lan, Host host, string source, int perMillisecond, double seconds, int priority)
    {
        string file = Path.Combine(host.Directory, "junk.pl");
        File.WriteAllText(file, Junk);
        lan.Say($"{host.Name}: {perMillisecond} {(priority > 0 ? "adverts" : "junk packets")} per millisecond for {seconds:F1} s");
        return host.StartProcess(
            [
                "perl", file, source, perMillisecond.ToString(CultureInfo.InvariantCulture), seconds.ToString(CultureInfo.InvariantCulture),
                priority.ToString(CultureInfo.InvariantCulture),
            ]);
    }

    /// <summary>Waits for the junk sender and returns how many packets it sent.</summary>
    public static int Finish(Process junk)
    {
        if (!junk.WaitForExit(30_000))
        {
            junk.Kill(entireProcessTree: true);
            throw new TimeoutException("the junk sender does not end");
        }

        string errors = junk.StandardError.ReadToEnd();
        string output = junk.StandardOutput.ReadToEnd();
        junk.Dispose();
        return errors.Length == 0 ? int.Parse(output, CultureInfo.InvariantCulture) : throw new InvalidOperationException(errors);
    }

    /// <summary>The host's IPv4 addresses, one "address/prefix protocol" per line.</summary>
    public static string AddressProtocols(Host host)
    {
        string file = Path.Combine(host.Directory, "protocols.pl");
        File.WriteAllText(file, Protocols);
        return host.Run("perl", file).OrFail("reading address protocols").Out;
    }
}

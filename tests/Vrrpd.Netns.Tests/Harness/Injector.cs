using System;
using System.Diagnostics;
using System.IO;
using System.Threading;

namespace Vrrpd.Netns.Tests.Harness;

/// <summary>Puts whole Ethernet frames on the wire of a host, in the moment they are given.</summary>
internal sealed class Injector : IDisposable
{
    private const string Program = """
        socket(my $s, 17, 3, 0) or die "packet socket: $!";
        open(my $f, "<", "/sys/class/net/$ARGV[0]/ifindex") or die "no $ARGV[0]"; chomp(my $index = <$f>);
        my $to = pack("SniSCCx8", 17, 3, $index, 0, 0, 6);
        $| = 1;
        print "ready\n";
        while (<STDIN>) { chomp; send($s, pack("H*", $_), 0, $to) or die "send: $!"; }
        """;

    private readonly Process _process;
    private readonly Lock _turn = new();
    private bool _isOver;

    /// <summary>Begins on the host's interface.</summary>
    public Injector(Host host)
    {
        string file = Path.Combine(host.Directory, "inject.pl");
        File.WriteAllText(file, Program);
        _process = host.StartProcess(["perl", file, Story.Nic]);
        if (_process.StandardOutput.ReadLine() != "ready")
        {
            throw new InvalidOperationException(_process.StandardError.ReadToEnd());
        }
    }

    /// <summary>Sends one frame; none after <see cref="Dispose"/>, when a timer may still be on its way here.</summary>
    public void Send(ReadOnlySpan<byte> frame)
    {
        string line = Convert.ToHexString(frame);
        lock (_turn)
        {
            if (!_isOver)
            {
                _process.StandardInput.WriteLine(line);
                _process.StandardInput.Flush();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_turn)
        {
            _isOver = true;
        }

        _process.StandardInput.Close();
        _process.WaitForExit(2000);
        _process.Dispose();
    }
}

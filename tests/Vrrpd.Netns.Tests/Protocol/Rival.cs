using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Threading;
using Vrrpd.Netns.Tests.Harness;

namespace Vrrpd.Netns.Tests.Protocol;

/// <summary>What is spoken in a test.</summary>
/// <param name="Version">VRRP version.</param>
/// <param name="IsV6">IPv6 instead of IPv4.</param>
public sealed record Speech(int Version, bool IsV6)
{
    /// <summary>Our interval, in seconds.</summary>
    public double Interval => Version == 2 ? 1 : 0.3;

    /// <summary>Another interval, which a backup of version 3 learns; version 2 has to have the same.</summary>
    public double Other => Version == 2 ? 1 : 0.5;

    /// <summary>The virtual addresses.</summary>
    public string[] Addresses => IsV6 ? ["fe80::51", "fd00:30::100"] : ["10.10.30.100"];

    /// <summary>The own address with this number: the higher number is the higher address.</summary>
    public string Address(int number)
    {
        return IsV6 ? $"fe80::{number}" : $"10.10.30.{number}";
    }

    /// <summary>Skew_Time at a learnt interval.</summary>
    public double Skew(int priority, double interval)
    {
        return (256 - priority) / 256.0 * (Version == 2 ? 1 : interval);
    }

    /// <summary>Active_Down_Interval at a learnt interval.</summary>
    public double Down(int priority, double interval)
    {
        return (3 * interval) + Skew(priority, interval);
    }
}

/// <summary>Another router on the LAN that says whatever it is told to, in frames made by hand.</summary>
internal sealed class Rival(Lan lan, Host host, Speech speech) : IDisposable
{
    private const int Vrid = 51;
    private readonly Injector _injector = new(host);
    private readonly List<Reign> _reigns = [];
    private readonly byte[] _mac = Convert.FromHexString(host.Sh($"cat /sys/class/net/{Story.Nic}/address").Trim().Replace(":", "", StringComparison.Ordinal));

    /// <summary>One advert.</summary>
    public void Says(int priority, int from, double interval = 0)
    {
        lan.Say($"rival: advert {priority} from {speech.Address(from)}");
        _injector.Send(Frame(priority, from, interval == 0 ? speech.Interval : interval));
    }

    /// <summary>Adverts at this pace until disposed: a master.</summary>
    public IDisposable Reigns(int priority, int from, double interval = 0, double pace = 0)
    {
        interval = interval == 0 ? speech.Interval : interval;
        byte[] frame = Frame(priority, from, interval);
        lan.Say($"rival: adverts {priority} from {speech.Address(from)} begin");
        Reign reign = new(() => _injector.Send(frame), TimeSpan.FromSeconds(pace == 0 ? interval : pace));
        _reigns.Add(reign);
        return reign;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A test that failed has not ended them.
        _reigns.ForEach(reign => reign.Dispose());
        _injector.Dispose();
    }

    private byte[] Frame(int priority, int from, double interval)
    {
        byte[] source = IPAddress.Parse(speech.Address(from)).GetAddressBytes();
        byte[] group = IPAddress.Parse(speech.IsV6 ? "ff02::12" : "224.0.0.18").GetAddressBytes();
        byte[] message = Message(priority, interval, source, group);
        byte[] header = speech.IsV6 ? HeaderV6(source, group, message.Length) : HeaderV4(source, group, message.Length);
        byte[] to = Convert.FromHexString(speech.IsV6 ? "333300000012" : "01005e000012");
        return [.. to, .. _mac, .. Number(speech.IsV6 ? 0x86dd : 0x0800), .. header, .. message];
    }

    private byte[] Message(int priority, double interval, byte[] source, byte[] group)
    {
        byte[][] addresses = [.. speech.Addresses.Select(address => IPAddress.Parse(address).GetAddressBytes())];
        byte[] time = speech.Version == 2 ? [0, (byte)interval] : Number((int)Math.Round(interval * 100));
        byte[] message =
        [
            (byte)((speech.Version << 4) | 1), Vrid, (byte)priority, (byte)addresses.Length, .. time, 0, 0,
            .. addresses.SelectMany(address => address), .. new byte[speech.Version == 2 ? 8 : 0],
        ];
        byte[] pseudo = speech switch
        {
            { Version: 2 } => [],
            { IsV6: true } => [.. source, .. group, 0, 0, .. Number(message.Length), 0, 0, 0, 112],
            _ => [.. source, .. group, 0, 112, .. Number(message.Length)],
        };
        Number(Sum([.. pseudo, .. message])).CopyTo(message, 6);
        return message;
    }

    private static byte[] HeaderV4(byte[] source, byte[] group, int length)
    {
        byte[] header = [0x45, 0xc0, .. Number(20 + length), 0, 1, 0, 0, 255, 112, 0, 0, .. source, .. group];
        Number(Sum(header)).CopyTo(header, 10);
        return header;
    }

    private static byte[] HeaderV6(byte[] source, byte[] group, int length)
    {
        return [0x6c, 0, 0, 0, .. Number(length), 112, 255, .. source, .. group];
    }

    private static byte[] Number(int value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)value);
        return bytes;
    }

    private static int Sum(byte[] bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(i));
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (int)(~sum & 0xffff);
    }

    /// <summary>On a thread of its own: the pool's timers wait for whoever blocks the pool.</summary>
    private sealed class Reign : IDisposable
    {
        private readonly ManualResetEventSlim _end = new();
        private readonly Thread _thread;

        public Reign(Action speak, TimeSpan pace)
        {
            _thread = new Thread(() =>
            {
                Stopwatch clock = Stopwatch.StartNew();
                TimeSpan next = TimeSpan.Zero;
                do
                {
                    speak();
                    next += pace;
                }
                while (!_end.Wait(next > clock.Elapsed ? next - clock.Elapsed : TimeSpan.Zero));
            })
            {
                IsBackground = true,
            };
            _thread.Start();
        }

        public void Dispose()
        {
            _end.Set();
            _thread.Join();
        }
    }
}

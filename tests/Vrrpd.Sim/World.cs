using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.InteropServices;
using Vrrpd.Core;

namespace Vrrpd.Sim;

/// <summary>What a world is made with besides its seed.</summary>
internal sealed record WorldOptions
{
    public static readonly WorldOptions Usual = new();

    /// <summary>Null: what the seed draws.</summary>
    public Fault? Faults { get; init; }

    /// <summary>Those never, whatever the seed draws.</summary>
    public Fault Without { get; init; }

    /// <summary>Null: what the seed draws.</summary>
    public Func<Prng, Plan>? Plan { get; init; }

    /// <summary>What makes <see cref="WrongHost"/> a wrong one.</summary>
    public Saboteur Saboteur { get; init; } = new();
    public int WrongHost { get; init; }
    public bool IsRecording { get; init; }

    /// <summary>Ends with the first complaint.</summary>
    public bool StopsAtFirst { get; init; } = true;
}

internal sealed record Complaint(string Checker, Instant At, SimHost? Host, string Text);

/// <summary>
/// A world of real engines: one queue of what will happen, one seed. Nothing in it knows of another clock or another source of chance, so that a seed is
/// a reproduction.
/// </summary>
internal sealed class World
{
    private readonly EventQueue _queue = new();
    private readonly List<Group> _touched = [];
    private ulong _trace = 14695981039346656037;

    public World(ulong seed, WorldOptions options)
    {
        Seed = seed;
        Options = options;
        Prng random = new(seed);
        Plan = (options.Plan ?? Plan.Random)(random.Branch(1));
        Chaos = new Chaos(this, random.Branch(2));
        Prng clocks = random.Branch(3);
        Hosts = new SimHost[Plan.Hosts];
        for (int i = 0; i < Hosts.Length; i++)
        {
            TimeSpan sinceBoot = clocks.Between(TimeSpan.FromSeconds(100), TimeSpan.FromDays(100));
            int drift = Chaos.Faults.HasFlag(Fault.Drift) ? clocks.Between(-5000, 5000) : 0;
            Hosts[i] = new SimHost(this, i, new SimClock(sinceBoot, drift), i == options.WrongHost ? options.Saboteur : new Saboteur())
            {
                WallError = clocks.Between(TimeSpan.FromMilliseconds(-500), TimeSpan.FromMilliseconds(500)),
            };
        }

        Lan = new SimLan(this, Plan.Segments, random.Branch(4));
        Checkers = Checker.All(this);
        foreach (SimHost host in Hosts)
        {
            At(new Instant(clocks.Between(TimeSpan.Zero, TimeSpan.FromSeconds(5)).Ticks), host.Start);
        }
    }

    public ulong Seed { get; }
    public WorldOptions Options { get; }
    public Plan Plan { get; }
    public Chaos Chaos { get; }
    public SimHost[] Hosts { get; }
    public int HostCount => Plan.Hosts;
    public SimLan Lan { get; }
    public Checker[] Checkers { get; }
    public List<Group> Groups { get; } = [];
    public List<Complaint> Complaints { get; } = [];
    public Instant Now { get; private set; } = Instant.Zero;

    /// <summary>Of every effect and every change of state, with its time. Equal for two runs of one seed.</summary>
    public ulong TraceHash => _trace;
    public long Events { get; private set; }
    public Tally Tally { get; } = new();

    public void Run(TimeSpan time)
    {
        Instant end = new(time.Ticks);
        Chaos.Start();
        while ((Complaints.Count == 0 || !Options.StopsAtFirst) && _queue.TryTake(end, out SimEvent e))
        {
            Now = e.At;
            Events++;
            Happen(e);
        }
    }

    public void At(Instant at, Action what) => _queue.Add(at, SimEventKind.Act, -1, what);

    public void WakeAt(Instant at, SimHost host) => _queue.Add(at, SimEventKind.Wake, (short)host.Index, null);

    public void Deliver(Instant at, SimHost host, Packet packet) => _queue.Add(at, SimEventKind.Packet, (short)host.Index, packet);

    public Group GroupOf(int segment, byte vrid, bool isV6)
    {
        foreach (Group group in Groups)
        {
            if (group.Segment == segment && group.Vrid == vrid && group.IsV6 == isV6)
            {
                return group;
            }
        }

        Group made = new(this, segment, vrid, isV6);
        Groups.Add(made);
        return made;
    }

    public void Complain(string checker, SimHost? host, string text) => Complaints.Add(new Complaint(checker, Now, host, text));

    /// <summary>A group has been left alone for long enough.</summary>
    public void Judge(Group group)
    {
        Tally.Judged++;
        foreach (Checker checker in Checkers)
        {
            checker.Settled(group);
        }
    }

    /// <summary>Somebody changed its state; where nothing was to happen any more, that is looked at when the turn is over.</summary>
    public void Moved(Seat seat)
    {
        Tally.Moves++;
        if (seat.Group.IsSettled && !_touched.Contains(seat.Group))
        {
            _touched.Add(seat.Group);
        }
    }

    public void TurnIsOver()
    {
        foreach (Group group in _touched)
        {
            if (group.IsSettled)
            {
                Judge(group);
            }
        }

        _touched.Clear();
    }

    public void Allocated(SimHost host, string call, long bytes)
    {
        foreach (Checker checker in Checkers)
        {
            checker.Allocated(host, call, bytes);
        }
    }

    public void Trace(ulong a, ulong b, ulong c)
    {
        _trace = BitOperations.RotateLeft((_trace ^ a) * 0x9e37_79b9_7f4a_7c15, 29);
        _trace = BitOperations.RotateLeft((_trace ^ b) * 0xbf58_476d_1ce4_e5b9, 31);
        _trace = BitOperations.RotateLeft((_trace ^ c) * 0x94d0_49bb_1331_11eb, 27);
    }

    public void Trace(ReadOnlySpan<byte> bytes)
    {
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            _trace = BitOperations.RotateLeft((_trace ^ word) * 0x9e37_79b9_7f4a_7c15, 29);
        }

        foreach (byte rest in bytes[(bytes.Length / 8 * 8)..])
        {
            _trace = (_trace ^ rest) * 1099511628211;
        }
    }

    private void Happen(in SimEvent e)
    {
        try
        {
            switch (e.Kind)
            {
                case SimEventKind.Wake:
                    Hosts[e.Host].Wake();
                    break;
                case SimEventKind.Packet:
                    Hosts[e.Host].Arrive((Packet)e.What!);
                    break;
                default:
                    ((Action)e.What!)();
                    break;
            }
        }
        catch (InvariantException broken)
        {
            Complain("invariant", e.Host >= 0 ? Hosts[e.Host] : null, broken.Message + "\n" + broken.StackTrace);
        }
        catch (Exception broken) when (broken is IndexOutOfRangeException or NullReferenceException or ArgumentException or InvalidCastException)
        {
            Complain("exception", e.Host >= 0 ? Hosts[e.Host] : null, broken.ToString());
        }
    }
}

/// <summary>What there was to see: a world in which nothing happened proves nothing.</summary>
internal sealed class Tally
{
    public long Judged { get; set; }
    public long Moves { get; set; }
    public long Takeovers { get; set; }
    public long Refusals { get; set; }
    public long Junk { get; set; }
    public long EqualReloads { get; set; }
    public long Reloads { get; set; }
    public long Stops { get; set; }
    public long Adverts { get; set; }

    /// <summary>Looks at what the client believes of a settled group.</summary>
    public long Neighbours { get; set; }
    public long WrongNeighbours { get; set; }
}

using System;
using System.Collections.Generic;
using Vrrpd.Netns.Tests.Harness;

namespace Vrrpd.Netns.Tests.Interop;

/// <summary>How mastership passed.</summary>
internal enum How
{
    /// <summary>Both began, or one came back from standing still: who spoke first is not judged.</summary>
    Anyhow,

    /// <summary>The master said goodbye.</summary>
    Farewell,

    /// <summary>The master fell silent.</summary>
    Silence,

    /// <summary>A higher priority came.</summary>
    Preemption,
}

/// <summary>One change of mastership, for the judge.</summary>
/// <param name="What">In words.</param>
/// <param name="How">In which way.</param>
/// <param name="Winner">Who is master afterwards.</param>
/// <param name="Loser">Who is not.</param>
/// <param name="Priority">Of the winner.</param>
/// <param name="From">When the cause was set.</param>
/// <param name="To">When the winner was seen to be alone with the addresses.</param>
internal sealed record Change(string What, How How, Speaker Winner, Speaker Loser, int Priority, DateTime From, DateTime To);

/// <summary>What is left when a cell was played.</summary>
/// <param name="Cell">What was spoken.</param>
/// <param name="Ours">Our side.</param>
/// <param name="Theirs">The other.</param>
/// <param name="Changes">What happened, in order.</param>
/// <param name="Sights">Every frame, in order.</param>
internal sealed record Played(Cell Cell, Speaker Ours, Speaker Theirs, IReadOnlyList<Change> Changes, IReadOnlyList<Sight> Sights)
{
    /// <summary>Everything that was wrong; nothing is right.</summary>
    public IReadOnlyList<string> Faults => [.. Ours.Complaints, .. Theirs.Complaints, .. new Judge(this).Faults()];
}

/// <summary>
/// What every cell goes through: we are master first and the peer takes over as we stop, and as we are killed; the peer is master and we take
/// over as it stops, and as it stands still; preemption in both directions, restarts after either end.
/// </summary>
internal sealed class Scenario
{
    private const int Low = 100;
    private const int Middle = 150;
    private const int High = 200;

    private readonly Lan _lan;
    private readonly Cell _cell;
    private readonly Speaker _ours;
    private readonly Speaker _theirs;
    private readonly List<Change> _changes = [];
    private readonly double _patience;

    private Scenario(Lan lan, Cell cell)
    {
        (_lan, _cell) = (lan, cell);
        _patience = cell.Down(Low) + 4;
        string[] v6 = ["fe80::9", "fd00:30::9"];
        lan.SitOnBridge("10.10.30.9", cell.IsV6 ? v6 : []);
        _ours = Speaker.Of(lan, cell, Kind.Vrrpd, "ours", 1);
        _theirs = Speaker.Of(lan, cell, cell.Peer, "theirs", 2);
    }

    /// <summary>Plays it.</summary>
    public static Played Play(Lan lan, Cell cell)
    {
        Scenario scenario = new(lan, cell);
        Capture capture = Capture.Start(lan, "ip proto 112 or ip proto 51 or igmp or arp or ip6");
        scenario.Play();
        return new Played(cell, scenario._ours, scenario._theirs, scenario._changes, Judge.Read(capture));
    }

    private void Play()
    {
        Becomes("both start", How.Anyhow, _ours, () =>
        {
            _ours.Start(Middle);
            _theirs.Start(Low);
        });
        Becomes("we stop", How.Farewell, _theirs, _ours.BeginStop);
        _ours.EndStop();
        Becomes("we preempt", How.Preemption, _ours, () => _ours.Start(Middle));
        Becomes("we are killed", How.Silence, _theirs, _ours.Kill);
        Becomes("we come back after that", How.Preemption, _ours, () => _ours.Start(Middle));
        _theirs.BeginStop();
        _theirs.EndStop();
        Becomes("the peer preempts", How.Preemption, _theirs, () => _theirs.Start(High));
        Becomes("the peer stops", How.Farewell, _ours, _theirs.BeginStop);
        _theirs.EndStop();
        Becomes("the peer preempts again", How.Preemption, _theirs, () => _theirs.Start(High));
        Becomes("the peer stands still", How.Silence, _ours, () => _theirs.Freeze(true));
        Becomes("the peer goes on", How.Anyhow, _theirs, () => _theirs.Freeze(false));
        _ours.BeginStop();
        _theirs.BeginStop();
        _ours.EndStop();
        _theirs.EndStop();
    }

    /// <summary>
    /// Sets the cause and waits until the winner is master, alone with every address, and found there by a neighbour. A loser that was killed or
    /// stands still keeps its addresses: nobody can tell then who answers.
    /// </summary>
    private void Becomes(string what, How how, Speaker winner, Action cause)
    {
        _lan.Say($"STEP: {what}");
        Speaker loser = winner == _ours ? _theirs : _ours;
        bool isRunning = _changes.Count > 0 && how != How.Preemption;
        int mark = isRunning ? winner.Mark() : 0;
        DateTime from = DateTime.UtcNow;
        cause();
        try
        {
            // Who goes on after a standstill may never have left its state in its own eyes.
            if (how != How.Anyhow || _changes.Count == 0)
            {
                winner.BecomesMaster(_patience, mark);
            }

            if (how != How.Silence)
            {
                loser.LetsGo(_patience);
                Wait.Until(winner.Holds, _patience, $"{winner.Host.Name}: the virtual addresses");
                string address = _cell.Addresses[^1];
                (string Host, string Mac) answer = default;
                Wait.Until(() => (answer = _lan.WhoHas(address)) == (winner.Host.Name, winner.AnnounceMac), 4,
                    $"{winner.Host.Name} ({winner.AnnounceMac}) answering for {address}; the last answer was {answer}");
            }
        }
        catch (Exception error) when (error is TimeoutException or InvalidOperationException)
        {
            string unserved = _ours.Unserved();
            throw new StepException(unserved.Length > 0 ? unserved : $"{what}: {error.Message}", error);
        }

        // Long enough for announcements to be seen, and for a rival to betray itself.
        Wait.Seconds(0.5);
        _changes.Add(new Change(what, how, winner, loser, winner.Priority, from, DateTime.UtcNow));
    }
}

/// <summary>A step did not come to its end.</summary>
internal sealed class StepException(string message, Exception cause) : Exception(message, cause);

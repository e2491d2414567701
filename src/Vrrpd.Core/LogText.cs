using System;
using Vrrpd.Core.Config;
using Vrrpd.Core.Vrrp;
using Vrrpd.Core.Wire;

namespace Vrrpd.Core;

/// <summary>syslog severities that are used (RFC 5424 section 6.2.1).</summary>
public enum LogLevel : byte
{
    Error = 3,
    Warning = 4,
    Notice = 5,
    Info = 6,
}

/// <summary>
/// The words of every <see cref="LogEvent"/>, as UTF-8 into the caller's buffer, without allocation. Pure, so that scenario tests
/// read the same words as the operator. Where keepalived has a line for the thing, it is that line to the letter, since tools grep
/// for it; what keepalived does not say stands on lines of its own.
/// </summary>
public static class LogText
{
    /// <summary>Longest line this ever makes; a longer one is cut.</summary>
    public const int MaxLength = 512;

    public static LogLevel Level(LogEvent what) => what switch
    {
        LogEvent.AddressRefused or LogEvent.AddressStuck or LogEvent.ScriptNotKilled or LogEvent.SendFailed
            or LogEvent.JoinFailed or LogEvent.ScriptNotStarted or LogEvent.DeviceRefused or LogEvent.FirewallRefused or LogEvent.TwoOwners
            or LogEvent.RogueStays => LogLevel.Error,
        LogEvent.Stalled or LogEvent.Rejected or LogEvent.AddressListDiffers or LogEvent.HeardOurself or LogEvent.ScriptOverdue
            or LogEvent.StandingBack or LogEvent.YieldingAfterFreeze or LogEvent.ListeningAgain => LogLevel.Warning,
        _ => LogLevel.Info,
    };

    /// <summary>Only said with -D (keepalived's detail level).</summary>
    public static bool IsDetail(LogEvent what) => what is LogEvent.AdvertTimeout or LogEvent.SettingVips or LogEvent.RemovingVips or LogEvent.SentZero
        or LogEvent.BackupHeardZero or LogEvent.MasterHeardZero or LogEvent.MasterSet or LogEvent.MasterChanged or LogEvent.QueueingArp
        or LogEvent.SendingArp or LogEvent.QueueingNeighborAdvert or LogEvent.SendingNeighborAdvert
        or LogEvent.ChecksumUsual or LogEvent.AddressTaken or LogEvent.AddressAssigned or LogEvent.AddressDeassigned;

    /// <summary>Writes the line (no newline) and says how long it is.</summary>
    public static int Write(Span<byte> target, in Effect e, DaemonConfig config)
    {
        // Utf8.TryWrite fills what fits and fails: a name of 500 characters costs the end of the line, never the line.
        Words(target, e, config, out int written);
        return written;
    }

    private static bool Words(Span<byte> to, in Effect e, DaemonConfig config, out int n)
    {
        // What Subject numbers depends on the event; a name that does not apply is never read.
        string router = (uint)e.Subject < (uint)config.Routers.Length ? config.Routers[e.Subject].Name : "";
        string script = (uint)e.Subject < (uint)config.Scripts.Length ? config.Scripts[e.Subject].Name : "";
        string link = e.Slot >= 0 ? config.Interfaces[e.Slot] : "";
        return e.Event switch
        {
            LogEvent.EnteringBackup => Line.TryWrite(to, $"({router}) Entering BACKUP STATE{(e.A == 1 ? " (init)" : "")}", out n),
            LogEvent.EnteringMaster => Line.TryWrite(to, $"({router}) Entering MASTER STATE", out n),
            LogEvent.EnteringFault => Line.TryWrite(to, $"({router}) Entering FAULT STATE{(e.A == 1 ? " (init)" : "")}", out n),
            LogEvent.Reason => Reason(to, e, config, router, link, out n),
            LogEvent.FaultLinkDown => Line.TryWrite(to, $"({router}): entering FAULT state (interface {link} down)", out n),
            LogEvent.FaultNoAddress => Line.TryWrite(to, $"({router}) entering FAULT state (no {Family(e, config)} address for interface)", out n),
            LogEvent.FaultScript => Line.TryWrite(to, $"({router}): entering FAULT state due to script {config.Scripts[(int)e.A].Name}", out n),
            LogEvent.FaultNoPeer => Line.TryWrite(to, $"({router}) entering FAULT state (no unicast peer, and unicast_fault_no_peer)", out n),
            LogEvent.AdvertTimeout => Line.TryWrite(to, $"({router}) Receive advertisement timeout", out n),
            LogEvent.SettingVips => Line.TryWrite(to, $"({router}) setting VIPs.", out n),
            LogEvent.RemovingVips => Line.TryWrite(to, $"({router}) removing VIPs.", out n),
            LogEvent.SentZero => Line.TryWrite(to, $"({router}) sent 0 priority", out n),
            LogEvent.BackupHeardZero => Line.TryWrite(to, $"({router}) Backup received priority 0 advertisement", out n),
            LogEvent.BackupHeardLower => Line.TryWrite(to, $"({router}) received lower priority ({e.A}) advert from {e.Address} - discarding", out n),
            LogEvent.MasterHeardZero => Line.TryWrite(to, $"({router}) Master received priority 0 message", out n),
            LogEvent.MasterHeardHigher =>
                Line.TryWrite(to, $"({router}) Master received advert from {e.Address} with higher priority {e.A}, ours {e.B}", out n),
            LogEvent.MasterHeardSame =>
                Line.TryWrite(to, $"({router}) Master received advert from {e.Address} with same priority {e.A} but higher IP address than ours", out n),
            LogEvent.MasterHeardLower =>
                Line.TryWrite(to, $"({router}) Received advert from {e.Address} with lower priority {e.A}, ours {e.B}{Answer(e)}", out n),
            LogEvent.MasterSet => Line.TryWrite(to, $"({router}) master set to {e.Address}", out n),
            LogEvent.MasterChanged => Line.TryWrite(to, $"({router}) master changed from {Before(e)} to {e.Address}", out n),
            LogEvent.HeardOurself =>
                Line.TryWrite(to, $"({router}) WARNING - advert of our own priority {e.A} and address {e.Address}: another host with it, or a loop?", out n),
            LogEvent.PriorityChanged => Line.TryWrite(to, $"({router}) Changing effective priority from {e.A} to {e.B}", out n),
            LogEvent.QueueingArp => Line.TryWrite(to, $"({router}) Sending/queueing gratuitous ARPs on {link} for {e.Address}", out n),
            LogEvent.SendingArp => Line.TryWrite(to, $"Sending gratuitous ARP on {link} for {e.Address}", out n),
            LogEvent.QueueingNeighborAdvert =>
                Line.TryWrite(to, $"({router}) Sending/queueing Unsolicited Neighbour Adverts on {link} for {e.Address}", out n),
            LogEvent.SendingNeighborAdvert => Line.TryWrite(to, $"Sending unsolicited Neighbour Advert on {link} for {e.Address}", out n),
            LogEvent.AddressTaken => Line.TryWrite(to, $"Netlink reflector reports IP {e.Address} removed from {link}", out n),
            LogEvent.AddressRefused =>
                Line.TryWrite(to, $"({router}) the kernel refused address {e.Address} on {link}: {Errno(e.A)}; cannot be MASTER without it", out n),
            LogEvent.AddressStuck =>
                Line.TryWrite(to, $"({router}) the kernel refused to remove address {e.Address}: {Errno(e.A)}; two hosts may answer for it", out n),
            LogEvent.AddressRetired => Line.TryWrite(to, $"({router}) ip address {e.Address}/{e.A} dev {link}, no longer exist", out n),
            LogEvent.AddressListDiffers =>
                Line.TryWrite(to, $"({router}) the {e.A} addresses of {e.Address} are not our {e.B}: virtual_ipaddress differs{Swallowed(e.C)}", out n),
            LogEvent.IntervalDiffers =>
                Line.TryWrite(to, $"({router}) {e.Address} advertises every {e.A} ms, we would every {e.B} ms: its interval counts{Swallowed(e.C)}", out n),
            LogEvent.DeviceRefused => Line.TryWrite(to, $"({router}) cannot make {link}: {Errno(e.A)}; FAULT until it can be made", out n),
            LogEvent.FirewallRefused =>
                Line.TryWrite(to, $"({router}) cannot {(e.B == 1 ? "drop" : "stop dropping")} traffic to its addresses (no_accept): {Errno(e.A)}", out n),
            LogEvent.TwoOwners =>
                Line.TryWrite(to, $"({router}) CONFIGURATION ERROR: {e.Address} is address owner (priority 255) too; {Yielding(e)}", out n),
            LogEvent.RogueStays =>
                Line.TryWrite(to, $"({router}) {e.Address} is still advertising as address owner, please resolve - reducing our priority", out n),
            LogEvent.RogueGone => Line.TryWrite(to, $"({router}) {e.Address} has stopped advertising as address owner", out n),
            LogEvent.StandingBack =>
                Line.TryWrite(to, $"({router}) was silent as MASTER for {e.A} ms: listening {e.B} ms for another master before going on", out n),
            LogEvent.StandBackOver => Line.TryWrite(to, $"({router}) no other master after {e.A} ms of silence: going on as MASTER", out n),
            LogEvent.YieldingAfterFreeze =>
                Line.TryWrite(to, $"({router}) {e.Address} (priority {e.A}) became MASTER while we were silent for {e.B} ms: yielding", out n),
            LogEvent.ListeningAgain =>
                Line.TryWrite(to, $"({router}) was not run for {e.A} ms when the master was due: listening {e.B} ms more", out n),
            LogEvent.GroupSyncing => Line.TryWrite(to, $"VRRP_Group({config.SyncGroups[e.Subject].Name}) Syncing instances to {StateName(e.A)} state", out n),
            LogEvent.Rejected => RejectText.Write(to, e, config.Routers[e.Subject], link, out n),
            LogEvent.UnknownVrid =>
                Line.TryWrite(to, $"Unknown VRID({e.A}) received on interface({link}) from {e.Address}. ignoring...{Swallowed(e.B)}", out n),
            LogEvent.ChecksumUsual => Line.TryWrite(to, $"({router}) {e.Address} sums its adverts with the pseudo header (RFC 5798)", out n),
            LogEvent.ChecksumUnusual => RejectText.WriteForm(to, e, router, out n),
            LogEvent.SendFailed => Line.TryWrite(to, $"({router}) cannot send on {link}: {Errno(e.A)}; peers do not hear us", out n),
            LogEvent.LinkUp => Line.TryWrite(to, $"Netlink reports {link} up", out n),
            LogEvent.LinkDown => Line.TryWrite(to, $"Netlink reports {link} down", out n),
            LogEvent.LinkGone => Line.TryWrite(to, $"Netlink reports {link} deleted", out n),
            LogEvent.AddressAssigned => Line.TryWrite(to, $"Assigned address {e.Address} for interface {link}", out n),
            LogEvent.AddressDeassigned => Line.TryWrite(to, $"Deassigned address {e.Address} from interface {link}", out n),
            LogEvent.JoinFailed => Line.TryWrite(to, $"cannot receive VRRP on {link}: {Errno(e.A)}; its instances are deaf and will not run", out n),
            LogEvent.ScriptSucceeded => Line.TryWrite(to, $"VRRP_Script({script}) succeeded", out n),
            LogEvent.ScriptFailed => Line.TryWrite(to, $"VRRP_Script({script}) failed (exited with status {e.A})", out n),
            LogEvent.ScriptFailedBySignal => Line.TryWrite(to, $"VRRP_Script({script}) failed (due to signal {e.A})", out n),
            LogEvent.ScriptTimedOut => Line.TryWrite(to, $"VRRP_Script({script}) timed_out", out n),
            LogEvent.ScriptOverdue =>
                Line.TryWrite(to, $"Script `{script}` has run for its timeout of {e.A} ms: counted as failed, its process group is being killed", out n),
            LogEvent.ScriptReturning => Line.TryWrite(to, $"Script `{script}` now returning {e.A}", out n),
            LogEvent.ScriptNotStarted => Line.TryWrite(to, $"VRRP_Script({script}) failed (could not be started: {Errno(e.A)})", out n),
            LogEvent.ScriptNotKilled =>
                Line.TryWrite(to, $"Script `{script}` could not be killed: {Errno(e.A)}; it runs on and is not started again", out n),
            LogEvent.ScriptStillRunning => Line.TryWrite(to, $"Track script {script} is already running, expect idle - skipping run", out n),
            LogEvent.ScriptConsideredGood => Line.TryWrite(to, $"VRRP_Script({script}) considered successful on reload", out n),
            LogEvent.ScriptConsideredBad => Line.TryWrite(to, $"VRRP_Script({script}) considered unsuccessful on reload", out n),
            LogEvent.Stalled =>
                Line.TryWrite(to, $"this process was not run for {e.A} ms: the host is overloaded or was suspended; adverts may have been late", out n),
            _ => Nothing(out n),
        };
    }

    private static bool Reason(Span<byte> to, in Effect e, DaemonConfig config, string router, string link, out int n) => (TransitionReason)(byte)e.A switch
    {
        TransitionReason.Started => Line.TryWrite(to, $"({router}) reason: start-up, listening {e.B} ms for a master (priority {e.C})", out n),
        TransitionReason.Recovered => Line.TryWrite(to, $"({router}) reason: no fault is left after {e.B} ms (priority {e.C})", out n),
        TransitionReason.Silence when e.Address.IsUnspecified =>
            Line.TryWrite(to, $"({router}) reason: no master heard for {e.B} ms (limit {e.C} ms)", out n),
        TransitionReason.Silence => Line.TryWrite(to, $"({router}) reason: {e.Address} was silent for {e.B} ms (limit {e.C} ms)", out n),
        TransitionReason.Resigned =>
            Line.TryWrite(to, $"({router}) reason: {e.Address} resigned (priority 0) {e.B} ms ago (skew time {e.C} ms)", out n),
        TransitionReason.Preempted =>
            Line.TryWrite(to, $"({router}) reason: preempting {e.Address}, whose priority {e.C} is lower than ours, after {e.B} ms", out n),
        TransitionReason.Owner => Line.TryWrite(to, $"({router}) reason: address owner (priority 255)", out n),
        TransitionReason.HigherPriority => Line.TryWrite(to, $"({router}) reason: a higher priority was heard after {e.B} ms as MASTER", out n),
        TransitionReason.HigherAddress =>
            Line.TryWrite(to, $"({router}) reason: the same priority with a higher address was heard after {e.B} ms as MASTER", out n),
        TransitionReason.LinkDown => Line.TryWrite(to, $"({router}) reason: interface {link} is down, after {e.B} ms as {Was(e)}", out n),
        TransitionReason.LinkGone => Line.TryWrite(to, $"({router}) reason: interface {link} was deleted, after {e.B} ms as {Was(e)}", out n),
        TransitionReason.NoSource =>
            Line.TryWrite(to, $"({router}) reason: interface {link} has no {Family(e, config)} address left to send from, after {e.B} ms as {Was(e)}", out n),
        TransitionReason.ScriptFailed =>
            Line.TryWrite(to, $"({router}) reason: tracked script {config.Scripts[(int)(e.A >> 8)].Name} failed, after {e.B} ms as {Was(e)}", out n),
        TransitionReason.Deaf => Line.TryWrite(to, $"({router}) reason: VRRP cannot be received on {link}, after {e.B} ms as {Was(e)}", out n),
        TransitionReason.AddressLost =>
            Line.TryWrite(to, $"({router}) reason: a virtual address was removed by somebody else after {e.B} ms as MASTER", out n),
        TransitionReason.AddressRefused =>
            Line.TryWrite(to, $"({router}) reason: the kernel refused a virtual address, after {e.B} ms as {Was(e)}", out n),
        TransitionReason.DeviceDown => Line.TryWrite(to, $"({router}) reason: the device over {link} is not up, after {e.B} ms as {Was(e)}", out n),
        TransitionReason.NoPeer => Line.TryWrite(to, $"({router}) reason: no unicast peer is left, after {e.B} ms as {Was(e)}", out n),
        TransitionReason.Group => Line.TryWrite(to, $"({router}) reason: with its sync group, after {e.B} ms", out n),
        TransitionReason.StoodBack => Line.TryWrite(to, $"({router}) reason: not run for so long that others took over, after {e.B} ms as MASTER", out n),
        _ => Nothing(out n),
    };

    internal static bool Nothing(out int n)
    {
        n = 0;
        return false;
    }

    private static string Was(in Effect e) => e.C == 1 ? "MASTER" : "BACKUP";

    private static string Family(in Effect e, DaemonConfig config) =>
        (uint)e.Subject < (uint)config.Routers.Length && config.Routers[e.Subject].IsV6 ? "IPv6" : "IPv4";

    private static Ip Before(in Effect e) => e.C == 1 ? Ip.FromV6((ulong)e.A, (ulong)e.B) : Ip.FromV4((uint)e.B);

    private static string Yielding(in Effect e) => e.A == 1 ? "its address is higher, so we yield" : "its address is lower, so it should yield";

    private static string Answer(in Effect e) => e.C == 1 ? "" : ", forcing new election";

    private static string StateName(long state) => (RouterState)state switch
    {
        RouterState.Master => "MASTER",
        RouterState.Backup => "BACKUP",
        _ => "FAULT",
    };

    private static SwallowedLines Swallowed(long count) => new(count);

    private static ErrnoText Errno(long number) => new((int)number);
}

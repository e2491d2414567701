using System;
using System.Text.Unicode;
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
            or LogEvent.JoinFailed or LogEvent.ScriptNotStarted => LogLevel.Error,
        LogEvent.Stalled or LogEvent.Rejected or LogEvent.AddressListDiffers or LogEvent.HeardOurself or LogEvent.ScriptOverdue => LogLevel.Warning,
        _ => LogLevel.Info,
    };

    /// <summary>Only said with -D (keepalived's detail level).</summary>
    public static bool IsDetail(LogEvent what) => what is LogEvent.AdvertTimeout or LogEvent.SettingVips or LogEvent.RemovingVips or LogEvent.SentZero
        or LogEvent.BackupHeardZero or LogEvent.MasterHeardZero or LogEvent.MasterSet or LogEvent.MasterChanged or LogEvent.QueueingArp
        or LogEvent.SendingArp or LogEvent.AddressTaken or LogEvent.AddressAssigned or LogEvent.AddressDeassigned;

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
            LogEvent.EnteringBackup => Utf8.TryWrite(to, $"({router}) Entering BACKUP STATE{(e.A == 1 ? " (init)" : "")}", out n),
            LogEvent.EnteringMaster => Utf8.TryWrite(to, $"({router}) Entering MASTER STATE", out n),
            LogEvent.EnteringFault => Utf8.TryWrite(to, $"({router}) Entering FAULT STATE{(e.A == 1 ? " (init)" : "")}", out n),
            LogEvent.Reason => Reason(to, e, config, router, link, out n),
            LogEvent.FaultLinkDown => Utf8.TryWrite(to, $"({router}): entering FAULT state (interface {link} down)", out n),
            LogEvent.FaultNoAddress => Utf8.TryWrite(to, $"({router}) entering FAULT state (no IPv4 address for interface)", out n),
            LogEvent.FaultScript => Utf8.TryWrite(to, $"({router}): entering FAULT state due to script {config.Scripts[(int)e.A].Name}", out n),
            LogEvent.AdvertTimeout => Utf8.TryWrite(to, $"({router}) Receive advertisement timeout", out n),
            LogEvent.SettingVips => Utf8.TryWrite(to, $"({router}) setting VIPs.", out n),
            LogEvent.RemovingVips => Utf8.TryWrite(to, $"({router}) removing VIPs.", out n),
            LogEvent.SentZero => Utf8.TryWrite(to, $"({router}) sent 0 priority", out n),
            LogEvent.BackupHeardZero => Utf8.TryWrite(to, $"({router}) Backup received priority 0 advertisement", out n),
            LogEvent.BackupHeardLower => Utf8.TryWrite(to, $"({router}) received lower priority ({e.A}) advert from {e.Address} - discarding", out n),
            LogEvent.MasterHeardZero => Utf8.TryWrite(to, $"({router}) Master received priority 0 message", out n),
            LogEvent.MasterHeardHigher =>
                Utf8.TryWrite(to, $"({router}) Master received advert from {e.Address} with higher priority {e.A}, ours {e.B}", out n),
            LogEvent.MasterHeardSame =>
                Utf8.TryWrite(to, $"({router}) Master received advert from {e.Address} with same priority {e.A} but higher IP address than ours", out n),
            LogEvent.MasterHeardLower =>
                Utf8.TryWrite(to, $"({router}) Received advert from {e.Address} with lower priority {e.A}, ours {e.B}, forcing new election", out n),
            LogEvent.MasterSet => Utf8.TryWrite(to, $"({router}) master set to {e.Address}", out n),
            LogEvent.MasterChanged => Utf8.TryWrite(to, $"({router}) master changed from {Ip.FromV4((uint)e.A)} to {e.Address}", out n),
            LogEvent.HeardOurself =>
                Utf8.TryWrite(to, $"({router}) WARNING - advert of our own priority {e.A} and address {e.Address}: another host with it, or a loop?", out n),
            LogEvent.PriorityChanged => Utf8.TryWrite(to, $"({router}) Changing effective priority from {e.A} to {e.B}", out n),
            LogEvent.QueueingArp => Utf8.TryWrite(to, $"({router}) Sending/queueing gratuitous ARPs on {link} for {e.Address}", out n),
            LogEvent.SendingArp => Utf8.TryWrite(to, $"Sending gratuitous ARP on {link} for {e.Address}", out n),
            LogEvent.AddressTaken => Utf8.TryWrite(to, $"Netlink reflector reports IP {e.Address} removed from {link}", out n),
            LogEvent.AddressRefused =>
                Utf8.TryWrite(to, $"({router}) the kernel refused address {e.Address} on {link}: {Errno(e.A)}; cannot be MASTER without it", out n),
            LogEvent.AddressStuck =>
                Utf8.TryWrite(to, $"({router}) the kernel refused to remove address {e.Address}: {Errno(e.A)}; two hosts may answer for it", out n),
            LogEvent.AddressRetired => Utf8.TryWrite(to, $"({router}) ip address {e.Address}/{e.A} dev {link}, no longer exist", out n),
            LogEvent.AddressListDiffers =>
                Utf8.TryWrite(to, $"({router}) the {e.A} addresses of {e.Address} are not our {e.B}: virtual_ipaddress differs{Swallowed(e.C)}", out n),
            LogEvent.Rejected => Rejected(to, e, router, new DroppedAdvert(e.Address, link, e.A >> 8), out n),
            LogEvent.SendFailed => Utf8.TryWrite(to, $"({router}) cannot send on {link}: {Errno(e.A)}; peers do not hear us", out n),
            LogEvent.LinkUp => Utf8.TryWrite(to, $"Netlink reports {link} up", out n),
            LogEvent.LinkDown => Utf8.TryWrite(to, $"Netlink reports {link} down", out n),
            LogEvent.LinkGone => Utf8.TryWrite(to, $"Netlink reports {link} deleted", out n),
            LogEvent.AddressAssigned => Utf8.TryWrite(to, $"Assigned address {e.Address} for interface {link}", out n),
            LogEvent.AddressDeassigned => Utf8.TryWrite(to, $"Deassigned address {e.Address} from interface {link}", out n),
            LogEvent.JoinFailed => Utf8.TryWrite(to, $"cannot receive VRRP on {link}: {Errno(e.A)}; its instances are deaf and will not run", out n),
            LogEvent.ScriptSucceeded => Utf8.TryWrite(to, $"VRRP_Script({script}) succeeded", out n),
            LogEvent.ScriptFailed => Utf8.TryWrite(to, $"VRRP_Script({script}) failed (exited with status {e.A})", out n),
            LogEvent.ScriptFailedBySignal => Utf8.TryWrite(to, $"VRRP_Script({script}) failed (due to signal {e.A})", out n),
            LogEvent.ScriptTimedOut => Utf8.TryWrite(to, $"VRRP_Script({script}) timed_out", out n),
            LogEvent.ScriptOverdue =>
                Utf8.TryWrite(to, $"Script `{script}` has run for its timeout of {e.A} ms: counted as failed, its process group is being killed", out n),
            LogEvent.ScriptReturning => Utf8.TryWrite(to, $"Script `{script}` now returning {e.A}", out n),
            LogEvent.ScriptNotStarted => Utf8.TryWrite(to, $"VRRP_Script({script}) failed (could not be started: {Errno(e.A)})", out n),
            LogEvent.ScriptNotKilled =>
                Utf8.TryWrite(to, $"Script `{script}` could not be killed: {Errno(e.A)}; it runs on and is not started again", out n),
            LogEvent.ScriptStillRunning => Utf8.TryWrite(to, $"Track script {script} is already running, expect idle - skipping run", out n),
            LogEvent.ScriptConsideredGood => Utf8.TryWrite(to, $"VRRP_Script({script}) considered successful on reload", out n),
            LogEvent.ScriptConsideredBad => Utf8.TryWrite(to, $"VRRP_Script({script}) considered unsuccessful on reload", out n),
            LogEvent.Stalled =>
                Utf8.TryWrite(to, $"this process was not run for {e.A} ms: the host is overloaded or was suspended; adverts may have been late", out n),
            _ => Nothing(out n),
        };
    }

    private static bool Reason(Span<byte> to, in Effect e, DaemonConfig config, string router, string link, out int n) => (TransitionReason)(byte)e.A switch
    {
        TransitionReason.Started => Utf8.TryWrite(to, $"({router}) reason: start-up, listening {e.B} ms for a master (priority {e.C})", out n),
        TransitionReason.Recovered => Utf8.TryWrite(to, $"({router}) reason: no fault is left after {e.B} ms (priority {e.C})", out n),
        TransitionReason.Silence when e.Address.IsUnspecified =>
            Utf8.TryWrite(to, $"({router}) reason: no master heard for {e.B} ms (limit {e.C} ms)", out n),
        TransitionReason.Silence => Utf8.TryWrite(to, $"({router}) reason: {e.Address} was silent for {e.B} ms (limit {e.C} ms)", out n),
        TransitionReason.Resigned =>
            Utf8.TryWrite(to, $"({router}) reason: {e.Address} resigned (priority 0) {e.B} ms ago (skew time {e.C} ms)", out n),
        TransitionReason.Preempted =>
            Utf8.TryWrite(to, $"({router}) reason: preempting {e.Address}, whose priority {e.C} is lower than ours, after {e.B} ms", out n),
        TransitionReason.Owner => Utf8.TryWrite(to, $"({router}) reason: address owner (priority 255)", out n),
        TransitionReason.HigherPriority => Utf8.TryWrite(to, $"({router}) reason: a higher priority was heard after {e.B} ms as MASTER", out n),
        TransitionReason.HigherAddress =>
            Utf8.TryWrite(to, $"({router}) reason: the same priority with a higher address was heard after {e.B} ms as MASTER", out n),
        TransitionReason.LinkDown => Utf8.TryWrite(to, $"({router}) reason: interface {link} is down, after {e.B} ms as {Was(e)}", out n),
        TransitionReason.LinkGone => Utf8.TryWrite(to, $"({router}) reason: interface {link} was deleted, after {e.B} ms as {Was(e)}", out n),
        TransitionReason.NoSource =>
            Utf8.TryWrite(to, $"({router}) reason: interface {link} has no IPv4 address left to send from, after {e.B} ms as {Was(e)}", out n),
        TransitionReason.ScriptFailed =>
            Utf8.TryWrite(to, $"({router}) reason: tracked script {config.Scripts[(int)(e.A >> 8)].Name} failed, after {e.B} ms as {Was(e)}", out n),
        TransitionReason.Deaf => Utf8.TryWrite(to, $"({router}) reason: VRRP cannot be received on {link}, after {e.B} ms as {Was(e)}", out n),
        TransitionReason.AddressLost =>
            Utf8.TryWrite(to, $"({router}) reason: a virtual address was removed by somebody else after {e.B} ms as MASTER", out n),
        TransitionReason.AddressRefused =>
            Utf8.TryWrite(to, $"({router}) reason: the kernel refused a virtual address, after {e.B} ms as {Was(e)}", out n),
        _ => Nothing(out n),
    };

    private static bool Rejected(Span<byte> to, in Effect e, string router, DroppedAdvert dropped, out int n) => (WireError)(byte)e.A switch
    {
        WireError.BadTtl => Utf8.TryWrite(to, $"({router}) invalid TTL/HL. Received {e.C} and expect {e.B}{dropped}", out n),
        WireError.BadVersion => Utf8.TryWrite(to, $"({router}) invalid version. {e.C} and expect {e.B}{dropped}", out n),
        WireError.BadType => Utf8.TryWrite(to, $"({router}) Invalid packet type. {e.C} and expect {e.B}{dropped}", out n),
        WireError.BadLength or WireError.Truncated when e.C > e.B =>
            Utf8.TryWrite(to, $"({router}) vrrp packet too long, length {e.C} and expect {e.B}{dropped}", out n),
        WireError.BadLength or WireError.Truncated =>
            Utf8.TryWrite(to, $"({router}) vrrp packet too short, length {e.C} and expect {e.B}{dropped}", out n),
        WireError.BadChecksum => Utf8.TryWrite(to, $"({router}) Invalid VRRPv2 checksum{dropped}", out n),
        WireError.BadDestination => Utf8.TryWrite(to, $"({router}) advert not sent to the group 224.0.0.18{dropped}", out n),
        WireError.InvalidAuthType => Utf8.TryWrite(to, $"({router}) Invalid auth type: {e.C}{dropped}", out n),
        WireError.AuthTypeMismatch => Utf8.TryWrite(to, $"({router}) received a {e.C} auth, expecting {e.B}!{dropped}", out n),
        WireError.AuthFailure => Utf8.TryWrite(to, $"({router}) received an invalid passwd!{dropped}", out n),
        WireError.IntervalMismatch => Utf8.TryWrite(to, $"({router}) advertisement interval mismatch mine={e.B} sec rcv'd={e.C} sec{dropped}", out n),
        _ => Nothing(out n),
    };

    private static bool Nothing(out int n)
    {
        n = 0;
        return false;
    }

    private static string Was(in Effect e) => e.C == 1 ? "MASTER" : "BACKUP";

    private static SwallowedLines Swallowed(long count) => new(count);

    private static ErrnoText Errno(long number) => new((int)number);
}

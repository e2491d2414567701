using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Vrrpd.Core;

namespace Vrrpd.Sim;

/// <summary>
/// What one daemon was told, as a scenario that the tests of the core replay (tests/scenarios). Its effects come of it again when it is run with
/// VRRPD_UPDATE_SCENARIOS=1.
/// </summary>
internal sealed class Recorder(string host, string config, Instant start)
{
    private readonly List<(Instant At, string Words)> _events = [];

    public Instant? ClosedAt { get; private set; }

    public void Add(Instant at, string words) => _events.Add((at, words));

    public void Hear(Instant at, string device, Packet packet) => _events.Add((at, $"rx {device} hex {Convert.ToHexStringLower(packet.Bytes)}"));

    public void Close(Instant world) => ClosedAt = world;

    /// <summary>The story from the start of the daemon on.</summary>
    public string Story(string title)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"# {title}: {host}\nconfig\n{config}end\n");
        foreach ((Instant at, string words) in _events)
        {
            decimal seconds = (decimal)(at - start).Ticks / TimeSpan.TicksPerSecond;
            text.Append(CultureInfo.InvariantCulture, $"{seconds:0.#######}s {words}\n");
        }

        return text.ToString();
    }
}

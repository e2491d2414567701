using System;

namespace Vrrpd.Core.Config;

/// <summary>Stands in for the parser until the rooms are joined; to be removed with that merge.</summary>
public static class ConfigParser
{
    public static ConfigResult Parse(ReadOnlyMemory<byte> text, string file) => new()
    {
        Config = new DaemonConfig { Globals = new GlobalConfig(), Interfaces = [], Routers = [], Scripts = [] },
        Diagnostics = text.Span.StartsWith("bad"u8) ? [new Diagnostic(new SourceSpan(file, 1, 1, 3), Severity.Error, ConfigFault.UnknownKeyword, "Unknown keyword 'bad'") { SourceLine = "bad" }] : [],
        CanRun = !text.Span.StartsWith("bad"u8),
        TestExitStatus = text.Span.StartsWith("bad"u8) ? 5 : 0,
        RunExitStatus = text.Span.StartsWith("bad"u8) ? 2 : 0,
    };
}

/// <summary>See <see cref="ConfigParser"/>.</summary>
public sealed record ConfigResult
{
    public DaemonConfig? Config { get; init; }
    public required Diagnostic[] Diagnostics { get; init; }
    public bool CanRun { get; init; }
    public int TestExitStatus { get; init; }
    public int RunExitStatus { get; init; }
}

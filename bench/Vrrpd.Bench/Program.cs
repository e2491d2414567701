using System;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Vrrpd.Bench;

/// <summary>
/// Methods of the core, one by one. All of BenchmarkDotNet's options work (`--filter *Wheel*`, `--list flat`); without any, everything
/// runs. `--quick` is ours: short runs in this process, for a look rather than a record, all of it in less than a minute.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        int quick = Array.IndexOf(args, "--quick");
        IConfig config = DefaultConfig.Instance.WithArtifactsPath("artifacts/bench");
        if (quick >= 0)
        {
            args = [.. args[..quick], .. args[(quick + 1)..]];
            config = config.AddJob(Job.Default
                .WithToolchain(InProcessEmitToolchain.Instance)
                .WithWarmupCount(3)
                .WithIterationCount(5)
                .WithIterationTime(TimeInterval.FromMilliseconds(100))
                .WithId("Quick"));
        }

        if (!Array.Exists(args, a => a is "--filter" or "-f" or "--list" or "--help"))
        {
            args = [.. args, "--filter", "*"];
        }

        int failed = 0;
        foreach (BenchmarkDotNet.Reports.Summary summary in BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config))
        {
            failed += summary.HasCriticalValidationErrors || Array.Exists([.. summary.Reports], r => !r.Success) ? 1 : 0;
        }

        return failed == 0 ? 0 : 1;
    }
}

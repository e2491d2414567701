using System;
using System.Diagnostics;
using System.Threading;

namespace Vrrpd.Netns.Tests.Harness;

/// <summary>Waiting that always ends.</summary>
internal static class Wait
{
    /// <summary>Waits until <paramref name="holds"/>, or fails saying what never came.</summary>
    public static void Until(Func<bool> holds, double seconds, string what)
    {
        if (!Eventually(holds, seconds))
        {
            throw new TimeoutException($"not within {seconds:F1} s: {what}");
        }
    }

    /// <summary>True as soon as <paramref name="holds"/>; false when the time is over.</summary>
    public static bool Eventually(Func<bool> holds, double seconds)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!holds())
        {
            if (clock.Elapsed.TotalSeconds > seconds)
            {
                return holds();
            }

            Thread.Sleep(10);
        }

        return true;
    }

    /// <summary>Lets time pass.</summary>
    public static void Seconds(double seconds)
    {
        Thread.Sleep(TimeSpan.FromSeconds(seconds));
    }
}

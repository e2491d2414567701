using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Vrrpd.Netns.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace Vrrpd.Netns.Tests.Protocol;

/// <summary>Alone on the machine: the rows keep it busy enough by themselves.</summary>
[CollectionDefinition(nameof(Playbill), DisableParallelization = true)]
public sealed class PlaybillCollection : ICollectionFixture<Playbill>;

/// <summary>
/// Every scene in every speech, each on a LAN of its own, many at a time: they mostly wait. VRRPD_PROTOCOL_AT_ONCE says how many.
/// </summary>
public sealed class Playbill : IDisposable
{
    private static readonly int s_atOnce = int.Parse(Environment.GetEnvironmentVariable("VRRPD_PROTOCOL_AT_ONCE") ?? "10", CultureInfo.InvariantCulture);
    private static readonly Speech[] s_speeches = [new(2, IsV6: false), new(3, IsV6: false), new(3, IsV6: true)];
    private static readonly Type[] s_scenes = [typeof(NoiseScenes), typeof(RowScenes)];

    private readonly ConcurrentDictionary<(string, string), (Task<Exception?> Played, Story Story)> _plays = [];
    private readonly SemaphoreSlim _seats = new(s_atOnce);

    /// <summary>Begins with all of them.</summary>
    public Playbill()
    {
        Requirements.Check();
        foreach (MethodInfo scene in s_scenes.SelectMany(Scenes))
        {
            foreach (Speech speech in s_speeches)
            {
                Story story = new();
                Task<Exception?> played = Task.Factory.StartNew(
                    () => InTurn(scene.CreateDelegate<Action<Arena>>(), speech, story), CancellationToken.None, TaskCreationOptions.LongRunning,
                    TaskScheduler.Default);
                _plays[(scene.Name, speech.ToString())] = (played, story);
            }
        }
    }

    /// <summary>The scenes of a class in every speech, by name.</summary>
    internal static TheoryData<string, string> Names(Type scenes)
    {
        TheoryData<string, string> names = [];
        foreach (MethodInfo scene in Scenes(scenes))
        {
            foreach (Speech speech in s_speeches)
            {
                names.Add(scene.Name, speech.ToString());
            }
        }

        return names;
    }

    /// <summary>Waits for a scene, tells its story, and fails if it failed.</summary>
    internal void Judge(string scene, string speech, ITestOutputHelper output)
    {
        (Task<Exception?> played, Story story) = _plays[(scene, speech)];
        Exception? error = played.GetAwaiter().GetResult();
        output.WriteLine(story.ToString());
        if (error is not null)
        {
            throw new Xunit.Sdk.XunitException($"{speech}: {scene}: {error}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Task.WaitAll([.. _plays.Values.Select(play => play.Played)]);
        _seats.Dispose();
    }

    private static IEnumerable<MethodInfo> Scenes(Type type)
    {
        return type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);
    }

    private Exception? InTurn(Action<Arena> scene, Speech speech, Story story)
    {
        _seats.Wait();
        Stopwatch clock = Stopwatch.StartNew();
        try
        {
            using Arena arena = new(story, speech);
            scene(arena);
            return null;
        }
        catch (Exception error)
        {
            // Whatever it is, it is this scene's; its test throws it.
            return error;
        }
        finally
        {
            story.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:F1} s"));
            _seats.Release();
        }
    }

    /// <summary>Where a LAN tells its story.</summary>
    private sealed class Story : ITestOutputHelper
    {
        private readonly StringBuilder _text = new();

        public void WriteLine(string message)
        {
            lock (_text)
            {
                _text.AppendLine(message);
            }
        }

        public void WriteLine(string format, params object[] args)
        {
            WriteLine(string.Format(CultureInfo.InvariantCulture, format, args));
        }

        public override string ToString()
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }
}

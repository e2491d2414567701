using System.Collections.Generic;

namespace Vrrpd.Native.Process;

/// <summary>
/// A path followed component by component, links included: every directory, link and file that takes part in naming the end,
/// because whoever may change one of them decides what runs.
/// </summary>
internal sealed class PathWalk
{
    /// <summary>Links followed before ELOOP, as the kernel does it (namei.c: MAXSYMLINKS).</summary>
    private const int MaxLinks = 40;
    private const int ELOOP = 40;

    private readonly List<(string Path, FileFacts Facts)> _steps = [];

    /// <summary>0, or why the walk ended early.</summary>
    public int Error { get; private set; }

    /// <summary>The component at which <see cref="Error"/> was met.</summary>
    public string ErrorAt { get; private set; } = "";

    /// <summary>Everything on the way from `/` on, in order; the last is the file.</summary>
    public IReadOnlyList<(string Path, FileFacts Facts)> Steps => _steps;

    public FileFacts End => _steps.Count > 0 ? _steps[^1].Facts : default;

    public static PathWalk Follow(string path, IFiles files)
    {
        PathWalk walk = new();
        walk.Run(path, files);
        return walk;
    }

    private void Run(string path, IFiles files)
    {
        // Components still to come, the next one on top.
        Stack<string> rest = new();
        Push(rest, path);
        List<string> at = [];
        int links = 0;
        if (!Step("/", files))
        {
            return;
        }

        while (rest.TryPop(out string? name))
        {
            if (name == "..")
            {
                if (at.Count > 0)
                {
                    at.RemoveAt(at.Count - 1);
                }

                continue;
            }

            string here = "/" + string.Join('/', at);
            string next = at.Count == 0 ? "/" + name : here + "/" + name;
            if (!Step(next, files))
            {
                return;
            }

            if (!End.IsLink)
            {
                if (rest.Count > 0 && !End.IsDirectory)
                {
                    Fail(Errno.ENOTDIR, next);
                    return;
                }

                at.Add(name);
                continue;
            }

            string? target = files.LinkTarget(next);
            if (target == null || ++links > MaxLinks)
            {
                Fail(target == null ? Errno.ENOENT : ELOOP, next);
                return;
            }

            if (target.StartsWith('/'))
            {
                at.Clear();
            }

            Push(rest, target);
        }

        // `…/..` at the end: the last step seen is not the end.
        string end = "/" + string.Join('/', at);
        if (_steps[^1].Path != end)
        {
            Step(end, files);
        }
    }

    private bool Step(string path, IFiles files)
    {
        int error = files.Look(path, out FileFacts facts);
        if (error != 0)
        {
            Fail(error, path);
            return false;
        }

        _steps.Add((path, facts));
        return true;
    }

    private void Fail(int error, string at)
    {
        Error = error;
        ErrorAt = at;
    }

    private static void Push(Stack<string> rest, string path)
    {
        string[] names = path.Split('/');
        for (int i = names.Length - 1; i >= 0; i--)
        {
            if (names[i].Length > 0 && names[i] != ".")
            {
                rest.Push(names[i]);
            }
        }
    }
}

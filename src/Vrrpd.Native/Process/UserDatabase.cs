using System;
using System.Globalization;
using System.Text;

namespace Vrrpd.Native.Process;

/// <summary>
/// /etc/passwd and /etc/group, read by ourselves: the libc's getpwnam loads name service modules, which a static binary cannot.
/// Users that only a directory service knows must be given by number. Each is read when somebody is looked for in it.
/// </summary>
internal sealed class UserDatabase(Func<string> passwd, Func<string> group)
{
    /// <summary>Larger than any sane file of the kind; a bound on what is read at start.</summary>
    private const int MaxBytes = 4 << 20;

    private string? _passwd, _group;

    public UserDatabase(string passwd, string group)
        : this(() => passwd, () => group)
    {
    }

    /// <summary>Those of this host.</summary>
    public static UserDatabase OfHost() => new(static () => Read("/etc/passwd"), static () => Read("/etc/group"));

    private string Passwd => _passwd ??= passwd();

    private string Group => _group ??= group();

    /// <summary>name:password:uid:gid:… A number stands for itself, with the group of its line if it has one.</summary>
    public bool TryUser(string name, out uint uid, out uint gid)
    {
        (uid, gid) = (0, 0);
        foreach (Range range in Passwd.AsSpan().Split('\n'))
        {
            if (TryFields(Passwd.AsSpan(range), out ReadOnlySpan<char> user, out ReadOnlySpan<char> id, out ReadOnlySpan<char> rest)
                && TryNumber(id, out uid) && TryNumber(FirstField(rest), out gid) && (user.SequenceEqual(name) || id.SequenceEqual(name)))
            {
                return true;
            }
        }

        (uid, gid) = (0, 0);

        // A root directory of containers may have no /etc/passwd; root is uid 0 to the kernel all the same.
        return (name == "root" && Passwd.Length == 0) || TryNumber(name, out uid);
    }

    /// <summary>name:password:gid:…, or a number.</summary>
    public bool TryGroup(string name, out uint gid)
    {
        gid = 0;
        foreach (Range range in Group.AsSpan().Split('\n'))
        {
            if (TryFields(Group.AsSpan(range), out ReadOnlySpan<char> found, out ReadOnlySpan<char> id, out _)
                && found.SequenceEqual(name) && TryNumber(id, out gid))
            {
                return true;
            }
        }

        return TryNumber(name, out gid);
    }

    private static bool TryFields(ReadOnlySpan<char> line, out ReadOnlySpan<char> name, out ReadOnlySpan<char> id, out ReadOnlySpan<char> rest)
    {
        name = FirstField(line);
        id = rest = default;
        ReadOnlySpan<char> after = After(line);
        if (name.Length == 0 || after.Length == 0)
        {
            return false;
        }

        after = After(after);
        id = FirstField(after);
        rest = After(after);
        return id.Length > 0;
    }

    private static ReadOnlySpan<char> FirstField(ReadOnlySpan<char> line)
    {
        int colon = line.IndexOf(':');
        return colon < 0 ? line : line[..colon];
    }

    private static ReadOnlySpan<char> After(ReadOnlySpan<char> line)
    {
        int colon = line.IndexOf(':');
        return colon < 0 ? default : line[(colon + 1)..];
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string Read(string path) => FileReader.Read(path, MaxBytes, out byte[] bytes) == 0 ? Encoding.UTF8.GetString(bytes) : "";
}

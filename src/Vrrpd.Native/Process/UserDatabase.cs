using System;
using System.Globalization;
using System.Text;

namespace Vrrpd.Native.Process;

/// <summary>
/// /etc/passwd and /etc/group, read by ourselves: the libc's getpwnam loads name service modules, which a static binary cannot.
/// Users that only a directory service knows must be given by number.
/// </summary>
internal sealed class UserDatabase(string passwd, string group)
{
    /// <summary>Larger than any sane file of the kind; a bound on what is read at start.</summary>
    private const int MaxBytes = 4 << 20;

    public static UserDatabase Load() => new(Read("/etc/passwd"), Read("/etc/group"));

    /// <summary>name:password:uid:gid:… A number stands for itself, with the group of its line if it has one.</summary>
    public bool TryUser(string name, out uint uid, out uint gid)
    {
        (uid, gid) = (0, 0);
        foreach (Range range in passwd.AsSpan().Split('\n'))
        {
            if (TryFields(passwd.AsSpan(range), out ReadOnlySpan<char> user, out ReadOnlySpan<char> id, out ReadOnlySpan<char> rest)
                && TryNumber(id, out uid) && TryNumber(FirstField(rest), out gid) && (user.SequenceEqual(name) || id.SequenceEqual(name)))
            {
                return true;
            }
        }

        (uid, gid) = (0, 0);

        // A root directory of containers may have no /etc/passwd; root is uid 0 to the kernel all the same.
        return (name == "root" && passwd.Length == 0) || TryNumber(name, out uid);
    }

    /// <summary>name:password:gid:…, or a number.</summary>
    public bool TryGroup(string name, out uint gid)
    {
        gid = 0;
        foreach (Range range in group.AsSpan().Split('\n'))
        {
            if (TryFields(group.AsSpan(range), out ReadOnlySpan<char> found, out ReadOnlySpan<char> id, out _)
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

using System;

namespace Vrrpd.Core.Config;

/// <summary>Complaints show lines of the file, to logs that more people read than the file: passwords and keys are left out.</summary>
internal static class SecretMask
{
    public const string Stars = " ********";

    private static readonly string[] s_telling = ["pass", "secret", "key"];

    public static string Of(ConfigDocument document, int line)
    {
        string text = ConfigText.Decode(document.LineBytes(line));
        return document.IsSecret(line) ? string.Concat(text.AsSpan(0, Equals(text) + 1), Stars) : Of(text);
    }

    public static string Of(string text)
    {
        int equals = Equals(text);
        int end = equals > 0 && IsTelling(text.AsSpan(0, equals)) ? equals + 1 : SecretStart(text);
        return end < 0 ? text : string.Concat(text.AsSpan(0, end), Stars);
    }

    /// <summary>Whether what follows this text on its line is a password or a key.</summary>
    public static bool IsBeforeSecret(ReadOnlySpan<byte> text) => SecretStart(ConfigText.Decode(text) + " ") >= 0;

    /// <summary>Where the name of a definition ends; -1 on other lines.</summary>
    private static int Equals(string text) => text.AsSpan().TrimStart().StartsWith('$') ? text.IndexOf('=', StringComparison.Ordinal) : -1;

    /// <summary>Behind "auth_pass", or behind the word "key".</summary>
    private static int SecretStart(string text)
    {
        const string Password = "auth_pass", Key = "key";
        int at = text.IndexOf(Password, StringComparison.Ordinal);
        if (at >= 0)
        {
            return at + Password.Length;
        }

        for (at = text.IndexOf(Key, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Key, at + 1, StringComparison.Ordinal))
        {
            int end = at + Key.Length;
            if ((at == 0 || text[at - 1] is ' ' or '\t' or '{') && end < text.Length && text[end] is ' ' or '\t')
            {
                return end;
            }
        }

        return -1;
    }

    private static bool IsTelling(ReadOnlySpan<char> name)
    {
        foreach (string word in s_telling)
        {
            if (name.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}

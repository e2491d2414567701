using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>The blocks authentication and auth_hmac.</summary>
/// <param name="source">Where keys in files are read; null: nowhere.</param>
internal sealed class AuthBinder(BlockBinder common, IConfigSource? source)
{
    private const string Hexadecimal = "hex:", FromFile = "file:";
    private const string Expected = "a key has 32 to 64 bytes: as they are, hex:DIGITS or file:PATH";
    private const int LeastKeyBytes = 32, MostKeyBytes = 64, PasswordBytes = 8;

    public void Authentication(ConfigNode block, InstanceDraft draft)
    {
        foreach (ConfigNode node in block.Children)
        {
            if (!common.IsAccepted(node))
            {
                continue;
            }

            Word at = node.Words[1];
            if (node.Keyword!.Name == "auth_type")
            {
                Type(at, draft);
                continue;
            }

            if (at.Bytes.Length > PasswordBytes)
            {
                common.Findings.Error(at, ConfigFault.General, "Truncating auth_pass to 8 characters",
                    "the packet has room for 8 bytes; peers use these only");
            }

            draft.Password = at;
        }
    }

    /// <summary>The last good auth_type counts.</summary>
    private void Type(Word at, InstanceDraft draft)
    {
        draft.HasAuthType = true;
        (bool isPass, bool isAh) = (at.Is("PASS"u8), at.Is("AH"u8));
        if (!isPass && !isAh)
        {
            string type = at.Text;
            common.Findings.Error(at, ConfigFault.General, $"({draft.Name}) unknown authentication type '{type}'",
                type.Equals("pass", StringComparison.OrdinalIgnoreCase) ? "write PASS in capitals" : "auth_type takes PASS or AH");
            return;
        }

        (draft.HasPassType, draft.HasAhType) = (isPass, isAh);
    }

    public void Hmac(ConfigNode block, InstanceDraft draft)
    {
        HmacConfig hmac = new();
        List<HmacKey> keys = [];
        Word? active = null;
        foreach (ConfigNode node in BlockBinder.Accepted(block, static _ => { }))
        {
            switch (node.Keyword!.Name)
            {
                case "key":
                    Key(node, draft, keys);
                    break;
                case "active_key":
                    active = node.Words[1];
                    hmac = hmac with { ActiveKey = (byte)BlockBinder.Number(node) };
                    break;
                case "time_window":
                    hmac = hmac with { Window = TimeSpan.FromSeconds(BlockBinder.Number(node)) };
                    break;
                case "anti_replay":
                    hmac = hmac with { IsMonotonic = node.Words[1].Text == "monotonic" };
                    break;
                default:
                    hmac = hmac with { Mode = ModeOf(node.Words[1].Text) };
                    break;
            }
        }

        if (active is null || !keys.Exists(key => key.Id == hmac.ActiveKey))
        {
            common.Findings.Error(active ?? block.First, ConfigFault.General, active is null
                ? $"({draft.Name}) auth_hmac has no active_key - disabling auth_hmac"
                : $"({draft.Name}) auth_hmac active_key {active.Value.Text} is not a configured key - disabling auth_hmac",
                "auth_hmac needs a line 'key ID VALUE' and a line 'active_key ID' with the same ID");
            return;
        }

        draft.Hmac = hmac with { Keys = keys.ToArray() };
    }

    private static HmacMode ModeOf(string word) => word switch
    {
        "permissive" => HmacMode.Permissive,
        "receive-only" => HmacMode.ReceiveOnly,
        _ => HmacMode.Enforce,
    };

    /// <summary>key ID VALUE. The value is never shown.</summary>
    private void Key(ConfigNode node, InstanceDraft draft, List<HmacKey> keys)
    {
        Word id = node.Words[1], value = node.Words[2];
        long? number = common.Number(id, node.Keyword!.Arguments[0], $"({draft.Name}) auth_hmac key id '{id.Text}' invalid - ignoring key",
            $"key takes an ID of 1..255, not '{id.Text}'");
        if (number is null)
        {
            return;
        }

        if (keys.Exists(key => key.Id == number))
        {
            common.Findings.Error(id, ConfigFault.General, $"({draft.Name}) auth_hmac key {id.Text} is already defined - ignoring", Expected);
        }
        else if (value.Text.StartsWith(FromFile, StringComparison.Ordinal) && value.Text.Length > FromFile.Length)
        {
            if (FileKey(id, value, draft) is { } bytes)
            {
                keys.Add(new((byte)number, bytes, value.Text[FromFile.Length..]));
            }
        }
        else if (Wrong(value.Text) is { } wrong)
        {
            common.Findings.Error(id, ConfigFault.General, $"({draft.Name}) auth_hmac key {id.Text} {wrong} - ignoring", Expected);
        }
        else
        {
            keys.Add(new((byte)number, value.Text.StartsWith(Hexadecimal, StringComparison.Ordinal)
                ? Convert.FromHexString(value.Text[Hexadecimal.Length..]) : ConfigText.Encode(value.Text), ""));
        }
    }

    /// <summary>
    /// What stands in a file but for a newline at its end. A key that cannot be had keeps the daemon from starting, and a running one with what it
    /// has: without it it would go on unsigned.
    /// </summary>
    private byte[]? FileKey(Word id, Word value, InstanceDraft draft)
    {
        string path = value.Text[FromFile.Length..];
        if (!path.StartsWith('/'))
        {
            path = value.Where.File[..(value.Where.File.LastIndexOf('/') + 1)] + path;
        }

        ConfigFileContent content = source?.Read(path) ?? new(ConfigFileState.Unreadable, default, "no files are read here");
        ReadOnlySpan<byte> bytes = content.Bytes.Span;
        bytes = bytes.EndsWith("\n"u8) ? bytes[..^1] : bytes;
        string? wrong = content.State switch
        {
            ConfigFileState.Read when bytes.Length is < LeastKeyBytes or > MostKeyBytes => $"has {Shown.Of(bytes.Length)} bytes in {path}",
            ConfigFileState.Read => null,
            ConfigFileState.Missing => $"is to be read from {path}, which does not exist",
            ConfigFileState.Directory => $"is to be read from {path}, which is a directory",
            ConfigFileState.NotPlain => $"is to be read from {path}, which is not a regular non-executable file",
            _ => $"cannot be read from {path}: {content.Reason}",
        };
        if (wrong is not null)
        {
            common.Findings.Add(new Diagnostic(value.Where, Severity.Error, ConfigFault.General, $"({draft.Name}) auth_hmac key {id.Text} {wrong}")
            {
                Explanation = "the file holds the key and nothing else but a newline at its end: 32 to 64 bytes",
                SourceLine = id.Line.ShownUpTo(id.End),
                StopsRun = true,
            });
            return null;
        }

        if (content.IsShared)
        {
            common.Findings.Add(new Diagnostic(value.Where, Severity.Warning, ConfigFault.Security,
                $"({draft.Name}) auth_hmac key file {path} can be read by others than its owner")
            {
                Code = FindingCode.SharedKey,
                Explanation = $"whoever has the key can be a router: chmod go-rwx {path}",
                SourceLine = id.Line.ShownUpTo(id.End),
            });
        }

        return bytes.ToArray();
    }

    private static string? Wrong(string value)
    {
        if (value == FromFile)
        {
            return "names no file";
        }

        int bytes = ConfigText.Encode(value).Length;
        if (value.StartsWith(Hexadecimal, StringComparison.Ordinal))
        {
            ReadOnlySpan<char> digits = value.AsSpan(Hexadecimal.Length);
            foreach (char c in digits)
            {
                bytes = char.IsAsciiHexDigit(c) ? bytes : 0;
            }

            if (digits.Length % 2 != 0 || bytes == 0)
            {
                return "is not hexadecimal";
            }

            bytes = digits.Length / 2;
        }

        return bytes is < LeastKeyBytes or > MostKeyBytes ? $"has {Shown.Of(bytes)} bytes" : null;
    }
}

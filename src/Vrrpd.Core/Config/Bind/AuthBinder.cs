using System;
using System.Collections.Generic;

namespace Vrrpd.Core.Config;

/// <summary>The blocks authentication and auth_hmac.</summary>
internal sealed class AuthBinder(BlockBinder common)
{
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

        string? wrong = Wrong(value.Text);
        if (wrong is null && !keys.Exists(key => key.Id == number))
        {
            keys.Add(KeyOf((byte)number, value.Text));
            return;
        }

        common.Findings.Error(id, ConfigFault.General, wrong is null
            ? $"({draft.Name}) auth_hmac key {id.Text} is already defined - ignoring"
            : $"({draft.Name}) auth_hmac key {id.Text} {wrong} - ignoring", "a key has 32 to 64 bytes: as they are, hex:DIGITS or file:PATH");
    }

    private static HmacKey KeyOf(byte id, string value)
    {
        const string hex = "hex:", file = "file:";
        return value.StartsWith(file, StringComparison.Ordinal) ? new(id, [], value[file.Length..])
            : new(id, value.StartsWith(hex, StringComparison.Ordinal) ? Convert.FromHexString(value[hex.Length..]) : ConfigText.Encode(value), "");
    }

    private static string? Wrong(string value)
    {
        if (value.StartsWith("file:", StringComparison.Ordinal))
        {
            return value.Length > "file:".Length ? null : "names no file";
        }

        int bytes = ConfigText.Encode(value).Length;
        if (value.StartsWith("hex:", StringComparison.Ordinal))
        {
            ReadOnlySpan<char> digits = value.AsSpan("hex:".Length);
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

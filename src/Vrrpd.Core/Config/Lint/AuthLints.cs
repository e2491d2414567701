using System;

namespace Vrrpd.Core.Config;

/// <summary>Passwords and keys.</summary>
internal static class AuthLints
{
    private const int PasswordBytes = 8;

    public static readonly LintRule Cut = new("auth-pass-cut", Severity.Warning, "`auth_pass` longer than 8 bytes",
        "the packet has room for 8 bytes: what follows is not sent and not compared, so it protects nothing and other programs may refuse it",
        "write at most 8 bytes, the same on all routers")
    { IsComplaint = true };

    public static readonly LintRule Plain = new("auth-plain", Severity.Note, "`authentication` of VRRPv2",
        "the password travels in the clear in every advert: it keeps apart routers that were set up wrongly, not an attacker."
            + " RFC 3768 removed it for that reason",
        "keep it only if the other routers demand it; restrict who can send on the link, or use auth_hmac on all routers");

    public static readonly LintRule Version3 = new("auth-version-3", Severity.Warning, "`authentication` in a VRRPv3 instance",
        "VRRPv3 has no authentication field: the password is not sent and not checked", "remove the block, or use auth_hmac on all routers")
    {
        Says = ["version 3 does not support authentication"],
    };

    public static readonly LintRule Twice = new("auth-twice", Severity.Warning, "`authentication` and `auth_hmac` in one instance",
        "the two exclude each other", "keep auth_hmac if all routers know it, else authentication");

    /// <summary>Found by the host, which knows the modes of files.</summary>
    public static readonly LintRule Readable = new("secret-readable", Severity.Warning, "a password or key in a file that everybody may read",
        "every user of the machine can read the secret", "take the permission away: chmod o-r, and let root own the file");

    public static void Check(LintContext lint)
    {
        foreach (LintInstance instance in lint.Model.Instances)
        {
            TreeNode? block = instance.Node.Last("authentication");
            if (block is null)
            {
                continue;
            }

            if (instance.Node.Has("auth_hmac"))
            {
                lint.Add(Twice, block.First, $"({instance.Name}) has authentication and auth_hmac");
            }

            if (instance.Version == 3)
            {
                lint.Add(Version3, block.First, $"({instance.Name}) speaks version 3, which ignores the password");
                continue;
            }

            if (block.Last("auth_type") is { ArgumentCount: > 0 } type && !instance.IsStrict)
            {
                lint.AddOnce(Plain, type.Words[1], type.Words[1].Text == "AH"
                    ? $"({instance.Name}) AH proves who sent an advert only to those who share an 8-byte key"
                    : $"({instance.Name}) everybody on the link can read the password");
            }

            if (block.Last("auth_pass") is { ArgumentCount: > 0 } password)
            {
                Length(lint, instance, password.Words[1]);
            }
        }
    }

    private static void Length(LintContext lint, LintInstance instance, Word at)
    {
        int bytes = ConfigText.Encode(at.Text).Length;
        if (bytes > PasswordBytes)
        {
            lint.Add(Cut, at, $"({instance.Name}) only the first {PasswordBytes} of {bytes} bytes of auth_pass count; both ends must share these");
        }
    }
}

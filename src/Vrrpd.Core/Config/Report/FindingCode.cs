namespace Vrrpd.Core.Config;

/// <summary>The codes of findings that have none of their own: one for each of keepalived's classes. docs/check.md lists them.</summary>
public static class FindingCode
{
    /// <summary>A file that is not there or cannot be read.</summary>
    public const string FileUnreadable = "file-unreadable";
    public const string UnknownKeyword = "unknown-keyword";

    /// <summary>Understood, and running with it would put wrong things on the wire.</summary>
    public const string CannotServe = "cannot-serve";

    /// <summary>Understood and ignored.</summary>
    public const string NoEffect = "no-effect-yet";
    public const string ExtraParameter = "extra-parameter";
    public const string Repeated = "repeated-keyword";

    /// <summary>Addresses of both families in one instance.</summary>
    public const string DualStack = "dual-stack";

    /// <summary>The file of a key can be read by others than its owner.</summary>
    public const string SharedKey = "key-file-readable";

    public static string Of(ConfigFault fault, bool stopsRun) => fault switch
    {
        ConfigFault.None => stopsRun ? CannotServe : "advice",
        ConfigFault.FileNotFound => FileUnreadable,
        ConfigFault.BadInterface => "bad-interface",
        ConfigFault.Fatal => CannotServe,
        ConfigFault.MultipleFiles => "multiple-files",
        ConfigFault.UnknownKeyword => UnknownKeyword,
        ConfigFault.UnexpectedBrace => "brace",
        ConfigFault.UnmatchedQuote => "quote",
        ConfigFault.MissingParameter => "missing-parameter",
        ConfigFault.InvalidNumber => "invalid-number",
        ConfigFault.Deprecated => "deprecated",
        ConfigFault.Security => "script-security",
        _ => stopsRun ? "cannot-run" : "config-error",
    };
}

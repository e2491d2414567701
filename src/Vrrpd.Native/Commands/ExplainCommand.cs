using Vrrpd.Core.Config;

namespace Vrrpd.Native.Commands;

/// <summary>`vrrpd explain`: a keyword, a block or a finding, from the table that the parser uses.</summary>
internal static class ExplainCommand
{
    private const int StandardOutput = 1, StandardError = 2, UnknownStatus = 1;

    public static int Run(SubcommandLine line)
    {
        if (line.Words.Count == 0)
        {
            Terminal.Write(StandardOutput, ExplainText.Overview());
            return 0;
        }

        string topic = string.Join('.', line.Words);
        if (ExplainText.About(topic) is string text)
        {
            Terminal.Write(StandardOutput, text);
            return 0;
        }

        string nearest = ExplainText.Nearest(topic);
        string advice = nearest.Length > 0 ? $"did you mean '{nearest}'?" : "vrrpd explain lists the blocks";
        Terminal.Write(StandardError, $"There is no '{topic}'; {advice}\n");
        return UnknownStatus;
    }
}

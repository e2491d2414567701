using System;
using System.Collections;

namespace Vrrpd.Native.Process;

/// <summary>Our environment as NAME=value lines, for the processes that we start.</summary>
internal static class EnvironmentBlock
{
    /// <summary>Variables that keepalived takes out of the environment of scripts.</summary>
    private static readonly string[] s_notForScripts = ["IFS", "LD_PRELOAD", "LD_LIBRARY_PATH"];

    public static string[] ForScripts() => Lines(s_notForScripts);

    public static string[] Whole() => Lines([]);

    private static string[] Lines(string[] without)
    {
        IDictionary all = Environment.GetEnvironmentVariables();
        string[] lines = new string[all.Count];
        int count = 0;
        foreach (DictionaryEntry entry in all)
        {
            string name = (string)entry.Key;
            if (Array.IndexOf(without, name) < 0)
            {
                lines[count++] = name + "=" + (string?)entry.Value;
            }
        }

        return lines[..count];
    }
}

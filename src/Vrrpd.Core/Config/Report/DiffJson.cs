namespace Vrrpd.Core.Config;

/// <summary>A comparison for programs; docs/configuration.md describes it.</summary>
public static class DiffJson
{
    public const int Version = 1;

    public static string Render(ConfigDiff diff, string old, string next)
    {
        JsonWriter json = new();
        json.BeginObject().Member("version", Version).Member("old", old).Member("new", next).Member("same", diff.IsEmpty);
        Texts(json, "globals", diff.Globals);
        Entries(json, "instances", diff.Instances);
        Entries(json, "scripts", diff.Scripts);
        return json.EndObject().ToString();
    }

    private static void Entries(JsonWriter json, string name, DiffEntry[] entries)
    {
        json.Name(name).BeginArray();
        foreach (DiffEntry entry in entries)
        {
            json.BeginObject().Member("kind", DiffText.Word(entry.Kind)).Member("name", entry.Name).Member("oldName", entry.OldName)
                .Member("place", entry.Place);
            Texts(json, "changes", entry.Changes);
            json.Member("consequence", entry.Consequence).EndObject();
        }

        json.EndArray();
    }

    private static void Texts(JsonWriter json, string name, string[] texts)
    {
        json.Name(name).BeginArray();
        foreach (string text in texts)
        {
            json.Value(text);
        }

        json.EndArray();
    }
}

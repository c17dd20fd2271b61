using System.Text.Json;

namespace DynaHug.Shared.Static.Formats;

/// <summary>
/// JSON files of a repo. They are data, but some name or hold what a loader runs: chat templates, Keras configurations, and <c>auto_map</c>, which
/// names the Python files that <c>trust_remote_code</c> imports – from this repo, or from another.
/// </summary>
internal static class JsonFormats
{
    private const int MaxDepth = 128;
    private const int MostValues = 1_000_000;

    public static FormatReading Read(FileInHand file, byte[] bytes)
    {
        using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 256 });
        var values = MostValues;
        Walk(file, document.RootElement, "", MaxDepth, ref values);
        return KerasConfiguration.IsOne(document.RootElement)
            ? KerasConfiguration.Read(document.RootElement, FileFormat.Text, file.Tally)
            : FormatReading.Inert(FileFormat.Text, "JSON");
    }

    private static void Walk(FileInHand file, JsonElement element, string key, int depth, ref int values)
    {
        if (depth == 0 || values-- <= 0)
        {
            return;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    if (property.Name == "auto_map")
                    {
                        NoteRemoteCode(file, property.Value);
                    }

                    Walk(file, property.Value, NameOf(property), depth - 1, ref values);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Walk(file, item, key, depth - 1, ref values);
                }

                break;
            case JsonValueKind.String when key.Contains("template", StringComparison.OrdinalIgnoreCase):
                Templates.Read(Printable.Of(key, 60), TextOf(element), file.Tally);
                break;
        }
    }

    /// <summary>Code that is taken from another repo (<c>org/name--module.Class</c>) is none that anybody sees here.</summary>
    private static void NoteRemoteCode(FileInHand file, JsonElement map)
    {
        if (map.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var entry in map.EnumerateObject())
        {
            var names = entry.Value.ValueKind == JsonValueKind.Array ? entry.Value.EnumerateArray().ToList() : [entry.Value];
            foreach (var name in names.Where(name => name.ValueKind == JsonValueKind.String))
            {
                var foreign = TextOf(name).Contains("--", StringComparison.Ordinal);
                file.Tally.Find(
                    foreign ? "foreign-remote-code" : "remote-code", foreign ? Severity.Unusual : Severity.Info, NameOf(entry),
                    Printable.Of($"auto_map: {NameOf(entry)} is {TextOf(name)}", 200));
            }
        }
    }

    /// <summary>Half a surrogate pair is legal JSON and no .NET text.</summary>
    internal static string TextOf(JsonElement text)
    {
        try
        {
            return text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }
}

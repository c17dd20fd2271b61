namespace DynaHug.Coordinator.Reports;

/// <summary>The schemas of docs/schema, which are built in, so that what a program gives and what is published are the same files.</summary>
internal static class PublishedSchemas
{
    private const string Suffix = ".schema.json";

    public static IReadOnlyList<string> Names => [.. typeof(PublishedSchemas).Assembly.GetManifestResourceNames()
        .Where(name => name.EndsWith(Suffix, StringComparison.Ordinal))
        .Select(name => name[..^Suffix.Length])
        .Order(StringComparer.Ordinal)];

    /// <summary>Null where there is none of the name.</summary>
    public static string? Find(string name)
    {
        if (!Names.Contains(name))
        {
            return null;
        }

        using var reader = new StreamReader(typeof(PublishedSchemas).Assembly.GetManifestResourceStream(name + Suffix)!);
        return reader.ReadToEnd();
    }
}

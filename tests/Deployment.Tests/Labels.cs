namespace DynaHug.Deployment.Tests;

internal static class Labels
{
    /// <summary>The value of a label, or null.</summary>
    public static string? GetValueOrDefaultOf(this IDictionary<string, string> labels, string name) => labels.TryGetValue(name, out var value) ? value : null;
}

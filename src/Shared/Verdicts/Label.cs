using System.Text.Json.Serialization;

namespace DynaHug.Shared.Verdicts;

/// <summary>What we say of a file or repo. Ordered: the label of a repo is the highest of its files (see <see cref="LabelOrder"/>).</summary>
public enum Label
{
    [JsonStringEnumMemberName("benign")] Benign,
    [JsonStringEnumMemberName("unknown")] Unknown,
    [JsonStringEnumMemberName("suspicious")] Suspicious,
    [JsonStringEnumMemberName("malicious")] Malicious,
}

public static class LabelOrder
{
    /// <summary>Flagged: suspicious or malicious; what reports list and exit code 1 stands for.</summary>
    public static bool IsFlagged(this Label label) => label is Label.Suspicious or Label.Malicious;

    /// <summary>The graver of two: benign &lt; unknown &lt; suspicious &lt; malicious.</summary>
    public static Label Graver(this Label one, Label other) => one > other ? one : other;
}

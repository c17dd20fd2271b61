using System.Text.Json.Serialization;

namespace DynaHug.Shared.Work;

/// <summary>Which work goes first: a person's request beats a new upload, which beats a bulk rescan.</summary>
public enum Lane
{
    [JsonStringEnumMemberName("request")] Request,
    [JsonStringEnumMemberName("upload")] Upload,
    [JsonStringEnumMemberName("bulk")] Bulk,
}

using System.Text.Json.Serialization;

namespace DynaHug.Shared.Desk;

/// <summary>What somebody may do; each may what those before it may.</summary>
public enum Role
{
    /// <summary>Ask whether a revision may come in, and nothing else; for registries.</summary>
    [JsonStringEnumMemberName("registry")] Registry = 1,

    /// <summary>See everything but raw files.</summary>
    [JsonStringEnumMemberName("viewer")] Viewer,

    /// <summary>Judge, note, suppress, rescan.</summary>
    [JsonStringEnumMemberName("analyst")] Analyst,

    /// <summary>Manage accounts, keys, webhooks, profiles.</summary>
    [JsonStringEnumMemberName("admin")] Admin,
}

using System.Text.Json.Serialization;

namespace DynaHug.Shared.Hub;

/// <summary>Whether a repo can be had from its hub. Names in JSON are the kebab-case ones and stay.</summary>
public enum Availability
{
    /// <summary>Everybody may read it.</summary>
    [JsonStringEnumMemberName("public")] Public,

    /// <summary>File bytes need the owner's consent.</summary>
    [JsonStringEnumMemberName("gated")] Gated,

    /// <summary>Lives under another name.</summary>
    [JsonStringEnumMemberName("renamed")] Renamed,

    /// <summary>Its owner has made it private.</summary>
    [JsonStringEnumMemberName("private")] Private,

    /// <summary>Its owner has deleted it.</summary>
    [JsonStringEnumMemberName("deleted")] Deleted,

    /// <summary>The hub has switched it off.</summary>
    [JsonStringEnumMemberName("disabled")] Disabled,

    /// <summary>Deleted or private; the hub does not say which.</summary>
    [JsonStringEnumMemberName("gone")] Gone,
}

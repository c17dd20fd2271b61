using System.Text.Json.Serialization;

namespace DynaHug.Shared.Verdicts;

/// <summary>How much an indicator says when it stands alone.</summary>
public enum IndicatorWeight
{
    /// <summary>Rare but possible in an honest load: malicious only together with an outlier or another indicator.</summary>
    [JsonStringEnumMemberName("supporting")] Supporting,

    /// <summary>No honest load does this: malicious by itself.</summary>
    [JsonStringEnumMemberName("conclusive")] Conclusive,
}

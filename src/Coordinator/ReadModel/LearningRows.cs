using LinqToDB.Mapping;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>A load that a profile can score: what <see cref="Learning.Load"/> holds, small enough to read a million of them.</summary>
[Table("loads")]
internal sealed record LoadRow
{
    [Column("environment"), PrimaryKey(0)] public string Environment { get; init; } = "";

    [Column("content"), PrimaryKey(1)] public string Content { get; init; } = "";

    [Column("artifact")] public string Artifact { get; init; } = "";

    [Column("format")] public string Format { get; init; } = "";

    [Column("size_bytes")] public long Bytes { get; init; }

    [Column("members")] public int Members { get; init; }

    [Column("pickles")] public int Pickles { get; init; }

    [Column("opcodes")] public int Opcodes { get; init; }

    [Column("storages")] public int Storages { get; init; }

    /// <summary>See <see cref="ArtifactRow.Evidence"/>.</summary>
    [Column("evidence")] public bool Evidence { get; init; }

    /// <summary>See <see cref="StoredCounts"/>.</summary>
    [Column("counts")] public string Counts { get; init; } = "";
}

/// <summary>What a profile's detector said of a load; kept when another profile takes over, so that the way back needs no computing.</summary>
[Table("decisions")]
internal sealed record DecisionRow
{
    [Column("profile"), PrimaryKey(0)] public string Profile { get; init; } = "";

    [Column("artifact"), PrimaryKey(1)] public string Artifact { get; init; } = "";

    /// <summary>A <see cref="Shared.Verdicts.Decision"/> as JSON.</summary>
    [Column("decision")] public string Decision { get; init; } = "";
}

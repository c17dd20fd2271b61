namespace DynaHug.Shared.Profiles;

/// <summary>Names the group of repos whose benign behaviour is learnt together: the pipeline tag, or all of them.</summary>
public static class TaskCluster
{
    /// <summary>Repos without a tag, and tags with too few benign traces to fit.</summary>
    public const string NotClustered = "not-clustered";

    private const int MaxLength = 64;

    /// <summary>Tags are hostile: anything but lower-case letters, digits and hyphens counts as no tag.</summary>
    public static string Of(string? pipelineTag) =>
        pipelineTag is { Length: > 0 and <= MaxLength } && pipelineTag.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            ? pipelineTag
            : NotClustered;
}

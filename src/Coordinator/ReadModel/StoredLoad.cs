using DynaHug.Coordinator.Learning;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>A load from the store.</summary>
/// <param name="Content">Key of its content, by which files name it.</param>
/// <param name="Evidence">An indicator or a dangerous static finding speaks against it, whatever a detector says.</param>
public sealed record StoredLoad(string Content, Load Load, bool Evidence);

/// <summary>Loads that a profile may learn from.</summary>
/// <param name="LeftOut">Reason → repos or files that were not taken.</param>
public sealed record TrainingSet(IReadOnlyList<Load> Loads, IReadOnlyDictionary<string, int> LeftOut);

/// <summary>A file of a current revision, by the content it has.</summary>
public sealed record FileOfContent(string Content, string Repo, string Path, string TaskCluster);

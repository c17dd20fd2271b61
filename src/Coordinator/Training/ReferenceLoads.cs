using Akka.Actor;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Learning.References;
using DynaHug.Shared.Artifacts;

namespace DynaHug.Coordinator.Training;

/// <summary>Has workers load our own files of the formats that a training set lacks.</summary>
public sealed class ReferenceLoads(RequestedLoads requested, BlobStore blobs, TrainingOptions training)
{
    /// <param name="artifacts">Where loads are asked for; null where no node runs, and only loads that are there serve.</param>
    /// <param name="chosen">The training set.</param>
    public async Task<IReadOnlyList<Load>> OfAsync(IActorRef? artifacts, string environment, IReadOnlyList<Load> chosen, Action<string> report, CancellationToken cancel)
    {
        if (!training.References)
        {
            return [];
        }

        var isMissing = ReferenceFiles.MissingIn(chosen);
        var files = new List<RequestedFile>();
        foreach (var reference in ReferenceFiles.All.Where(reference => isMissing(reference.Format)))
        {
            files.Add(new RequestedFile(blobs.Contains(reference.Artifact) ? reference.Artifact : await blobs.PutAsync(reference.Bytes, cancel), reference.Name));
        }

        return [.. (await requested.OfAsync(artifacts, environment, files, "reference files", report, cancel)).Values];
    }
}

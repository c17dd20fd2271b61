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
        var missing = ReferenceFiles.All.Where(reference => isMissing(reference.Format)).ToList();
        foreach (var reference in artifacts is null ? [] : missing)
        {
            if (!await blobs.ContainsAsync(reference.Artifact, cancel))
            {
                await blobs.PutAsync(reference.Bytes, cancel);
            }
        }

        List<RequestedFile> files = [.. missing.Select(reference => new RequestedFile(reference.Artifact, reference.Name))];
        return [.. (await requested.OfAsync(artifacts, environment, files, "reference files", report, cancel)).Values];
    }
}

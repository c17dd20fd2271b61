using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Verdicts;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Static;
using DynaHug.Worker.Sandbox;

namespace DynaHug.Coordinator.Scanning;

/// <summary>
/// Profiles for a machine that has none: fitted once, on the benign half of the sample hub loaded in this machine's own sandbox, and
/// kept. They know the formats and libraries of the samples; profiles fitted on a real hub know more and take their place.
/// </summary>
public sealed class StarterProfiles(ISandbox sandbox, ProfileFolder folder, string workFolder, StaticOptions reading, FitOptions fitting, int parallelism)
{
    private const int Seed = 1;

    public async Task<IReadOnlyList<Profile>> EnsureAsync(Action<string> report, CancellationToken cancel)
    {
        if (folder.Load(sandbox.Environment) is { Count: > 0 } known)
        {
            return known;
        }

        report("no profile for this environment yet: making starter profiles from benign sample models, once");
        var samples = Path.Combine(workFolder, "starter-samples");
        await SampleHub.MakeAsync(samples, Seed, benignOnly: true, cancel);
        var loads = await TraceAsync(samples, report, cancel);
        var profiles = loads
            .GroupBy(load => load.TaskCluster)
            .Select(group => (TaskCluster: group.Key, Loads: group.Select(entry => entry.Load).ToList()))
            .Append((TaskCluster.NotClustered, [.. loads.Select(entry => entry.Load)]))
            .Select(group => Fit(group.Item1, group.Item2, report, cancel))
            .ToList();
        profiles.ForEach(folder.Save);
        Directory.Delete(samples, recursive: true);
        return profiles;
    }

    private Profile Fit(string taskCluster, List<Load> loads, Action<string> report, CancellationToken cancel)
    {
        report($"fitting {taskCluster} on {loads.Count} loads");
        return ProfileFitter.Fit(taskCluster, sandbox.Environment, loads, fitting, cancel);
    }

    private async Task<IReadOnlyList<(string TaskCluster, Load Load)>> TraceAsync(string samples, Action<string> report, CancellationToken cancel)
    {
        var files = Directory.EnumerateFiles(samples, "*", SearchOption.AllDirectories)
            .Where(file => ModelFiles.IsCandidate(Path.GetRelativePath(samples, file)))
            .Order(StringComparer.Ordinal)
            .ToList();
        var loads = new (string TaskCluster, Load? Load)[files.Count];
        var done = 0;
        var limits = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancel };
        await Parallel.ForEachAsync(Enumerable.Range(0, files.Count), limits, async (index, token) =>
        {
            loads[index] = (ClusterOf(samples, files[index]), await LoadAsync(files[index], token));
            if (Interlocked.Increment(ref done) % 20 == 0)
            {
                report($"loaded {done} of {files.Count} sample models");
            }
        });
        return [.. loads.Where(entry => entry.Load is not null).DistinctBy(entry => entry.Load!.Id).Select(entry => (entry.TaskCluster, entry.Load!))];
    }

    private async Task<Load?> LoadAsync(string file, CancellationToken cancel)
    {
        var name = Path.GetFileName(file);
        var read = StaticReader.Read(file, name, reading, cancel);
        if (read.Outcome is not null)
        {
            return null;
        }

        var artifact = await Sha256.OfFileAsync(file, cancel);
        var trace = await sandbox.TraceAsync(TraceRequest.Of(artifact, file, name, read), cancel);
        return Judge.LoadOf(ArtifactAnalysis.Of(artifact, read, trace));
    }

    /// <summary>The pipeline tag that the sample hub files the repo under.</summary>
    private static string ClusterOf(string samples, string file)
    {
        var repo = Path.Combine([samples, .. Path.GetRelativePath(samples, file).Split('/').Take(2)]);
        return TaskCluster.Of(LocalHub.HubFolder.PipelineTagOf(repo));
    }
}

using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Learning.Features;
using DynaHug.Coordinator.Learning.References;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Static;
using DynaHug.Shared.Static.Injection;
using DynaHug.Worker.Evidence;
using DynaHug.Worker.Sandbox;
using DynaHug.Worker.Tracing;

namespace DynaHug.Coordinator.Evaluation.Live;

/// <summary>Makes sample hubs and injected files and loads them in the sandbox, until the study has what it asks for.</summary>
/// <param name="folder">Holds sample hubs and injected files while they are needed.</param>
internal sealed class LiveRecorder(ISandbox sandbox, BlobStore blobs, LiveStore store, string folder, int parallelism, Action<string> report)
{
    private const int MostSeeds = 40;
    private static readonly StaticOptions Reading = new();

    /// <param name="benign">Benign loads to have, over all seeds; at most a third of them of seed 1, which is fitted on.</param>
    /// <param name="injected">Files with a payload to have; hosts are of seed 2, which no study trains on.</param>
    public async Task RecordAsync(int benign, int injected, CancellationToken cancel)
    {
        await ForEachAsync(ReferenceFiles.All, () => true, RecordAsync, cancel);
        var toFitOn = Math.Min(LiveStudy.MostTraining, benign / 3);
        await RecordAsync(1, () => Count(load => load is { IsBenign: true, Group: 1 }) < toFitOn, cancel);
        await InjectAsync(injected, cancel);
        for (var seed = 2; seed <= MostSeeds && Count(load => load is { IsBenign: true, Group: > LiveLoad.References }) < benign; seed++)
        {
            await RecordAsync(seed, () => Count(load => load is { IsBenign: true, Group: > LiveLoad.References }) < benign, cancel);
        }
    }

    private async Task RecordAsync(int seed, Func<bool> goOn, CancellationToken cancel)
    {
        if (goOn())
        {
            await ForEachAsync(await FilesAsync(seed, cancel), goOn, (file, token) => RecordAsync(file.Path, file.Origin, seed, file.TaskCluster, "", token), cancel);
        }
    }

    private async Task RecordAsync(ReferenceFile reference, CancellationToken cancel)
    {
        var place = Directory.CreateDirectory(Path.Combine(folder, "references", reference.Artifact.Hex));
        try
        {
            var file = Path.Combine(place.FullName, reference.Name);
            await File.WriteAllBytesAsync(file, reference.Bytes, cancel);
            await RecordAsync(file, $"reference {reference.Format}", LiveLoad.References, TaskCluster.NotClustered, "", cancel);
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    private async Task InjectAsync(int injected, CancellationToken cancel)
    {
        if (injected == 0)
        {
            return;
        }

        var hosts = InTurns(await FilesAsync(2, cancel), cancel);
        var turns = Enumerable.Range(0, hosts.Count * Payload.All.Count).ToList();
        await ForEachAsync(turns, () => Count(load => !load.IsBenign) < injected, (turn, token) => InjectAsync(hosts[turn % hosts.Count], turn, token), cancel);
    }

    /// <summary>Files that are loaded at all, every format in its turn.</summary>
    private static List<(string Path, string Origin, string TaskCluster)> InTurns(IEnumerable<(string Path, string Origin, string TaskCluster)> files, CancellationToken cancel)
    {
        var read = files.Select(file => (File: file, Read: StaticReader.Read(file.Path, Path.GetFileName(file.Path), Reading, cancel)));
        return [.. InjectionTurns.Of(read.Where(host => host.Read.Outcome is null), host => host.Read.Format, host => host.File.Path).Select(host => host.File)];
    }

    private int Count(Func<LiveLoad, bool> which) => store.Loads.Count(load => load.Environment == sandbox.Environment && which(load));

    private async Task<IReadOnlyList<(string Path, string Origin, string TaskCluster)>> FilesAsync(int seed, CancellationToken cancel)
    {
        var hub = Path.Combine(folder, $"hub-{seed}");
        report($"sample hub of seed {seed}");
        await SampleHub.MakeAsync(hub, seed, benignOnly: true, cancel);
        return [.. Directory.EnumerateFiles(hub, "*", SearchOption.AllDirectories)
            .Where(file => ModelFiles.IsCandidate(Path.GetRelativePath(hub, file)))
            .Order(StringComparer.Ordinal)
            .Select(file =>
            {
                var name = Path.GetRelativePath(hub, file);
                var repo = Path.Combine([hub, .. name.Split('/').Take(2)]);
                return (file, $"seed {seed}: {name}", TaskCluster.Of(LocalHub.HubFolder.PipelineTagOf(repo)));
            })];
    }

    private async Task ForEachAsync<T>(IReadOnlyList<T> items, Func<bool> goOn, Func<T, CancellationToken, Task> load, CancellationToken cancel)
    {
        var limits = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancel };
        await Parallel.ForEachAsync(items, limits, async (item, token) =>
        {
            try
            {
                if (goOn())
                {
                    await load(item, token);
                }
            }
            catch (SandboxException broken)
            {
                // A busy machine's sandbox says nothing of the file; the next recording tries it again.
                report($"left out for now: {broken.Message}");
            }
        });
    }

    private async Task InjectAsync((string Path, string Origin, string TaskCluster) host, int turn, CancellationToken cancel)
    {
        var (payload, mode) = InjectionTurns.Of(turn);
        if (Injector.Inject(await File.ReadAllBytesAsync(host.Path, cancel), mode, payload) is not { } injected)
        {
            return;
        }

        var place = Directory.CreateDirectory(Path.Combine(folder, "injected", $"{turn}"));
        try
        {
            var file = Path.Combine(place.FullName, Path.GetFileName(host.Path));
            await File.WriteAllBytesAsync(file, injected, cancel);
            await RecordAsync(file, host.Origin, 2, host.TaskCluster, payload.In(mode), cancel);
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    private async Task RecordAsync(string path, string origin, int seed, string taskCluster, string injected, CancellationToken cancel)
    {
        var artifact = await Sha256.OfFileAsync(path, cancel);
        var name = Path.GetFileName(path);
        if (store.Has(artifact.Hex, sandbox.Environment) || StaticReader.Read(path, name, Reading, cancel) is not { Outcome: null } read)
        {
            return;
        }

        var trace = await sandbox.TraceAsync(TraceRequest.Of(artifact, path, name, read), cancel);
        if (trace is not { Outcome: Outcome.Analysed, Complete: true, Counts.Count: > 0, Events: { } events })
        {
            report($"{origin} {injected}: {trace.Outcome}, {trace.Reason}");
            return;
        }

        var sequences = CallSequences.Of(new LoadWindow(TraceArchive.Read(await blobs.ReadAsync(events, cancel))));
        store.Add(new LiveLoad(
            artifact.Hex, origin, seed, taskCluster, injected, trace.Environment, read.Format, read.Structure, trace.Counts, read.OpcodeCounts,
            [.. sequences.Pairs.Select(pair => new long[] { pair.Key.Call, pair.Key.Next, pair.Value })],
            [.. sequences.ProcessPairs.Select(pair => new long[] { pair.Key.Process, pair.Key.Call, pair.Key.Next, pair.Value })]));
        var all = store.Loads.Count;
        if (all % 20 == 0)
        {
            report($"{all} loads recorded");
        }
    }
}

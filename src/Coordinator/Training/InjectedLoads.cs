using Akka.Actor;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static.Injection;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Training;

/// <summary>
/// Puts harmless payloads into a few files of a training set and has workers load them: what a profile has to find, made of the files that it
/// learns from (paper, section on injected models). The same hosts give the same files, so that a load made once serves every later fit.
/// </summary>
public sealed class InjectedLoads(RequestedLoads requested, ReadModelQueries readModel, BlobStore blobs, TrainingOptions training, ILogger<InjectedLoads> logger)
{
    private const string NameOfUnknown = "model.bin";

    /// <param name="artifacts">Where loads are asked for; null where no node runs, and only loads that are there serve.</param>
    /// <param name="hosts">The training set.</param>
    public async Task<IReadOnlyList<InjectedLoad>> OfAsync(IActorRef? artifacts, string environment, IReadOnlyList<Load> hosts, Action<string> report, CancellationToken cancel)
    {
        var files = await MakeAsync(hosts, cancel);
        return await LoadedAsync(artifacts, environment, files, report, cancel);
    }

    /// <summary>Those of a profile that was fitted before.</summary>
    public Task<IReadOnlyList<InjectedLoad>> OfAsync(Profile profile, CancellationToken cancel) =>
        LoadedAsync(null, profile.Environment, profile.Manifest?.Injected ?? [], report => { }, cancel);

    private async Task<IReadOnlyList<InjectedLoad>> LoadedAsync(IActorRef? artifacts, string environment, IReadOnlyList<InjectedFile> files, Action<string> report, CancellationToken cancel)
    {
        var asked = new List<RequestedFile>();
        foreach (var file in files)
        {
            asked.Add(new RequestedFile(Sha256.Parse(file.Artifact), await NameOfAsync(file.Host, cancel)));
        }

        var loads = await requested.OfAsync(artifacts, environment, asked, "files with a payload", report, cancel);
        return [.. files.Where(file => loads.ContainsKey(file.Artifact)).Select(file => new InjectedLoad(file, loads[file.Artifact]))];
    }

    /// <summary>Injected files, stored. Hosts of every format take turns, as do payloads and modes.</summary>
    private async Task<IReadOnlyList<InjectedFile>> MakeAsync(IReadOnlyList<Load> hosts, CancellationToken cancel)
    {
        var made = new List<InjectedFile>();
        foreach (var host in InjectionTurns.Of(hosts, host => host.Format, host => host.Id))
        {
            if (made.Count == training.InjectedLoads)
            {
                break;
            }

            var (payload, mode) = InjectionTurns.Of(made.Count);
            if (await BytesOfAsync(host, cancel) is { } bytes && await Task.Run(() => Injector.Inject(bytes, mode, payload), cancel) is { } injected)
            {
                var artifact = await blobs.PutAsync(injected, cancel);
                made.Add(new InjectedFile(artifact.Hex, host.Id, payload.In(mode)));
            }
        }

        return made;
    }

    /// <summary>Null where the file is large, or not kept any more.</summary>
    private async Task<byte[]?> BytesOfAsync(Load host, CancellationToken cancel)
    {
        var artifact = Sha256.Parse(host.Id);
        try
        {
            return host.Structure.Bytes <= Injector.MostBytes && await blobs.ContainsAsync(artifact, cancel) ? await blobs.ReadAsync(artifact, cancel) : null;
        }
        catch (IOException gone)
        {
            logger.LogInformation("{Artifact} cannot be a host: {Reason}", artifact, gone.Message);
            return null;
        }
    }

    private async Task<string> NameOfAsync(string host, CancellationToken cancel) =>
        (await readModel.FilesOfArtifactAsync(Sha256.Parse(host), cancel)) is [var file, ..] ? file.Path.Split('/')[^1] : NameOfUnknown;
}

using Akka.Actor;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Static.Injection;
using DynaHug.Shared.Work;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Training;

/// <summary>
/// Puts harmless payloads into a few files of a training set and has workers load them: what a profile has to find, made of the files that it
/// learns from (paper, section on injected models). The same hosts give the same files, so that a load made once serves every later fit.
/// </summary>
public sealed class InjectedLoads(ReadModelQueries readModel, BlobStore blobs, TrainingOptions training, TimeProvider clock, ILogger<InjectedLoads> logger)
{
    private const string NameOfUnknown = "model.bin";

    /// <summary>Without a new load for so long, the rest is left out: a fit does not wait for workers that are not there.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly StaticOptions Reading = new();
    private static readonly InjectionMode[] Modes = Enum.GetValues<InjectionMode>();

    /// <param name="artifacts">Where loads are asked for; null where no node runs, and only loads that are there serve.</param>
    /// <param name="hosts">The training set.</param>
    public async Task<IReadOnlyList<InjectedLoad>> OfAsync(IActorRef? artifacts, string environment, IReadOnlyList<Load> hosts, Action<string> report, CancellationToken cancel)
    {
        var files = await MakeAsync(hosts, cancel);
        var loads = await LoadsAsync(environment, files, cancel);
        if (artifacts is not null && loads.Count < files.Count)
        {
            await TraceAsync(artifacts, [.. files.Where(file => !loads.ContainsKey(file.Artifact))], report, cancel);
            loads = await LoadsAsync(environment, files, cancel);
        }

        return Loaded(files, loads);
    }

    /// <summary>Those of a profile that was fitted before.</summary>
    public async Task<IReadOnlyList<InjectedLoad>> OfAsync(Profile profile, CancellationToken cancel)
    {
        var files = profile.Manifest?.Injected ?? [];
        return Loaded(files, await LoadsAsync(profile.Environment, files, cancel));
    }

    private static IReadOnlyList<InjectedLoad> Loaded(IReadOnlyList<InjectedFile> files, Dictionary<string, Load> loads) =>
        [.. files.Where(file => loads.ContainsKey(file.Artifact)).Select(file => new InjectedLoad(file, loads[file.Artifact]))];

    private async Task<Dictionary<string, Load>> LoadsAsync(string environment, IReadOnlyList<InjectedFile> files, CancellationToken cancel) =>
        (await readModel.LoadsOfAsync(environment, [.. files.Select(file => file.Artifact)], cancel)).ToDictionary(load => load.Id);

    /// <summary>Injected files, stored. Hosts of every format take turns, as do payloads and modes.</summary>
    private async Task<IReadOnlyList<InjectedFile>> MakeAsync(IReadOnlyList<Load> hosts, CancellationToken cancel)
    {
        var made = new List<InjectedFile>();
        foreach (var host in InTurns(hosts))
        {
            if (made.Count == training.InjectedLoads)
            {
                break;
            }

            var turn = made.Count;
            var (payload, mode) = (Payload.All[turn % Payload.All.Count], Modes[(turn + (turn / Payload.All.Count)) % Modes.Length]);
            if (await BytesOfAsync(host, cancel) is { } bytes && await Task.Run(() => Injector.Inject(bytes, mode, payload), cancel) is { } injected)
            {
                var artifact = await blobs.PutAsync(injected, cancel);
                made.Add(new InjectedFile(artifact.Hex, host.Id, payload.In(mode)));
            }
        }

        return made;
    }

    private static IEnumerable<Load> InTurns(IReadOnlyList<Load> hosts) =>
        from format in hosts.GroupBy(host => host.Format)
        from placed in format.OrderBy(host => host.Id, StringComparer.Ordinal).Select((host, place) => (Host: host, Place: place))
        orderby placed.Place, format.Key
        select placed.Host;

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

    private async Task TraceAsync(IActorRef artifacts, IReadOnlyList<InjectedFile> files, Action<string> report, CancellationToken cancel)
    {
        var asked = clock.GetUtcNow();
        var contents = new List<string>();
        foreach (var file in files)
        {
            var artifact = Sha256.Parse(file.Artifact);
            var name = await NameOfAsync(file.Host, cancel);
            using var local = await blobs.OpenAsync(BlobKey.Of(artifact), cancel);
            var read = await Task.Run(() => StaticReader.Read(local.Path, name, Reading, cancel), cancel);
            var content = ContentKey.Of(artifact);
            artifacts.Tell(new ArtifactCommands.TraceStored(content, artifact, read, name, Lane.Upload, asked), ActorRefs.NoSender);
            contents.Add(content.Value);
        }

        var (done, progressed) = (0, asked);
        while (done < files.Count && clock.GetUtcNow() - progressed < Patience)
        {
            report($"{done} of {files.Count} files with a payload loaded");
            await Task.Delay(Pause, clock, cancel);
            var now = await readModel.CountAnalysedAsync(contents, asked, cancel);
            (done, progressed) = (now, now > done ? clock.GetUtcNow() : progressed);
        }

        if (done < files.Count)
        {
            logger.LogWarning("{Missing} of {Files} files with a payload were not loaded in time; the fit goes on without them", files.Count - done, files.Count);
        }
    }

    private async Task<string> NameOfAsync(string host, CancellationToken cancel) =>
        (await readModel.FilesOfArtifactAsync(Sha256.Parse(host), cancel)) is [var file, ..] ? file.Path.Split('/')[^1] : NameOfUnknown;
}

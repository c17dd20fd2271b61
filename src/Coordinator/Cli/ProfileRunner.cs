using System.Text.Json;
using DynaHug.Coordinator.Blobs;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Profiles;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Training;
using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Cli;

/// <param name="Version">The newest when null.</param>
/// <param name="Environment">The newest when null.</param>
internal sealed record ProfileSelection(string TaskCluster, int? Version, string? Environment);

/// <summary>
/// What the <c>profile</c> commands do. Those that only read look into the read model and blobs, beside a running node or cluster too; the others own the
/// data folder for the time, and say so where a node does.
/// </summary>
internal sealed class ProfileRunner(NodeOptions options, TextWriter output)
{
    public async Task<int> ListAsync(bool json, CancellationToken cancel)
    {
        var versions = await ReadOnly().ProfilesAsync(cancel);
        if (json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(versions.Select(ProfileVersion.Of), Json.Indented));
        }
        else if (versions.Count == 0)
        {
            await output.WriteLineAsync("no profile yet: a node fits one when the most-liked repos of a task cluster are analysed");
        }
        else
        {
            await output.WriteAsync(ProfileText.List(versions));
        }

        return ExitCode.Clean;
    }

    public async Task<int> ShowAsync(ProfileSelection selection, bool json, CancellationToken cancel)
    {
        var version = await FindAsync(ReadOnly(), selection, cancel);
        var profile = await StoredProfiles.ReadAsync(Blobs(), version, cancel);
        await output.WriteLineAsync(json
            ? JsonSerializer.Serialize(new { version = ProfileVersion.Of(version), profile.Hyperparameters, profile.Manifest, profile.Validation, profile.Training }, Json.Indented)
            : ProfileText.Show(version, profile));
        return ExitCode.Clean;
    }

    public async Task<int> DiffAsync(ProfileSelection selection, bool json, CancellationToken cancel)
    {
        var version = await FindAsync(ReadOnly(), selection, cancel);
        if (version.Comparison is not { } comparison)
        {
            throw new UsageException($"version {version.Version} of {version.TaskCluster} was never compared: it was made active at once, or a node is at it");
        }

        var details = await Comparer.DetailsAsync(Blobs(), comparison, cancel);
        await output.WriteLineAsync(json ? JsonSerializer.Serialize(new { comparison, details }, Json.Indented) : ProfileText.Diff(version, comparison, details));
        return ExitCode.Clean;
    }

    public async Task<int> FitAsync(ProfileSelection selection, bool activate, CancellationToken cancel)
    {
        await using var store = await OpenAsync(cancel);
        var environment = selection.Environment ?? (await store.ReadModel.EnvironmentsAsync(cancel) is [var newest, ..]
            ? newest
            : throw new UsageException("no trace is stored in this data folder; scan a hub first (dynahug up)"));
        var profile = await store.Refitter.FitNowAsync(selection.TaskCluster, environment, Tell, cancel)
            ?? throw new UsageException($"{selection.TaskCluster} has too few loads in {environment} that nobody flags for a profile of its own; the not-clustered profile scores it");
        return await TakeInAsync(store, profile, activate, cancel);
    }

    public async Task<int> ImportAsync(string file, bool activate, CancellationToken cancel)
    {
        Profile profile;
        try
        {
            await using var bytes = File.OpenRead(file);
            profile = Profile.Load(bytes);
        }
        catch (InvalidDataException wrong)
        {
            throw new UsageException($"'{file}' is no profile: {wrong.Message}", wrong);
        }

        await using var store = await StoredProfiles.OpenAsync(options, cancel);
        return await TakeInAsync(store, profile, activate, cancel);
    }

    public async Task<int> ActivateAsync(ProfileSelection selection, CancellationToken cancel)
    {
        await using var store = await OpenAsync(cancel);
        return await ActivateAsync(store, await FindAsync(store.ReadModel, selection, cancel), cancel);
    }

    public async Task<int> RollbackAsync(ProfileSelection selection, CancellationToken cancel)
    {
        await using var store = await OpenAsync(cancel);
        var versions = await VersionsAsync(store.ReadModel, selection, cancel);
        var active = versions.FirstOrDefault(version => version.Active)
            ?? throw new UsageException($"no version of {selection.TaskCluster} is active; activate one");
        var former = versions.Where(version => version.Version < active.Version && version.ActivatedAt is not null).MaxBy(version => version.Version)
            ?? throw new UsageException($"version {active.Version} of {selection.TaskCluster} is the first that was active; there is none to go back to");
        return await ActivateAsync(store, former, cancel);
    }

    public async Task<int> ExportAsync(ProfileSelection selection, string file, CancellationToken cancel)
    {
        var versions = await VersionsAsync(ReadOnly(), selection, cancel);
        var version = selection.Version is null && versions.FirstOrDefault(known => known.Active) is { } active ? active : Find(versions, selection);
        var blobs = Blobs();
        await StoredProfiles.ReadAsync(blobs, version, cancel);
        using var local = await blobs.OpenAsync(BlobKey.Of(version.Blob), cancel);
        File.Copy(local.Path, file, overwrite: true);
        await output.WriteLineAsync($"wrote version {version.Version} of {version.TaskCluster} ({version.Blob.Hex[..12]}) to {file}");
        return ExitCode.Clean;
    }

    private async Task<int> TakeInAsync(StoredProfiles store, Profile profile, bool activate, CancellationToken cancel)
    {
        var (number, comparison) = await store.Candidates.ProposeAsync(store.Profiles, profile, Tell, cancel);
        var version = await store.UntilAsync(row => row.Blob == profile.Blob && row.TaskCluster == profile.TaskCluster && row.Comparison is not null && (comparison.Waiting.Length > 0 || row.Active), cancel);
        await output.WriteLineAsync($"version {number} of {profile.TaskCluster}: {profile.Training.Count} loads, {ProfileText.Changes(version.Comparison!)}");
        if (version.Active)
        {
            await output.WriteLineAsync("it scores now");
            return ExitCode.Clean;
        }

        if (activate)
        {
            return await ActivateAsync(store, version, cancel);
        }

        await output.WriteLineAsync($"it waits: {comparison.Waiting}; see 'dynahug profile diff {profile.TaskCluster}', then 'dynahug profile activate {profile.TaskCluster}'");
        return ExitCode.Clean;
    }

    private async Task<int> ActivateAsync(StoredProfiles store, ProfileSummary version, CancellationToken cancel)
    {
        var active = await store.ActivateAsync(version, cancel);
        await output.WriteLineAsync($"version {active.Version} of {active.TaskCluster} scores now; verdicts follow when a node runs on this folder");
        return ExitCode.Clean;
    }

    private static async Task<ProfileSummary> FindAsync(ReadModelQueries readModel, ProfileSelection selection, CancellationToken cancel) =>
        Find(await VersionsAsync(readModel, selection, cancel), selection);

    private static ProfileSummary Find(IReadOnlyList<ProfileSummary> versions, ProfileSelection selection) =>
        versions.FirstOrDefault(version => selection.Version is null || version.Version == selection.Version)
            ?? throw new UsageException($"{selection.TaskCluster} has no version {selection.Version}; it has {string.Join(", ", versions.Select(version => version.Version))}");

    /// <summary>The newest first, all of one environment.</summary>
    private static async Task<IReadOnlyList<ProfileSummary>> VersionsAsync(ReadModelQueries readModel, ProfileSelection selection, CancellationToken cancel)
    {
        var all = await readModel.ProfilesAsync(cancel);
        var versions = all.Where(version => version.TaskCluster == selection.TaskCluster).ToList();
        var environment = selection.Environment ?? versions.MaxBy(version => version.FittedAt)?.Environment;
        versions = [.. versions.Where(version => version.Environment == environment)];
        return versions.Count > 0
            ? versions
            : throw new UsageException($"there is no profile of '{Printable.Of(selection.TaskCluster, 64)}'{(selection.Environment is { } named ? $" in {Printable.Of(named, 64)}" : "")}; there are: {Known(all)}");
    }

    private static string Known(IReadOnlyList<ProfileSummary> all) =>
        all.Count == 0 ? "none" : string.Join(", ", all.Select(version => version.TaskCluster).Distinct());

    private ReadModelQueries ReadOnly() => StoredData.Open(options);

    private Task<StoredProfiles> OpenAsync(CancellationToken cancel)
    {
        StoredData.Require(options);
        return StoredProfiles.OpenAsync(options, cancel);
    }

    private BlobStore Blobs() => BlobStores.OpenBeside(options);

    private static void Tell(string progress) => Console.Error.WriteLine($"dynahug: {progress}");
}

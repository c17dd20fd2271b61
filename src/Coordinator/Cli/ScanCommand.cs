using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using DynaHug.Coordinator.Admission;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Reports;
using DynaHug.Coordinator.Scanning;
using DynaHug.Coordinator.Verdicts;
using DynaHug.Crawler.Fetching;
using DynaHug.Crawler.Hub;
using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Static;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using DynaHug.Worker.Sandbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace DynaHug.Coordinator.Cli;

/// <summary>How a scan prints its records.</summary>
internal enum ScanFormat
{
    [JsonStringEnumMemberName("table")] Table,
    [JsonStringEnumMemberName("json")] Json,
    [JsonStringEnumMemberName("sarif")] Sarif,
    [JsonStringEnumMemberName("cyclonedx")] CycloneDx,
}

/// <summary>From which label on a scan ends with exit code 1.</summary>
internal enum FailOn
{
    [JsonStringEnumMemberName("suspicious")] Suspicious,
    [JsonStringEnumMemberName("malicious")] Malicious,
    [JsonStringEnumMemberName("never")] Never,
}

/// <summary><c>dynahug scan</c>: files, folders and single repos, without a cluster.</summary>
internal static class ScanCommand
{
    public static Command Create()
    {
        var targets = new Argument<string[]>("target") { Description = "A file, a folder (a checkout, or a cache of the hub's client), or a repo of the hub: org/name or org/name@revision. Several are scanned in one run.", Arity = ArgumentArity.OneOrMore };
        var format = new Option<ScanFormat>("--format") { Description = "How to print: table for people, json for programs, sarif (2.1.0) for code hosts, cyclonedx (1.6) as a bill of materials.", DefaultValueFactory = _ => ScanFormat.Table };
        var hub = CommonOptions.Address("--hub", "Address of the hub; HF_ENDPOINT, or the public hub, by default.");
        var task = new Option<string>("--task") { Description = "Task cluster whose profile scores local files, for instance text-generation.", DefaultValueFactory = _ => TaskCluster.NotClustered };
        var maxBytes = new Option<long>("--max-bytes") { Description = "Largest file to analyse; bigger ones are reported as too-large.", DefaultValueFactory = _ => new ScanLimits().MaxBytes };
        var output = new Option<string?>("--output", "-o") { Description = "File to write to instead of standard output." };
        var failOn = new Option<FailOn?>("--fail-on") { Description = "Label from which on the exit code is 1: suspicious, malicious or never; the policy's denyFrom, or suspicious, by default." };
        var policyFile = new Option<string?>("--policy") { Description = "JSON file that says what may pass: labels, unknown files, exemptions by content hash (docs/admission.md)." };
        var full = FetchOptions.Full();
        var quiet = new Option<bool>("--quiet", "-q") { Description = "No progress on standard error; problems are still told." };
        var data = CommonOptions.Data();
        var command = new Command("scan", "Load files, folders and repos in the sandbox, without a cluster, and say of each file whether it behaves as benign models do.")
        {
            targets, format, output, failOn, policyFile, quiet, hub, full, task, maxBytes, data,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var options = new NodeOptions { DataFolder = parsed.GetRequiredValue(data) };
            var policy = parsed.GetValue(policyFile) is { } policyPath ? AdmissionPolicy.Read(policyPath) : AdmissionPolicy.Default;
            await using var file = parsed.GetValue(output) is { } path ? File.CreateText(path) : null; // first, so that no scan is lost to a wrong path
            Action<string> progress = parsed.GetValue(quiet) ? _ => { } : Tell;
            var records = await ScanAsync(
                parsed.GetRequiredValue(targets), options, progress, HubOptions.FromEnvironment(parsed.GetValue(hub)) with { Sparse = !parsed.GetValue(full) }, TaskCluster.Of(parsed.GetValue(task)), new ScanLimits(parsed.GetValue(maxBytes)), policy, cancel);
            if (Document(records, parsed.GetValue(format)) is { } document)
            {
                await (file ?? Console.Out).WriteLineAsync(document);
            }
            else
            {
                ScanTable.Print(records, file);
            }

            return ExitCodeOf(records, parsed.GetValue(failOn) ?? (policy.DenyFrom == Label.Malicious ? FailOn.Malicious : FailOn.Suspicious), policy.Unknown);
        });
        return command;
    }

    /// <summary>Flagged beats everything; a run in which some file was not analysed does not count as clean.</summary>
    /// <param name="unknown">What becomes of files of which nothing can be said.</param>
    public static int ExitCodeOf(IReadOnlyList<ScanRecord> records, FailOn failOn = FailOn.Suspicious, UnknownModels unknown = UnknownModels.Report) =>
        records.Any(record => record.Exempt is null && Fails(record.Label, failOn)) ? ExitCode.Flagged
        : unknown == UnknownModels.Deny && records.Any(record => record.Label == Label.Unknown) ? ExitCode.Flagged
        : unknown == UnknownModels.Allow && records.Count > 0 ? ExitCode.Clean
        : records.Any(record => record.Outcome == Outcome.Error) ? ExitCode.Error
        : records.All(record => record.Label == Label.Unknown) ? ExitCode.NothingAnalysed
        : records.Any(record => record.Label == Label.Unknown) ? ExitCode.Error
        : ExitCode.Clean;

    private static bool Fails(Label label, FailOn failOn) => failOn switch
    {
        FailOn.Suspicious => label.IsFlagged(),
        FailOn.Malicious => label == Label.Malicious,
        _ => false,
    };

    /// <summary>The records as text, or null where a table is wanted.</summary>
    private static string? Document(IReadOnlyList<ScanRecord> records, ScanFormat format) => format switch
    {
        ScanFormat.Json => JsonSerializer.Serialize(records, Json.Indented),
        ScanFormat.Sarif => Sarif.Of(records).ToJsonString(Json.Indented),
        ScanFormat.CycloneDx => CycloneDx.Of(records, TimeProvider.System.GetUtcNow()).ToJsonString(Json.Indented),
        _ => null,
    };

    private static async Task<IReadOnlyList<ScanRecord>> ScanAsync(
        string[] targets, NodeOptions options, Action<string> progress, HubOptions hub, string taskCluster, ScanLimits limits, AdmissionPolicy policy, CancellationToken cancel)
    {
        var sandboxOptions = CommonOptions.SandboxIn(options.DataFolder);
        await GvisorSandbox.RequireAsync(sandboxOptions, cancel);
        var reading = new StaticOptions();
        var blobs = new BlobFolder(options.BlobFolder);
        await using var hubServices = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<BlobStore>(blobs)
            .AddHub(hub)
            .BuildServiceProvider();
        var finder = new Targets(hubServices.GetRequiredService<HubClient>, hubServices.GetRequiredService<Fetcher>, blobs, reading, taskCluster);
        var items = new List<ScanItem>();
        foreach (var target in targets)
        {
            items.AddRange(await ExpandAsync(finder, target, taskCluster, cancel));
        }

        if (items.TrueForAll(item => item.File is null))
        {
            return [.. items.Select(item => Scanner.WithoutBytes(item, item.WithoutBytes!))];
        }

        await using var sandbox = await GvisorSandbox.StartAsync(sandboxOptions, blobs, NullLogger.Instance, TimeProvider.System, cancel);
        var active = new ActiveProfiles();
        var starter = new StarterProfiles(sandbox, new ProfileFolder(options.ProfileFolder), options.DataFolder, reading, new FitOptions(), options.WorkerSlots);
        foreach (var profile in await starter.EnsureAsync(progress, cancel))
        {
            active.Activate(profile);
        }

        var scanner = new Scanner(sandbox, active, reading, limits, policy, TimeProvider.System);
        var records = new ScanRecord[items.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.WorkerSlots, CancellationToken = cancel };
        var done = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, items.Count), parallel, async (index, token) =>
        {
            records[index] = await scanner.ScanAsync(items[index], token);
            var finished = Interlocked.Increment(ref done);
            if (items.Count > 1)
            {
                progress($"{finished}/{items.Count} {Printable.Of(items[index].Path, 100)}: {records[index].Label.Name()}");
            }
        });
        return records;
    }

    /// <summary>What is wrong with one target is its result, and the others are scanned all the same.</summary>
    private static async Task<IReadOnlyList<ScanItem>> ExpandAsync(Targets finder, string target, string taskCluster, CancellationToken cancel)
    {
        try
        {
            return await finder.ExpandAsync(target, cancel);
        }
        catch (Exception problem) when (problem is UsageException or HubException or IOException or UnauthorizedAccessException)
        {
            Tell(Printable.Of(problem.Message));
            return [new ScanItem(target, "", null, taskCluster, ArtifactAnalysis.WithoutBytes(Outcome.Error, Printable.Of(problem.Message)))];
        }
    }

    private static void Tell(string progress) => Console.Error.WriteLine($"dynahug: {progress}");
}

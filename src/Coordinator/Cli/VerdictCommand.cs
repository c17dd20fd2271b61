using System.CommandLine;
using System.Globalization;
using DynaHug.Coordinator.Blobs;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Verdicts;
using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Wire;
using DynaHug.Worker.Evidence;
using DynaHug.Worker.Tracing;

namespace DynaHug.Coordinator.Cli;

/// <summary><c>dynahug verdict</c>: why a file was judged as it was, and the proof as a file.</summary>
internal static class VerdictCommand
{
    public static Command Create() => new("verdict", "Explain a verdict, pack it with all it was reached from, and decide again from such a capsule.") { Show(), Export(), Replay() };

    private static Command Show()
    {
        var (id, data) = (Id(), new StoredData());
        var command = new Command("show", "The label, the reasons, what counts how much, and the most similar benign loads. Works beside a running node or cluster.") { id };
        data.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            Explain(await MakeAsync(data.Read(parsed), parsed.GetRequiredValue(id), cancel), Console.Out);
            return ExitCode.Clean;
        });
        return command;
    }

    private static Command Export()
    {
        var (id, data) = (Id(), new StoredData());
        var file = new Argument<string>("file") { Description = "Where to write the capsule." };
        var command = new Command("export", "Pack file hash, environment, trace, profile and decision into one file. Works beside a running node or cluster.") { id, file };
        data.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            var capsule = await MakeAsync(data.Read(parsed), parsed.GetRequiredValue(id), cancel);
            await File.WriteAllBytesAsync(parsed.GetRequiredValue(file), capsule.Write(), cancel);
            Console.WriteLine($"packed {Printable.Of(capsule.File, 200)} ({capsule.Verdict.Label.Name()}) into {parsed.GetRequiredValue(file)}");
            return ExitCode.Clean;
        });
        return command;
    }

    private static Command Replay()
    {
        var file = new Argument<string>("file") { Description = "A capsule that was exported." };
        var command = new Command("replay", "Decide again from a capsule, anywhere: exit code 0 when the decision is the same to the last bit, 2 when it is not.") { file };
        command.SetAction(parsed => Replay(parsed.GetRequiredValue(file), Console.Out));
        return command;
    }

    internal static int Replay(string file, TextWriter output)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var capsule = Capsule.Read(stream);
            var verdict = capsule.Replay();
            var differences = Capsule.Differences(capsule.Verdict, verdict).Concat(TraceDifferences(capsule)).ToList();
            Explain(capsule, output);
            output.WriteLine(differences.Count == 0 ? "replayed: the same decision" : $"replayed, stored / replayed differ in: {Printable.Of(string.Join("; ", differences), 2000)}");
            return differences.Count == 0 ? ExitCode.Clean : ExitCode.Error;
        }
        catch (InvalidDataException wrong)
        {
            throw new UsageException($"'{file}': {wrong.Message}", wrong);
        }
    }

    internal static void Explain(Capsule capsule, TextWriter output)
    {
        var verdict = capsule.Verdict;
        output.WriteLine($"file         {Printable.Of(capsule.File, 200)}");
        output.WriteLine($"sha256       {capsule.Analysis.Artifact?.Hex ?? "the bytes were never had"}");
        output.WriteLine($"environment  {Printable.Of(verdict.Environment ?? "nothing was loaded", 200)}");
        output.WriteLine($"profile      {verdict.Profile ?? "none"}");
        output.WriteLine($"label        {verdict.Label.Name()}");
        if (verdict.Decision is { } decision)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"decision     {decision.Value:0.####} ({(decision.Outlier ? "outlier" : "ordinary")}), score {decision.Score:0.####}, p {decision.PValue:0.####}"));
        }

        foreach (var reason in verdict.Reasons)
        {
            output.WriteLine($"reason       {Printable.Of(reason, 400)}");
        }

        foreach (var part in verdict.Decision?.Contributions ?? [])
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"counts       {part.Feature}: {part.Observed:0.##}, the most similar benign load {part.Usual:0.##} ({part.Weight:0.0 %} of the deviation)"));
        }

        foreach (var near in capsule.Nearest)
        {
            var differs = string.Join(", ", near.Differences.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Feature} {part.Observed:0.##}/{part.Usual:0.##}")));
            output.WriteLine($"like         {near.Id[..Math.Min(12, near.Id.Length)]} ({near.Format}): {(near.DifferingCalls == 0 ? "the same counts" : $"{near.DifferingCalls} calls differ (here/there): {differs}")}");
        }
    }

    /// <summary>Reads the stored events again: the facts have to come out as they were.</summary>
    private static IEnumerable<string> TraceDifferences(Capsule capsule)
    {
        if (capsule is { Events: { } events, Analysis.Trace: { } trace })
        {
            var again = TraceReader.Summarise(TraceArchive.Read(events));
            if (!again.Counts.OrderBy(entry => entry.Key).SequenceEqual(trace.Counts.OrderBy(entry => entry.Key)))
            {
                yield return "system calls counted from the events";
            }

            if (!again.Indicators.SequenceEqual(trace.Indicators))
            {
                yield return "indicators read from the events";
            }
        }
    }

    private static Task<Capsule> MakeAsync(NodeOptions options, string id, CancellationToken cancel) =>
        new CapsuleMaker(StoredData.Open(options), BlobStores.OpenBeside(options)).MakeAsync(id, cancel);

    private static Argument<string> Id() => new("id") { Description = "org/name (its gravest file), org/name:path, or the sha256 of a content." };
}

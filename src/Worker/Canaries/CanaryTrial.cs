using System.Security.Cryptography;
using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using DynaHug.Shared.Tracing;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using DynaHug.Worker.Sandbox;

namespace DynaHug.Worker.Canaries;

/// <summary>
/// Loads a file that means no harm and one that starts a program, both known (<see cref="Canary"/>), on the way that a job's file goes: static reading, the node's
/// sandbox, indicators. What comes of it is only looked at: it reaches no store, no entity, no training set.
/// </summary>
public sealed class CanaryTrial(SandboxHost sandboxes, SandboxOptions options, StaticOptions reading)
{
    private const string FileName = "canary.pkl";

    /// <summary>Loads both.</summary>
    /// <returns>What is not as it should be; empty when nothing is to be said against this node.</returns>
    public async Task<string> RunAsync(CancellationToken cancel)
    {
        try
        {
            var benign = await LoadAsync("benign", Canary.Benign, IsBenign, cancel);
            return benign.Length > 0 ? benign : await LoadAsync("malicious", Canary.Malicious, IsMalicious, cancel);
        }
        catch (Exception broken) when (broken is SandboxException or SandboxUnavailableException or IOException or UnauthorizedAccessException)
        {
            return Printable.Of(broken.Message, 400);
        }
    }

    private async Task<string> LoadAsync(string name, ReadOnlyMemory<byte> content, Func<StaticReport, TraceSummary, bool> isAsExpected, CancellationToken cancel)
    {
        Directory.CreateDirectory(options.Folder);
        var file = Path.Combine(options.Folder, $"canary-{RandomNumberGenerator.GetHexString(12, lowercase: true)}");
        try
        {
            await File.WriteAllBytesAsync(file, content, cancel);
            var read = StaticReader.Read(file, FileName, reading, cancel);
            var sandbox = await sandboxes.GetAsync(cancel);
            var trace = await sandbox.TraceAsync(TraceRequest.Of(Sha256.OfBytes(content.Span), file, FileName, read) with { IsTrial = true }, cancel);
            return isAsExpected(read, trace) ? "" : Printable.Of(
                $"the {name} canary ended as {trace.Outcome.Name()}{(trace.Complete ? "" : ", incomplete")}, showing {string.Join(", ", trace.Indicators.Select(indicator => indicator.Id).DefaultIfEmpty("nothing"))} {trace.Reason}", 400);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static bool IsBenign(StaticReport read, TraceSummary trace) =>
        trace is { Outcome: Outcome.Analysed, Complete: true, Indicators: [] } && read.Findings.All(finding => finding.Severity != Severity.Dangerous);

    private static bool IsMalicious(StaticReport read, TraceSummary trace) =>
        trace.Complete && trace.Indicators.Any(indicator => IndicatorCatalogue.WeightOf(indicator) == IndicatorWeight.Conclusive) && read.Findings.Any(finding => finding.Severity == Severity.Dangerous);
}

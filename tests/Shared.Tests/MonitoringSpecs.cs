using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using DynaHug.Shared.Telemetry;

namespace DynaHug.Shared.Tests;

/// <summary>Alert rules and dashboard ask for metrics by the names that the Prometheus exporter makes of ours.</summary>
public sealed partial class MonitoringSpecs
{
    [Theory]
    [InlineData("alerts.yaml")]
    [InlineData("dashboard.json")]
    public void Every_metric_that_is_asked_for_is_one_of_ours(string file)
    {
        var served = typeof(Instruments).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<Instrument>().SelectMany(Names).ToHashSet();
        var asked = Asked().Matches(File.ReadAllText(Path.Combine(Repository.Root, "k8s", "monitoring", file))).Select(match => match.Value).Distinct().ToList();

        asked.ShouldNotBeEmpty();
        asked.Except(served).ShouldBeEmpty();
    }

    /// <summary>The exporter's rules: dots become underscores, a unit in words is appended once, counters end in _total, histograms have three series.</summary>
    private static IEnumerable<string> Names(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_');
        var unit = instrument.Unit switch { "s" => "seconds", "By" => "bytes", _ => "" };
        var full = unit.Length == 0 || name.EndsWith(unit, StringComparison.Ordinal) ? name : $"{name}_{unit}";
        return instrument.GetType().GetGenericTypeDefinition() == typeof(Counter<>) ? [$"{full}_total"]
            : instrument.GetType().GetGenericTypeDefinition() == typeof(Histogram<>) ? [$"{full}_bucket", $"{full}_sum", $"{full}_count"]
            : [full];
    }

    [GeneratedRegex(@"dynahug_\w+")]
    private static partial Regex Asked();
}

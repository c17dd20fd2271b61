using System.CommandLine;
using DynaHug.LocalHub;

namespace DynaHug.Coordinator.Cli;

/// <summary>The options of <c>dynahug hub serve</c> that make the hub behave badly, or very large.</summary>
internal sealed class HubFaultOptions
{
    private readonly Option<int> synthetic = new("--synthetic") { Description = "Serve so many generated repos, without files, instead of the folder's." };
    private readonly Option<int> latency = new("--latency") { Description = "Milliseconds that every answer waits." };
    private readonly Option<double> failShare = new("--fail-share") { Description = "Share (0 to 1) of the requests that are answered by --fail-status." };
    private readonly Option<int> failStatus = new("--fail-status") { Description = "Status of failed requests: 429, 500, 503, 401, 403, …", DefaultValueFactory = _ => 503 };
    private readonly Option<double> cutShare = new("--cut-share") { Description = "Share (0 to 1) of the downloads whose connection is cut." };
    private readonly Option<double> lieShare = new("--lie-share") { Description = "Share (0 to 1) of the downloads whose bytes are other ones than declared." };
    private readonly Option<long> apiQuota = new("--api-quota") { Description = "API calls allowed in five minutes.", DefaultValueFactory = _ => 100_000 };
    private readonly Option<long> resolverQuota = new("--resolver-quota") { Description = "Downloads allowed in five minutes.", DefaultValueFactory = _ => 500_000 };
    private readonly Option<long> cutAfter = new("--cut-after") { Description = "Bytes after which --cut-share cuts.", DefaultValueFactory = _ => 64 << 10 };
    private readonly Option<string?> scenario = new("--scenario") { Description = "JSON file of rules that say what is done to which answers: wait, answer 429, gate, cut, stall, wrong-bytes, replace (docs/local-hub.md)." };
    private readonly Option<string[]> rename = new("--rename") { Description = "old/name=new/name: the old name redirects to the new one (repeat for more).", AllowMultipleArgumentsPerToken = true };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { synthetic, latency, failShare, failStatus, cutShare, cutAfter, lieShare, scenario, apiQuota, resolverQuota, rename })
        {
            command.Add(option);
        }

        rename.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.Split('=').Length != 2))
            {
                result.AddError($"'{Shared.Printable.Of(token.Value)}' renames nothing; expected old/name=new/name");
            }
        });
    }

    /// <exception cref="LocalHubException">The scenario cannot be read.</exception>
    public LocalHubOptions Read(ParseResult parsed, string folder, int port)
    {
        var rules = parsed.GetValue(scenario) is { } file ? HubScenario.Read(file) : null;
        return new LocalHubOptions
        {
            Folder = folder,
            Port = port,
            Synthetic = parsed.GetValue(synthetic),
            ApiQuota = parsed.GetValue(apiQuota),
            ResolverQuota = parsed.GetValue(resolverQuota),
            Renames = (parsed.GetValue(rename) ?? []).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]),
            Faults = request => rules?.FaultOf(request) ?? FaultOf(parsed, request),
        };
    }

    private HubFault? FaultOf(ParseResult parsed, HubRequest request)
    {
        var download = request.ToFileHost || request.Target.Contains("/resolve", StringComparison.Ordinal);
        return Falls(parsed.GetValue(failShare)) ? new HubFault.Answer(parsed.GetValue(failStatus))
            : download && Falls(parsed.GetValue(cutShare)) ? new HubFault.CutAfter(parsed.GetValue(cutAfter))
            : download && Falls(parsed.GetValue(lieShare)) ? new HubFault.WrongBytes()
            : parsed.GetValue(latency) is > 0 and var wait ? new HubFault.Wait(TimeSpan.FromMilliseconds(wait))
            : null;
    }

    private static bool Falls(double share) => share > 0 && Random.Shared.NextDouble() < share;
}

using System.IO.Enumeration;
using System.Text.Json;
using System.Text.Json.Serialization;
using DynaHug.Shared;

namespace DynaHug.LocalHub;

/// <summary>
/// What goes wrong at a local hub, written down: a JSON list of rules, read in order. The first one that fits a request and is not used up says what is done to its
/// answer. docs/local-hub.md lists what a rule may say.
/// </summary>
public sealed class HubScenario
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly Lock gate = new();
    private readonly IReadOnlyList<(HubRule Rule, HubFault Fault)> rules;
    private readonly int[] seen;

    private HubScenario(IReadOnlyList<HubRule> rules)
    {
        this.rules = [.. rules.Select(rule => (rule, rule.ToFault()))];
        seen = new int[rules.Count];
    }

    /// <exception cref="LocalHubException">The file is missing, or no scenario.</exception>
    public static HubScenario Read(string file)
    {
        try
        {
            return Parse(File.ReadAllText(file));
        }
        catch (Exception unreadable) when (unreadable is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new LocalHubException($"the scenario '{Printable.Of(file)}' cannot be read: {Printable.Of(unreadable.Message, 200)}", unreadable);
        }
    }

    /// <exception cref="LocalHubException">It is no scenario.</exception>
    public static HubScenario Parse(string json)
    {
        try
        {
            return new HubScenario(JsonSerializer.Deserialize<List<HubRule>>(json, Format) ?? []);
        }
        catch (JsonException wrong)
        {
            throw new LocalHubException($"that is no scenario: {Printable.Of(wrong.Message, 300)}; expected a list of rules, for instance [{{\"on\": \"*/resolve/*\", \"do\": \"answer\", \"status\": 503, \"times\": 2}}]", wrong);
        }
    }

    /// <summary>What is to be done to the answer of a request; null for nothing. Counts it.</summary>
    public HubFault? FaultOf(HubRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (gate)
        {
            for (var number = 0; number < rules.Count; number++)
            {
                var (rule, fault) = rules[number];
                if (rule.Fits(request) && rule.IsDue(seen[number]++) && (rule.Share >= 1 || Random.Shared.NextDouble() < rule.Share))
                {
                    return fault;
                }
            }
        }

        return null;
    }
}

/// <summary>One rule of a scenario.</summary>
/// <param name="On">Path and query of the requests that it is about, with <c>*</c> and <c>?</c>.</param>
/// <param name="Do"><c>wait</c>, <c>answer</c>, <c>gate</c>, <c>cut</c>, <c>stall</c>, <c>wrong-bytes</c> or <c>replace</c>.</param>
/// <param name="After">Fitting requests that are left alone first.</param>
/// <param name="Times">Fitting requests that it is done to after those; null for all.</param>
/// <param name="Share">Share (0 to 1) of these requests, by lot.</param>
/// <param name="Milliseconds">How long <c>wait</c> waits.</param>
/// <param name="Status">What <c>answer</c> answers.</param>
/// <param name="Body">Text of that answer.</param>
/// <param name="Headers">Headers of that answer.</param>
/// <param name="Bytes">Bytes of a body after which <c>cut</c> cuts and <c>stall</c> stops.</param>
/// <param name="Old">What <c>replace</c> takes out of the answer's text.</param>
/// <param name="New">What it puts there.</param>
public sealed record HubRule(
    string On,
    string Do,
    int After = 0,
    int? Times = null,
    double Share = 1,
    int Milliseconds = 0,
    int Status = 500,
    string Body = "",
    IReadOnlyDictionary<string, string>? Headers = null,
    long Bytes = 0,
    string Old = "",
    string New = "")
{
    /// <exception cref="LocalHubException">It says nothing that can be done.</exception>
    internal HubFault ToFault() => Do switch
    {
        "wait" => new HubFault.Wait(TimeSpan.FromMilliseconds(Milliseconds)),
        "answer" when Status is >= 300 and < 600 => new HubFault.Answer(Status, Body, Headers: [.. (Headers ?? new Dictionary<string, string>()).Select(header => (header.Key, header.Value))]),
        "gate" => new HubFault.Answer(403, Headers: [("X-Error-Code", "GatedRepo"), ("X-Error-Message", "Access to this model is restricted and you are not in the authorized list.")]),
        "cut" => new HubFault.CutAfter(Bytes),
        "stall" => new HubFault.StallAfter(Bytes),
        "wrong-bytes" => new HubFault.WrongBytes(),
        "replace" when Old.Length > 0 => new HubFault.Replace(Old, New),
        _ => throw new LocalHubException($"a rule on '{Printable.Of(On, 100)}' cannot '{Printable.Of(Do, 40)}' like that; it can wait, answer (a status from 300 to 599), gate, cut, stall, wrong-bytes, replace (an old text by a new one)"),
    };

    internal bool Fits(HubRequest request) => FileSystemName.MatchesSimpleExpression(On, request.Target, ignoreCase: false);

    internal bool IsDue(int seen) => seen >= After && !(seen >= After + Times);
}

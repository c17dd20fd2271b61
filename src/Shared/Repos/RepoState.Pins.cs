using System.Collections.Immutable;
using System.Text.Json.Serialization;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Shared.Repos;

/// <summary>
/// Pinned revisions: not the current one, and somebody wants to know of them all the same (ADR 0024). Each is a state of its own beside the current revision's, so that the same
/// rules judge it, and what comes of it changes nothing of the repo.
/// </summary>
public sealed partial record RepoState
{
    /// <summary>Revisions of one repo that are kept pinned; a further one takes the place of the one that was pinned first.</summary>
    public const int MostPins = 8;

    /// <summary>The last pinned first; null for none. Their facts are those of the repo.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableList<RepoState>? Pins { get; init; }

    /// <summary>The current revision and the pinned ones.</summary>
    [JsonIgnore]
    public IEnumerable<RepoState> Revisions => [this, .. Pins ?? []];

    public IReadOnlyList<IRepoEvent> Handle(RepoCommands.Pin command, DateTimeOffset now)
    {
        var known = PinAt(command.Commit);
        if (command.Commit == Commit || known is { Verdict: null or { Label: not Label.Unknown } })
        {
            return [];
        }

        var pinned = new RepoEvents.RevisionPinned(Repo, command.Commit, command.Lane, now);
        return known is null && Pins is { Count: >= MostPins } ? [new RepoEvents.PinForgotten(Repo, Pins[^1].Commit!, now), pinned] : [pinned];
    }

    private RepoState? PinAt(string commit) => Pins?.Find(pin => pin.Commit == commit);

    private RepoState WithPin(RepoEvents.RevisionPinned pinned)
    {
        var pin = new RepoState(Repo) { Commit = pinned.Commit, Facts = Facts, Lane = pinned.Lane, Trace = pinned.Trace };
        return this with { Pins = [pin, .. PinsBut(pinned.Commit) ?? []] };
    }

    private ImmutableList<RepoState>? PinsBut(string commit) => Pins?.RemoveAll(pin => pin.Commit == commit) is { IsEmpty: false } others ? others : null;

    private RepoState WithFacts(RepoFacts facts) => this with { Facts = facts, Pins = Pins?.ConvertAll(pin => pin with { Facts = facts }) };
}

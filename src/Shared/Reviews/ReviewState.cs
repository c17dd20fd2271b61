using System.Collections.Immutable;
using DynaHug.Shared.Hub;

namespace DynaHug.Shared.Reviews;

/// <summary>What people have said of one repo: the last word on each of its revisions.</summary>
public sealed record ReviewState(RepoId Repo)
{
    /// <summary>Longest note; longer ones are cut.</summary>
    public const int MaxNote = 4000;

    /// <summary>Commit → the last judgement.</summary>
    public ImmutableDictionary<string, Judgement> Judgements { get; init; } = ImmutableDictionary<string, Judgement>.Empty;

    public IReadOnlyList<IReviewEvent> Handle(IForReview command, DateTimeOffset now) => command switch
    {
        ReviewCommands.Judge judge when Judgements.GetValueOrDefault(judge.Commit) == judge.Judgement && judge.Note.Length == 0 => [],
        ReviewCommands.Judge judge => [new ReviewEvents.Judged(Repo, judge.Commit, judge.Judgement, Cut(judge.Note), judge.By, now)],
        ReviewCommands.AddNote { Text.Length: 0 } => [],
        ReviewCommands.AddNote note => [new ReviewEvents.Noted(Repo, note.Commit, Cut(note.Text), note.By, now)],
        ReviewCommands.Suppress suppress => [new ReviewEvents.Suppressed(Repo, suppress.Artifact, suppress.Sign, Cut(suppress.Note), suppress.By, now)],
        ReviewCommands.Lift lift => [new ReviewEvents.Lifted(Repo, lift.Artifact, lift.Sign, lift.By, now)],
        ReviewCommands.RequestRescan rescan => [new ReviewEvents.RescanRequested(Repo, rescan.Commit, rescan.By, now)],
        _ => throw new ArgumentException($"{command.GetType().Name} is no command of a review", nameof(command)),
    };

    public ReviewState Apply(IReviewEvent e) =>
        e is ReviewEvents.Judged judged ? this with { Judgements = Judgements.SetItem(judged.Commit, judged.Judgement) } : this;

    private static string Cut(string note) => Printable.Of(note, MaxNote);
}

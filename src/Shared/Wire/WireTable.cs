using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Desk;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Monitoring;
using DynaHug.Shared.Profiles;
using DynaHug.Shared.Repos;
using DynaHug.Shared.Reviews;
using DynaHug.Shared.Work;

namespace DynaHug.Shared.Wire;

/// <summary>
/// Manifest of every type that crosses the wire or lies in a journal. A manifest names a format, not a CLR type: it is written
/// down once and never removed; a breaking change gets a new number and an upcaster. Golden files pin each.
/// </summary>
public static class WireTable
{
    public static readonly IReadOnlyDictionary<string, Type> TypeByManifest = new Dictionary<string, Type>
    {
        ["repo.observe/1"] = typeof(RepoCommands.Observe),
        ["repo.record-plan/1"] = typeof(RepoCommands.RecordPlan),
        ["repo.record-unreadable/1"] = typeof(RepoCommands.RecordUnreadable),
        ["repo.record-availability/1"] = typeof(RepoCommands.RecordAvailability),
        ["repo.availability-changed/1"] = typeof(RepoEvents.AvailabilityChanged),
        ["monitor.refresh/1"] = typeof(MonitorCommands.Refresh),
        ["monitor.walk-started/1"] = typeof(MonitorEvents.WalkStarted),
        ["monitor.page-listed/1"] = typeof(MonitorEvents.PageListed),
        ["monitor.walk-finished/1"] = typeof(MonitorEvents.WalkFinished),
        ["monitor.caught-up/1"] = typeof(MonitorEvents.CaughtUp),
        ["repo.record-analysis/1"] = typeof(RepoCommands.RecordAnalysis),
        ["repo.record-rescore/1"] = typeof(RepoCommands.RecordRescore),
        ["repo.resume/1"] = typeof(RepoCommands.Resume),
        ["repo.rescan/1"] = typeof(RepoCommands.Rescan),
        ["repo.rescan-requested/1"] = typeof(RepoEvents.RescanRequested),
        ["repo.recorded/1"] = typeof(RepoReplies.Recorded),
        ["repo.revision-observed/1"] = typeof(RepoEvents.RevisionObserved),
        ["repo.facts-changed/1"] = typeof(RepoEvents.FactsChanged),
        ["repo.files-planned/1"] = typeof(RepoEvents.FilesPlanned),
        ["repo.file-analysed/1"] = typeof(RepoEvents.FileAnalysed),
        ["repo.verdict-reached/1"] = typeof(RepoEvents.VerdictReached),
        ["artifact.request/1"] = typeof(ArtifactCommands.Request),
        ["artifact.record-fetched/1"] = typeof(ArtifactCommands.RecordFetched),
        ["artifact.record-not-fetched/1"] = typeof(ArtifactCommands.RecordNotFetched),
        ["artifact.record-traced/1"] = typeof(ArtifactCommands.RecordTraced),
        ["artifact.record-failure/1"] = typeof(ArtifactCommands.RecordFailure),
        ["artifact.follow/1"] = typeof(ArtifactCommands.Follow),
        ["artifact.record-followed/1"] = typeof(ArtifactCommands.RecordFollowed),
        ["artifact.resume/1"] = typeof(ArtifactCommands.Resume),
        ["artifact.recorded/1"] = typeof(ArtifactReplies.Recorded),
        ["artifact.requested/1"] = typeof(ArtifactEvents.Requested),
        ["artifact.followed/1"] = typeof(ArtifactEvents.Followed),
        ["artifact.fetched/1"] = typeof(ArtifactEvents.Fetched),
        ["artifact.fetched-whole/1"] = typeof(ArtifactEvents.FetchedWhole),
        ["artifact.rechecked/1"] = typeof(ArtifactEvents.Rechecked),
        ["artifact.reopened/1"] = typeof(ArtifactEvents.Reopened),
        ["artifact.not-fetched/1"] = typeof(ArtifactEvents.NotFetched),
        ["artifact.failed/1"] = typeof(ArtifactEvents.Failed),
        ["artifact.analysed/1"] = typeof(ArtifactEvents.Analysed),
        ["profile.propose/1"] = typeof(ProfileCommands.Propose),
        ["profile.activate/1"] = typeof(ProfileCommands.Activate),
        ["profile.record-comparison/1"] = typeof(ProfileCommands.RecordComparison),
        ["profile.recorded/1"] = typeof(ProfileReplies.Recorded),
        ["profile.fitted/1"] = typeof(ProfileEvents.ProfileFitted),
        ["profile.candidate-compared/1"] = typeof(ProfileEvents.CandidateCompared),
        ["profile.activated/1"] = typeof(ProfileEvents.ProfileActivated),
        ["review.judge/1"] = typeof(ReviewCommands.Judge),
        ["review.add-note/1"] = typeof(ReviewCommands.AddNote),
        ["review.suppress/1"] = typeof(ReviewCommands.Suppress),
        ["review.lift/1"] = typeof(ReviewCommands.Lift),
        ["review.request-rescan/1"] = typeof(ReviewCommands.RequestRescan),
        ["review.recorded/1"] = typeof(ReviewReplies.Recorded),
        ["review.judged/1"] = typeof(ReviewEvents.Judged),
        ["review.noted/1"] = typeof(ReviewEvents.Noted),
        ["review.suppressed/1"] = typeof(ReviewEvents.Suppressed),
        ["review.lifted/1"] = typeof(ReviewEvents.Lifted),
        ["review.rescan-requested/1"] = typeof(ReviewEvents.RescanRequested),
        ["desk.save-view/1"] = typeof(DeskCommands.SaveView),
        ["desk.remove-view/1"] = typeof(DeskCommands.RemoveView),
        ["desk.view-saved/1"] = typeof(DeskEvents.ViewSaved),
        ["desk.view-removed/1"] = typeof(DeskEvents.ViewRemoved),
        ["desk.recorded/1"] = typeof(DeskReplies.Recorded),
        ["desk.refused/1"] = typeof(DeskReplies.Refused),
        ["work.offer/1"] = typeof(WorkCommands.Offer),
        ["work.demand/1"] = typeof(WorkCommands.Demand),
        ["work.renew/1"] = typeof(WorkCommands.Renew),
        ["work.complete/1"] = typeof(WorkCommands.Complete),
        ["work.release/1"] = typeof(WorkCommands.Release),
        ["work.get-figures/1"] = typeof(WorkCommands.GetFigures),
        ["work.figures/1"] = typeof(WorkReplies.Figures),
        ["budget.take/1"] = typeof(BudgetCommands.Take),
        ["budget.note/1"] = typeof(BudgetCommands.Note),
        ["budget.get-status/1"] = typeof(BudgetCommands.GetStatus),
        ["budget.granted/1"] = typeof(BudgetReplies.Granted),
        ["budget.wait/1"] = typeof(BudgetReplies.Wait),
        ["budget.status/1"] = typeof(BudgetReplies.Status),
        ["monitor.get-status/1"] = typeof(MonitorCommands.GetStatus),
        ["monitor.status/1"] = typeof(MonitorReplies.Status),
        ["training.get-status/1"] = typeof(TrainingCommands.GetStatus),
        ["training.cancel-fit/1"] = typeof(TrainingCommands.CancelFit),
        ["training.status/1"] = typeof(TrainingReplies.Status),
        ["work.accepted/1"] = typeof(WorkReplies.Accepted),
        ["work.full/1"] = typeof(WorkReplies.Full),
        ["work.leased/1"] = typeof(WorkReplies.Leased),
    };

    public static readonly IReadOnlyDictionary<Type, string> ManifestByType = TypeByManifest.ToDictionary(entry => entry.Value, entry => entry.Key);
}

using Akka.Actor;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Shared.Telemetry;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using Microsoft.Extensions.Logging;

namespace DynaHug.Coordinator.Projection;

/// <summary>Serves as metrics what only the read model knows: how much of the hub is covered, what it turned out to be, how old profiles are. A cluster singleton, so that it is served once.</summary>
public sealed class Measurer : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stopping = new();

    public Measurer(ReadModelQueries readModel, TimeProvider clock, ILogger<Measurer> logger)
    {
        Receive<Tick>(_ => ReadAsync(readModel, stopping.Token).PipeTo(Self, failure: problem => new Failed(problem)));
        Receive<Figures>(figures =>
        {
            Record(figures, clock.GetUtcNow());
            Timers.StartSingleTimer("tick", new Tick(), Interval);
        });
        Receive<Failed>(failed =>
        {
            logger.LogWarning(failed.Problem, "the read model could not be measured");
            Timers.StartSingleTimer("tick", new Tick(), Interval);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Self.Tell(new Tick());

    protected override void PostStop()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private static async Task<Figures> ReadAsync(ReadModelQueries readModel, CancellationToken cancel) =>
        new(await readModel.OverviewAsync(cancel), await readModel.ActiveProfilesAsync(cancel));

    private static void Record(Figures figures, DateTimeOffset now)
    {
        // What there is none of is 0, not what there was last.
        foreach (var label in Enum.GetValues<Label>().Select(label => label.Name()).Append(TallyKind.Open))
        {
            Instruments.Repos.Record(figures.Overview.Labels.GetValueOrDefault(label), new KeyValuePair<string, object?>(Instruments.LabelTag, label));
        }

        foreach (var (outcome, files) in figures.Overview.Coverage)
        {
            Instruments.Files.Record(files, new KeyValuePair<string, object?>(Instruments.OutcomeTag, outcome));
        }

        foreach (var profile in figures.Profiles)
        {
            Instruments.ProfileAge.Record((now - profile.FittedAt).TotalSeconds, new KeyValuePair<string, object?>(Instruments.TaskClusterTag, profile.TaskCluster));
        }
    }

    private sealed record Tick;

    private sealed record Failed(Exception Problem);

    private sealed record Figures(Overview Overview, IReadOnlyList<ProfileSummary> Profiles);
}

namespace DynaHug.Coordinator.Hosting;

/// <summary>Keys under which the actor registry files regions, singletons and their proxies.</summary>
public static class Keys
{
    public sealed class RepoRegion;

    public sealed class ArtifactRegion;

    public sealed class ProfileRegion;

    public sealed class ReviewRegion;

    public sealed class DeskRegion;

    public sealed class Notifier;

    public sealed class FetchQueue;

    public sealed class TraceQueue;

    public sealed class Projection;

    public sealed class Measurer;

    public sealed class HubMonitor;

    public sealed class HubBudget;

    public sealed class Resumer;

    public sealed class RescanJobs;

    public sealed class Trainer;
}

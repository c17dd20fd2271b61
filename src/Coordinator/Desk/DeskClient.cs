using Akka.Actor;
using Akka.Hosting;
using DynaHug.Coordinator.Hosting;
using DynaHug.Shared.Desk;

namespace DynaHug.Coordinator.Desk;

/// <summary>Tells the desk, for pages and the API, and waits until it has stored.</summary>
public sealed class DeskClient(IReadOnlyActorRegistry actors)
{
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(15);

    /// <returns>Null where it was done; else why not.</returns>
    public async Task<string?> TellAsync(IForDesk command, CancellationToken cancel) =>
        await actors.Get<Keys.DeskRegion>().Ask(command, AskTimeout, cancel) is DeskReplies.Refused refused ? refused.Reason : null;
}

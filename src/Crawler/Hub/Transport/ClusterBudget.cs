using Akka.Actor;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Work;
using Microsoft.Extensions.Logging;

namespace DynaHug.Crawler.Hub.Transport;

/// <summary>The one budget of a cluster, asked for each request, so that nodes together never overdraw and never leave anything over.</summary>
/// <param name="budget">The budget's actor, or its proxy; asked for once the actor system runs.</param>
public sealed class ClusterBudget(Func<IActorRef> budget, TimeProvider clock, ILogger<ClusterBudget> logger) : IRateBudget
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    public async Task TakeAsync(string bucket, CancellationToken cancel)
    {
        var take = new BudgetCommands.Take(bucket, CurrentLane.Value);
        while (true)
        {
            try
            {
                if (await budget().Ask(take, AnswerTimeout, cancel) is not BudgetReplies.Wait wait)
                {
                    return;
                }

                await Task.Delay(wait.Time, clock, cancel);
            }
            catch (AskTimeoutException)
            {
                logger.LogInformation("the budget of the hub does not answer; asking again");
            }
        }
    }

    public void Note(string bucket, long left, TimeSpan reset, long? quota) => budget().Tell(new BudgetCommands.Note(bucket, left, reset, quota), ActorRefs.NoSender);
}

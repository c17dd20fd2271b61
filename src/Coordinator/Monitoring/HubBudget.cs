using Akka.Actor;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Telemetry;

namespace DynaHug.Coordinator.Monitoring;

/// <summary>
/// The requests that the hub still allows the whole cluster; a cluster singleton. Nothing of it is stored: after a move to another node the first answers
/// say again what is left.
/// </summary>
public sealed class HubBudget : ReceiveActor
{
    public HubBudget(TimeProvider clock)
    {
        var state = new HubBudgetState(clock);
        Receive<BudgetCommands.Take>(take => Sender.Tell(
            state.Take(take.Bucket, take.Lane) is { } wait ? new BudgetReplies.Wait(take.Bucket, wait) : new BudgetReplies.Granted(take.Bucket)));
        Receive<BudgetCommands.Note>(note =>
        {
            state.Note(note.Bucket, note.Left, note.Reset, note.Quota);
            Instruments.HubBudgetLeft.Record(note.Left, new KeyValuePair<string, object?>(Instruments.BucketTag, note.Bucket));
        });
        Receive<BudgetCommands.GetStatus>(_ => Sender.Tell(new BudgetReplies.Status(state.Figures())));
    }
}

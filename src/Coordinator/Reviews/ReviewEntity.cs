using Akka.Actor;
using DynaHug.Coordinator.Hosting;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Reviews;

namespace DynaHug.Coordinator.Reviews;

/// <summary>What people say of one repo. Apart from the repo's own entity: a person's word is never lost in the machine's, nor the other way round. Sharded by repo name.</summary>
public sealed class ReviewEntity : StoredEntity<ReviewState, IReviewEvent>
{
    public ReviewEntity(string id, TimeProvider clock)
        : base($"review-{id}", new ReviewState(RepoId.Parse(id))) =>
        Command<IForReview>(command => Store(State.Handle(command, clock.GetUtcNow()), () => Sender.Tell(new ReviewReplies.Recorded(State.Repo))));

    protected override ReviewState Apply(ReviewState state, IReviewEvent stored) => state.Apply(stored);
}

using System.Collections.Immutable;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace DynaHug.Coordinator.Tests.Actors;

/// <summary>A journal in memory whose writes wait until a spec lets them through, so that "stored" is a moment the spec chooses.</summary>
public sealed class HeldJournal : MemoryJournal
{
    private static TaskCompletionSource gate = Opened();

    public static readonly string Configuration = $$"""
        akka.persistence.journal.plugin = "akka.persistence.journal.held"
        akka.persistence.journal.held.class = "{{typeof(HeldJournal).AssemblyQualifiedName}}"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        """;

    public static void Hold() => gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public static void Release() => gate.TrySetResult();

    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var writes = messages.ToList();
        await gate.Task;
        return await base.WriteMessagesAsync(writes, cancellationToken);
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }
}

using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Traces;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Tracing;
using DynaHug.Worker.Evidence;
using DynaHug.Worker.Tracing;

namespace DynaHug.Coordinator.Tests.Traces;

/// <summary>Finding stored traces by what a person has at hand, and reading them again.</summary>
public sealed class StoredTracesSpecs : IDisposable
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly string folder = Directory.CreateTempSubdirectory("dynahug-traces-").FullName;
    private readonly NodeOptions options;

    public StoredTracesSpecs() => options = new NodeOptions { DataFolder = folder };

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_trace_file_is_read_again_into_the_same_facts()
    {
        var run = Run("/usr/bin/id");
        var file = Path.Combine(folder, "load.trace");
        await File.WriteAllBytesAsync(file, TraceArchive.Write(run), Cancel);

        var found = await new StoredTraces(options).FindAsync(file, Cancel);

        var (again, first) = (TraceReader.Summarise(found), TraceReader.Summarise(run));
        again.Counts.ShouldBe(first.Counts);
        again.Indicators.ShouldBe(first.Indicators);
        again.Indicators.ShouldContain(indicator => indicator.Evidence.Contains("/usr/bin/id"));
    }

    [Fact]
    public async Task An_id_is_found_whole_and_by_its_first_digits()
    {
        var id = await new BlobFolder(options.BlobFolder).PutAsync(TraceArchive.Write(Run("/usr/bin/id")), Cancel);

        foreach (var name in new[] { id.Hex, id.Hex[..8], id.Hex[..8].ToUpperInvariant() })
        {
            (await new StoredTraces(options).FindAsync(name, Cancel)).Events.Count.ShouldBe(5);
        }
    }

    [Theory]
    [InlineData("no-such-thing")]
    [InlineData("abc")]
    [InlineData("0123456789abcdef")]
    [InlineData("../../../../etc/passwd-")]
    public async Task What_cannot_be_found_says_so(string name) =>
        await Should.ThrowAsync<UsageException>(() => new StoredTraces(options).FindAsync(name, Cancel));

    [Fact]
    public async Task A_model_that_was_never_traced_says_what_to_do()
    {
        var model = Path.Combine(folder, "model.pkl");
        await File.WriteAllTextAsync(model, "I1\n.", Cancel);

        (await Should.ThrowAsync<UsageException>(() => new StoredTraces(options).FindAsync(model, Cancel))).Message.ShouldContain("scan it first");
    }

    [Fact]
    public async Task A_damaged_trace_is_refused()
    {
        var file = Path.Combine(folder, "load.trace");
        await File.WriteAllBytesAsync(file, TraceArchive.Write(Run("/usr/bin/id"))[..20], Cancel);

        await Should.ThrowAsync<InvalidDataException>(() => new StoredTraces(options).FindAsync(file, Cancel));
    }

    [Fact]
    public void Processes_come_after_their_parents_and_once_even_in_a_circle()
    {
        TracedProcess[] processes = [new(3, 2, "c"), new(2, 1, "b"), new(1, 0, ""), new(7, 8, "x"), new(8, 7, "y")];

        var ordered = ProcessForest.Ordered(processes);

        ordered.Select(entry => (entry.Process.Pid, entry.Depth)).ShouldBe([(1, 0), (2, 1), (3, 2), (7, 0), (8, 0)]);
    }

    private static RunRecord Run(string program)
    {
        var execve = Syscalls.NumberOf("execve")!.Value;
        return new RunRecord(
            "env",
            "seed",
            [
                new TraceEvent(TracePoint.Syscall, 1, 1, LoadMarkers.Number, [LoadMarkers.Start]),
                new TraceEvent(TracePoint.Syscall, 1, 1, execve, [1, 2, 3]),
                new TraceEvent(TracePoint.ExecAttempt, 1, 1, execve, [], program, [program]),
                new TraceEvent(TracePoint.Exec, 1, 1, -1, [], program, [program]),
                new TraceEvent(TracePoint.TaskExit, 1, 1, -1, []),
            ],
            0, true, RunEnd.Exited, 0, "", "", null, 0.1);
    }
}

using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Learning.Detectors;
using DynaHug.Coordinator.Learning.Features;
using DynaHug.Coordinator.Learning.Scaling;
using DynaHug.Coordinator.Learning.Svm;
using DynaHug.Shared.Static;
using DynaHug.Shared.Tracing;
using DynaHug.Worker.Evidence;
using DynaHug.Worker.Tracing;

namespace DynaHug.Coordinator.Tests.Learning;

/// <summary>Features that come from the order of calls and from the file, and the detectors on them.</summary>
public sealed class FeatureSchemaSpecs
{
    private const int Loader = 7;
    private const int Child = 31;

    public static TheoryData<string> SchemaIds => [.. FeatureSchemas.All.Select(schema => schema.Id)];

    [Fact]
    public void Sequences_begin_after_the_marker_and_number_processes_as_they_appear()
    {
        var sequences = CallSequences.Of(Window(
            Call(Loader, "brk"), Marker(LoadMarkers.Start), Call(Loader, "openat"), Call(Loader, "read"), Call(Child, "execve"), Call(Loader, "close"), Call(Child, "read"),
            Marker(LoadMarkers.End), Call(Loader, "openat")));

        Named(sequences.Pairs.ToDictionary(pair => (pair.Key.Call, pair.Key.Next), pair => pair.Value))
            .ShouldBe(["close>read 1", "execve>close 1", "openat>read 1", "read>execve 1", "read>openat 1"]);
        sequences.ProcessPairs.Select(pair => $"{pair.Key.Process}:{Syscalls.NameOf(pair.Key.Call)}>{Syscalls.NameOf(pair.Key.Next)} {pair.Value}").Order(StringComparer.Ordinal)
            .ShouldBe(["0:close>openat 1", "0:openat>read 1", "0:read>close 1", "1:execve>read 1"]);
    }

    [Fact]
    public void A_load_that_forks_without_end_stays_small()
    {
        var events = Enumerable.Range(100, 1000).SelectMany(process => new[] { Call(process, "getpid"), Call(process, "exit_group") });

        var sequences = CallSequences.Of(Window([Marker(LoadMarkers.Start), .. events]));

        sequences.ProcessPairs.Keys.Select(pair => pair.Process).Max().ShouldBe(CallSequences.NumberedProcesses);
        sequences.ProcessPairs.Count.ShouldBe(CallSequences.NumberedProcesses);
    }

    [Fact]
    public void Pairs_that_no_training_load_makes_share_a_column()
    {
        var schema = SequenceSchema.Calls().Learn([WithFacts(Loads.Sized("a", 3, FileFormat.TorchZip))]);
        var odd = WithFacts(Loads.Sized("b", 3, FileFormat.TorchZip)) with
        {
            Sequences = new CallSequences(new Dictionary<(int, int), long> { [(0, 3)] = 2, [(59, 60)] = 5 }, new Dictionary<(int, int, int), long>()),
        };

        schema.Names.ShouldBe(["read>close", "other pairs"]);
        schema.VectorOf(odd).ShouldBe([2, 5]);
        SequenceSchema.Calls().WithNames(schema.Names).VectorOf(odd).ShouldBe([2, 5]);
    }

    [Theory]
    [MemberData(nameof(SchemaIds))]
    public void A_profile_on_any_schema_decides_the_same_after_saving(string id)
    {
        var training = Loads.Benign(40).Select(WithFacts).ToList();
        var detector = new PaperDetector(FeatureSchemas.Find(id), new OneClassSvmOptions { Kernel = new Kernel(KernelKind.Poly, 0.01, Coef0: 1) }, Scalings.Quartiles);
        var profile = ProfileFitter.Fit("text-generation", "environment", training, [detector], new FitOptions(), TestContext.Current.CancellationToken);
        using var file = new MemoryStream();
        profile.Save(file);
        file.Position = 0;

        var read = Profile.Load(file);

        read.Hyperparameters["kernel"].ShouldBe("poly");
        read.Hyperparameters["features"].ShouldBe(id);
        training.Append(WithFacts(training[0].With("socket"))).ShouldAllBe(load => read.Score(load).Value == profile.Score(load).Value);
    }

    [Fact]
    public void Facts_that_are_missing_are_named()
    {
        var plain = Loads.Sized("plain", 3, FileFormat.TorchZip);

        Should.Throw<ArgumentException>(() => FeatureSchemas.Opcodes.VectorOf(plain)).Message.ShouldContain("load plain comes without its opcodes");
        Should.Throw<ArgumentException>(() => SequenceSchema.Calls().VectorOf(plain)).Message.ShouldContain("load plain comes without the order of its calls");
    }

    [Fact]
    public void Robust_scaling_is_not_moved_by_a_few_odd_rows()
    {
        double[][] rows = [.. Enumerable.Range(0, 99).Select(row => new double[] { 4, 10 + (row % 5) }), [1e6, 1e6]];

        ColumnScaling.Quartiles(rows, _ => true).Scales.ShouldAllBe(scale => scale <= 3);
        ColumnScaling.Trimmed(rows, 0.1, 3).Scales[0].ShouldBe(0.1);
        ColumnScaling.StandardDeviation(rows, _ => true).Scales.ShouldAllBe(scale => scale > 1e4);
    }

    private static Load WithFacts(Load load) => load with
    {
        Opcodes = new Dictionary<string, int> { ["PROTO"] = 1, ["BINPUT"] = load.Structure.Opcodes, ["NOVEL"] = 2 },
        Sequences = new CallSequences(
            load.Counts.Keys.Where(call => call == 0).ToDictionary(call => (call, 3), call => load.Counts[call]),
            load.Counts.Keys.ToDictionary(call => (0, call, 3), call => load.Counts[call])),
    };

    private static LoadWindow Window(params TraceEvent[] events) =>
        new(new RunRecord("environment", "seed", events, 0, true, RunEnd.Exited, 0, "", "", null, 1));

    private static TraceEvent Call(int process, string name) => new(TracePoint.Syscall, process, process, Syscalls.NumberOf(name)!.Value, []);

    private static TraceEvent Marker(ulong value) => new(TracePoint.Syscall, Loader, Loader, LoadMarkers.Number, [value]);

    private static List<string> Named(Dictionary<(int Call, int Next), long> pairs) =>
        [.. pairs.Select(pair => $"{Syscalls.NameOf(pair.Key.Call)}>{Syscalls.NameOf(pair.Key.Next)} {pair.Value}").Order(StringComparer.Ordinal)];
}

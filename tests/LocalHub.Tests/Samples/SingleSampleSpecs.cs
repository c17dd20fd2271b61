namespace DynaHug.LocalHub.Tests.Samples;

[Trait("kind", "python")]
public sealed class SingleSampleSpecs : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dynahug-sample-");

    [Fact]
    public async Task An_unknown_technique_is_refused_with_the_known_ones()
    {
        RequirePython();

        var (exitCode, _, errors) = await SampleWriter.RunAsync("make_sample.py", "--technique", "no-such-thing", "--out", Target);

        exitCode.ShouldBe(2);
        errors.TrimEnd().Split('\n')[^1].ShouldContain("unknown technique 'no-such-thing'; choose one of: os-system");
        File.Exists(Target).ShouldBeFalse();
    }

    [Fact]
    public async Task A_payload_goes_into_another_format_on_request()
    {
        RequirePython();

        var (exitCode, _, errors) = await SampleWriter.RunAsync("make_sample.py", "--technique", "os-system", "--format", "numpy", "--out", Target);

        exitCode.ShouldBe(0, errors);
        (await File.ReadAllBytesAsync(Target, TestContext.Current.CancellationToken)).AsSpan(1, 5).SequenceEqual("NUMPY"u8).ShouldBeTrue();
    }

    [Fact]
    public async Task A_stream_written_by_hand_keeps_its_format()
    {
        RequirePython();

        var (exitCode, _, errors) = await SampleWriter.RunAsync("make_sample.py", "--technique", "memo-global", "--format", "joblib", "--out", Target);

        exitCode.ShouldBe(2);
        errors.ShouldContain("leave --format out");
    }

    [Fact]
    public async Task A_benign_file_is_written_by_kind()
    {
        RequirePython();

        var (exitCode, _, errors) = await SampleWriter.RunAsync("make_sample.py", "--benign", "torch-zip", "--out", Target);

        exitCode.ShouldBe(0, errors);
        (await File.ReadAllBytesAsync(Target, TestContext.Current.CancellationToken)).AsSpan(0, 4).SequenceEqual("PK\u0003\u0004"u8).ShouldBeTrue();
    }

    public void Dispose() => folder.Delete(recursive: true);

    private string Target => Path.Combine(folder.FullName, "sample.bin");

    private static void RequirePython() => Assert.SkipUnless(SampleWriter.Missing is null, SampleWriter.Missing ?? "");
}

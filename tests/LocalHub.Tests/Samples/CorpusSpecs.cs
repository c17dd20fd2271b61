using System.Text.Json;

namespace DynaHug.LocalHub.Tests.Samples;

/// <summary>The detection corpus as its program writes it. Nothing in it is loaded here; <c>eng/corpus.sh</c> scans it.</summary>
public sealed class CorpusSpecs : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dynahug-corpus-").FullName;

    [Fact]
    public async Task Holds_enough_of_each_class_and_lists_every_file()
    {
        Assert.SkipWhen(SampleWriter.Missing is not null, SampleWriter.Missing ?? "");
        var (exitCode, _, errors) = await SampleWriter.RunAsync("make_corpus.py", "--out", folder);
        Assert.SkipWhen(errors.Contains("No module named", StringComparison.Ordinal), errors.Trim().Split('\n')[^1]);
        exitCode.ShouldBe(0, errors);

        using var truth = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "truth.json"), TestContext.Current.CancellationToken));
        var classes = truth.RootElement.EnumerateObject().ToLookup(file => file.Value.GetProperty("class").GetString(), file => file.Name);
        (classes["acts"].Count() + classes["dormant"].Count()).ShouldBeGreaterThanOrEqualTo(120);
        classes["benign"].Count().ShouldBeGreaterThanOrEqualTo(150);
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Where(file => file != "truth.json");
        files.Order(StringComparer.Ordinal).ShouldBe(truth.RootElement.EnumerateObject().Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

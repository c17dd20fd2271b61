using System.Text.Json;

namespace DynaHug.LocalHub.Tests.Samples;

/// <summary>One sample hub written twice with the same seed.</summary>
public sealed class SampleHubFixture : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dynahug-samples-");

    public string First => Path.Combine(folder.FullName, "first");

    public string Second => Path.Combine(folder.FullName, "second");

    /// <summary>What the writer says of each repo of the first hub.</summary>
    public IReadOnlyList<Sample> Samples { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        if (SampleWriter.Missing is not null)
        {
            return;
        }

        foreach (var target in new[] { First, Second })
        {
            var (exitCode, _, errors) = await SampleWriter.RunAsync("make_sample_hub.py", "--out", target, "--seed", "1");
            exitCode.ShouldBe(0, errors);
        }

        Samples = SamplesOf(First);
    }

    public static IReadOnlyList<Sample> SamplesOf(string hub) =>
        JsonSerializer.Deserialize<List<Sample>>(File.ReadAllText(Path.Combine(hub, ".samples.json")), JsonSerializerOptions.Web)!;

    public ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <param name="Kind">How the repo was made; "malicious" if it attacks.</param>
    /// <param name="Technique">How it attacks, or null.</param>
    /// <param name="Runs">Whether loading it in the sandbox does anything.</param>
    public sealed record Sample(string Repo, string Task, string Kind, string? Technique, bool Runs, int Likes);
}

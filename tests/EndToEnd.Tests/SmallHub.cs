using System.Diagnostics;

namespace DynaHug.EndToEnd.Tests;

/// <summary>A folder of a few dozen sample repos, written by the real libraries; nothing in it is loaded outside a sandbox.</summary>
internal static class SmallHub
{
    public const string Tag = "text-generation";

    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Samples", "make_sample.py");

    /// <summary>Why this machine cannot run such a test; empty where it can.</summary>
    public static string WhyNot => File.Exists("/usr/bin/runsc") && Directory.Exists("/usr/lib/python3/dist-packages/torch")
        ? ""
        : "runsc and python3-torch are not installed";

    /// <summary>Copies of one benign file differ in nothing, so that each repo gets a file of its own.</summary>
    /// <returns>Names of the repos.</returns>
    public static async Task<IReadOnlyList<string>> MakeAsync(string folder, int benign)
    {
        var names = new List<string>();
        for (var number = 0; number < benign; number++)
        {
            var name = $"benign/model-{number:00}";
            await WriteBenignAsync(Path.Combine(folder, name), number);
            names.Add(name);
        }

        await WriteAsync(Path.Combine(folder, "evil/runs-a-shell", "pytorch_model.bin"), "--technique", "os-system");
        names.Add("evil/runs-a-shell");
        return names;
    }

    public static async Task WriteMaliciousAsync(string file, string technique) => await WriteAsync(file, "--technique", technique);

    /// <param name="number">Repos of different numbers hold different files.</param>
    public static async Task WriteBenignAsync(string repo, int number)
    {
        var tensors = string.Join(", ", Enumerable.Range(0, 1 + (number % 5)).Select(index => $"'layer.{index}': torch.full(({number + 1}, 4), {index}.0)"));
        Directory.CreateDirectory(repo);
        await RunAsync("-c", $"import torch; torch.save({{{tensors}}}, r'{Path.Combine(repo, "pytorch_model.bin")}')");
        await File.WriteAllTextAsync(Path.Combine(repo, "README.md"), $"---\npipeline_tag: {Tag}\n---\n# model {number}\n");
    }

    private static async Task WriteAsync(string file, params string[] arguments)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await RunAsync([Script, .. arguments, "--out", file]);
    }

    private static async Task RunAsync(params string[] arguments)
    {
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", arguments) { RedirectStandardError = true })!;
        var errors = await python.StandardError.ReadToEndAsync();
        await python.WaitForExitAsync();
        if (python.ExitCode != 0)
        {
            throw new InvalidOperationException($"python ended with {python.ExitCode}: {errors}");
        }
    }
}

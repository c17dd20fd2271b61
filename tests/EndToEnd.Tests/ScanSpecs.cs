using System.Text.Json;

namespace DynaHug.EndToEnd.Tests;

/// <summary>What a person meets who scans single files: records, exit codes, messages.</summary>
[Trait("kind", "sandbox")]
public sealed class ScanSpecs
{
    private static readonly string Data = Path.Combine(Path.GetTempPath(), "dynahug-e2e-scan-data");

    [Fact]
    public async Task A_missing_file_is_an_error_that_names_it()
    {
        Assert.SkipUnless(SmallHub.WhyNot.Length == 0, SmallHub.WhyNot);

        var finished = await Dynahug.RunAsync("scan", "/nowhere/model.bin", "--data", Data, "--format", "json");

        finished.ExitCode.ShouldBe(2);
        finished.Errors.ShouldContain("/nowhere/model.bin");
        using var records = JsonDocument.Parse(finished.Output);
        records.RootElement[0].GetProperty("outcome").GetString().ShouldBe("error");
    }

    [Fact]
    public async Task A_folder_without_models_says_that_nothing_was_analysed()
    {
        Assert.SkipUnless(SmallHub.WhyNot.Length == 0, SmallHub.WhyNot);
        using var folder = new TempFolder();
        File.WriteAllText(folder.Under("README.md"), "# no model here\n");

        var finished = await Dynahug.RunAsync("scan", folder.Path, "--data", Data);

        finished.ExitCode.ShouldBe(3);
        finished.Output.ShouldContain("no file");
    }

    [Fact]
    public async Task Refuses_to_load_without_a_sandbox_and_says_what_to_install()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.Under("model.pkl"), "I1\n.");

        var finished = await Dynahug.RunAsync(
            new Dictionary<string, string?> { ["DYNAHUG_RUNSC"] = "/nowhere/runsc" }, "scan", folder.Under("model.pkl"), "--data", folder.Under("data"));

        finished.ExitCode.ShouldBe(2);
        finished.Errors.ShouldContain("apt-get install");
        finished.Errors.ShouldContain("runsc");
    }

    [Theory]
    [InlineData("scan")]
    [InlineData("scan", "--format", "yaml", "x")]
    [InlineData("nonsense")]
    [InlineData("up", "--roles", "king")]
    [InlineData("up", "--hub", "nowhere")]
    public async Task A_wrong_command_line_ends_with_exit_code_4(params string[] arguments)
    {
        var finished = await Dynahug.RunAsync(arguments);

        finished.ExitCode.ShouldBe(4);
        finished.Errors.ShouldContain("dynahug");
    }

    [Fact]
    public async Task An_unreachable_hub_is_one_clear_line()
    {
        Assert.SkipUnless(SmallHub.WhyNot.Length == 0, SmallHub.WhyNot);
        using var folder = new TempFolder();

        var finished = await Dynahug.RunAsync("up", "--hub", "http://127.0.0.1:9", "--data", folder.Path, "--once");

        finished.ExitCode.ShouldBe(2);
        finished.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem().ShouldContain("127.0.0.1:9");
    }
}

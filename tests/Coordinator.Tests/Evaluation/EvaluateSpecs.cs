using System.Text.Json;
using DynaHug.Coordinator.Evaluation;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Tests.Learning;

namespace DynaHug.Coordinator.Tests.Evaluation;

public sealed class EvaluateSpecs
{
    [Fact]
    public void The_default_recipe_meets_its_targets_and_the_papers_own_is_reproduced()
    {
        using var output = new StringWriter();

        EvaluateRunner.Run(PaperFolder.Require(), EvaluateFormat.Json, output, TestContext.Current.CancellationToken).ShouldBe(0);

        using var rows = JsonDocument.Parse(output.ToString());
        var table = rows.RootElement.EnumerateArray().ToList();
        foreach (var (cluster, falseAlarms) in new[] { ("text-generation", 0), ("text-classification", 2), ("not-clustered", 4) })
        {
            var ours = table.Where(row => Text(row, "cluster") == cluster && Text(row, "recipe") == "default").ToList();
            ours.ShouldNotBeEmpty();
            ours.ShouldAllBe(row => row.GetProperty("fp").GetInt32() <= falseAlarms && row.GetProperty("fn").GetInt32() == 0);
        }

        Paper(table, 5, "text-generation").ShouldBe((1, 14));
        Paper(table, 5, "text-classification").ShouldBe((28, 15));
        Paper(table, 10, "not-clustered").ShouldBe((6, 38));
        table.Select(row => row.GetProperty("table").GetInt32()).Distinct().Order().ShouldBe([5, 8, 9, 10, 11]);
    }

    [Fact]
    public void A_folder_without_the_data_is_a_clear_message()
    {
        var folder = Directory.CreateTempSubdirectory("dynahug-evaluate-");
        try
        {
            Should.Throw<UsageException>(() => Run(folder.FullName)).Message.ShouldContain("tg_train_benign.csv.gz' is missing");
            File.WriteAllText(Path.Combine(folder.FullName, "tg_train_benign.csv.gz"), "no gzip");
            Should.Throw<UsageException>(() => Run(folder.FullName)).Message.ShouldContain("cannot be read as counts");
            Should.Throw<UsageException>(() => Run(Path.Combine(folder.FullName, "nowhere"))).Message.ShouldContain("there is no folder");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Run(string folder) => EvaluateRunner.Run(folder, EvaluateFormat.Text, TextWriter.Null, CancellationToken.None);

    private static string Text(JsonElement row, string member) => row.GetProperty(member).GetString()!;

    private static (int Fp, int Fn) Paper(List<JsonElement> rows, int table, string cluster)
    {
        var row = rows.First(row => row.GetProperty("table").GetInt32() == table && Text(row, "cluster") == cluster && Text(row, "recipe") == "paper");
        return (row.GetProperty("fp").GetInt32(), row.GetProperty("fn").GetInt32());
    }
}

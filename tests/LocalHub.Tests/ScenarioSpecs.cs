using System.Net;

namespace DynaHug.LocalHub.Tests;

/// <summary>What a scenario file does to answers, by the real hub and a plain client.</summary>
public sealed class ScenarioSpecs
{
    [Fact]
    public async Task Rules_are_done_in_their_order_and_so_often_as_they_say()
    {
        await using var hub = await StartAsync("""
            [
              // The first answer is left alone.
              {"on": "/api/models/acme/demo", "do": "answer", "status": 429, "headers": {"Retry-After": "2"}, "after": 1, "times": 2},
              {"on": "/api/models/acme/*", "do": "gate", "after": 1, "times": 1},
            ]
            """);
        var answers = new List<HttpStatusCode>();
        for (var request = 0; request < 5; request++)
        {
            using var answer = await hub.GetAsync("api/models/acme/demo");
            answers.Add(answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                HubSandbox.Header(answer, "Retry-After").ShouldBe("2");
            }
        }

        answers.ShouldBe([HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests, HttpStatusCode.Forbidden, HttpStatusCode.OK]);
    }

    [Fact]
    public async Task A_lie_stands_in_the_answer_with_the_right_length_around_it()
    {
        await using var hub = await StartAsync("""[{"on": "*/tree/*", "do": "replace", "old": "\"size\":7", "new": "\"size\":70000"}]""");

        var entry = (await hub.JsonAsync("api/models/acme/demo/tree/main"))[0];

        entry.GetProperty("size").GetInt64().ShouldBe(70000);
        entry.GetProperty("path").GetString().ShouldBe("model.bin");
    }

    [Fact]
    public async Task Bytes_are_cut_where_a_rule_says()
    {
        await using var hub = await StartAsync("""[{"on": "*/raw/*", "do": "cut", "bytes": 3}]""");

        await Should.ThrowAsync<HttpRequestException>(() => hub.GetAsync("acme/demo/raw/main/model.bin"));
    }

    [Theory]
    [InlineData("{", "that is no scenario")]
    [InlineData("""[{"on": "*"}]""", "that is no scenario")]
    [InlineData("""[{"on": "*", "do": "explode"}]""", "cannot 'explode' like that")]
    [InlineData("""[{"on": "*", "do": "answer", "status": 42}]""", "a status from 300 to 599")]
    [InlineData("""[{"on": "*", "do": "replace", "new": "x"}]""", "an old text")]
    [InlineData("""[{"on": "*", "do": "wait", "miliseconds": 5}]""", "miliseconds")]
    public void What_is_no_scenario_says_what_is_wrong(string json, string message) =>
        Should.Throw<LocalHubException>(() => HubScenario.Parse(json)).Message.ShouldContain(message);

    [Fact]
    public void A_missing_file_is_named() => Should.Throw<LocalHubException>(() => HubScenario.Read("/nowhere/scenario.json")).Message.ShouldContain("/nowhere/scenario.json");

    private static async Task<HubSandbox> StartAsync(string scenario)
    {
        var hub = new HubSandbox();
        hub.Put("acme/demo/model.bin", "weights");
        var rules = HubScenario.Parse(scenario);
        await hub.StartAsync(folder => new LocalHubOptions { Folder = folder, RescanInterval = TimeSpan.Zero, Faults = rules.FaultOf });
        return hub;
    }
}

using System.CommandLine;
using DynaHug.Coordinator.Cli;

namespace DynaHug.Coordinator.Tests.Cli;

/// <summary>What <c>--help</c> says holds.</summary>
public sealed class ManualSpecs
{
    public static TheoryData<string> Commands => [.. CommandLine.Create().Subcommands.Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_has_a_page_whose_examples_can_be_parsed(string name)
    {
        var examples = Manual.Pages[name].Split('\n').SkipWhile(line => line != "Examples:").Skip(1).Select(line => line.Trim()).ToList();

        examples.ShouldNotBeEmpty();
        foreach (var example in examples)
        {
            example.ShouldStartWith($"dynahug {name}");
            CommandLine.Create().Parse(example["dynahug ".Length..]).Errors.ShouldBeEmpty(example);
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Help_ends_with_the_page_and_the_list_of_commands_has_one_sentence_for_each(string name)
    {
        Help(name, "--help").TrimEnd().ShouldEndWith(Manual.Pages[name].TrimEnd());
        Help("--help").Split('\n').ShouldContain(line => line.TrimStart().StartsWith(name, StringComparison.Ordinal));
        Help("--help").ShouldNotContain("Examples:");
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_asks_for_no_options(string name) => (await CommandLine.RunAsync([name, "--help"])).ShouldBe(0);

    private static string Help(params string[] arguments)
    {
        var output = new StringWriter();
        var parsed = CommandLine.Create().Parse(arguments);
        parsed.Errors.ShouldBeEmpty("help is given also where something that is required is missing");
        parsed.Invoke(new InvocationConfiguration { Output = output }).ShouldBe(0);
        return output.ToString();
    }
}

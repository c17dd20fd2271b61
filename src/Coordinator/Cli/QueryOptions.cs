using System.CommandLine;
using System.Globalization;
using DynaHug.Crawler.Hub;

namespace DynaHug.Coordinator.Cli;

/// <summary>The options of <c>dynahug up</c> that choose repos.</summary>
internal sealed class QueryOptions
{
    private readonly Option<string?> task = new("--task") { Description = "Only repos of this pipeline tag, for instance text-generation." };
    private readonly Option<string?> author = new("--author") { Description = "Only repos of this user or organisation." };
    private readonly Option<string?> library = new("--library") { Description = "Only repos of this library, for instance transformers." };
    private readonly Option<string[]> files = new("--file-name") { Description = "Only repos that have a file of such a name, for instance '*.bin' (repeat for more).", AllowMultipleArgumentsPerToken = true };
    private readonly Option<long> minLikes = new("--min-likes") { Description = "Only repos with at least so many likes." };
    private readonly Option<long> minDownloads = new("--min-downloads") { Description = "Only repos with at least so many downloads in the last 30 days." };
    private readonly Option<DateTimeOffset?> since = new("--since")
    {
        Description = "Only repos changed at or after this date, for instance 2026-01-31.",
        CustomParser = result =>
        {
            if (DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            {
                return moment;
            }

            result.AddError($"'{Shared.Printable.Of(result.Tokens[0].Value)}' is no date for --since; expected for instance 2026-01-31");
            return null;
        },
    };

    private readonly Option<string[]> trainingTags = new("--training-tag")
    {
        Description = "List the most-liked repos of this pipeline tag before everything else, since profiles are fitted on them (repeat for more).",
        AllowMultipleArgumentsPerToken = true,
    };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { task, author, library, files, minLikes, minDownloads, since, trainingTags })
        {
            command.Add(option);
        }
    }

    public HubQuery Read(ParseResult parsed) => new()
    {
        Task = parsed.GetValue(task),
        Author = parsed.GetValue(author),
        Library = parsed.GetValue(library),
        FileNames = parsed.GetValue(files) ?? [],
        MinLikes = parsed.GetValue(minLikes),
        MinDownloads = parsed.GetValue(minDownloads),
        NotBefore = parsed.GetValue(since),
    };

    public IReadOnlyList<string> TrainingTags(ParseResult parsed) => parsed.GetValue(trainingTags) ?? [];
}

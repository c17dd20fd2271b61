using Akka.Actor;
using DynaHug.Coordinator.Desk;
using DynaHug.Coordinator.ReadModel;
using DynaHug.Coordinator.Reviews;
using DynaHug.Shared.Desk;
using DynaHug.Shared.Hub;
using DynaHug.Shared.Verdicts;
using DynaHug.Shared.Wire;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace DynaHug.Coordinator.Dashboard.Pages;

/// <summary>Where an analyst begins: what is flagged and not judged.</summary>
public sealed partial class FlaggedPage
{
    private const int PageSize = 50;
    private const string ByAuthor = "author";
    private static readonly IReadOnlyList<string> FlaggedLabels = [Label.Malicious.Name(), Label.Suspicious.Name()];
    private static readonly IReadOnlyList<string> StateOptions = [.. CaseState.All.Skip(1), RepoFilter.Any];
    private static readonly IReadOnlyList<string> Groupings = ["payload", ByAuthor];
    private static readonly IReadOnlyList<string> Indicators = [.. IndicatorCatalogue.All.Select(known => known.Id).Order(StringComparer.Ordinal)];

    private readonly Dictionary<RepoId, FlaggedRepo> chosen = [];
    private Paged<FlaggedRepo>? list;
    private Paged<FlagGroup>? groups;
    private IReadOnlyList<SavedView> views = [];
    private Overview? overview;
    private IReadOnlyList<string> clusters = [];
    private long count;
    private long flagged;
    private System.Security.Claims.ClaimsPrincipal? user;
    private string by = Person.Local;
    private string note = "";
    private string viewName = "";
    private string said = "";

    [Inject]
    public required Reviewer Reviewer { get; set; }

    [Inject]
    public required DeskClient Desk { get; set; }

    [CascadingParameter]
    public Task<AuthenticationState>? SignedIn { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Q { get; set; }

    [SupplyParameterFromQuery(Name = "state")]
    public string? State { get; set; }

    [SupplyParameterFromQuery(Name = "label")]
    public string? LabelName { get; set; }

    [SupplyParameterFromQuery(Name = "cluster")]
    public string? Cluster { get; set; }

    [SupplyParameterFromQuery(Name = "indicator")]
    public string? Indicator { get; set; }

    [SupplyParameterFromQuery(Name = "since")]
    public string? Since { get; set; }

    [SupplyParameterFromQuery(Name = "minScore")]
    public double? MinScore { get; set; }

    [SupplyParameterFromQuery(Name = "minLikes")]
    public long? MinLikes { get; set; }

    [SupplyParameterFromQuery(Name = "payload")]
    public string? Payload { get; set; }

    [SupplyParameterFromQuery(Name = "author")]
    public string? Author { get; set; }

    [SupplyParameterFromQuery(Name = "group")]
    public string? Group { get; set; }

    [SupplyParameterFromQuery(Name = "after")]
    public string? After { get; set; }

    private bool IsFiltered => Navigation.ToBaseRelativePath(Navigation.Uri).TrimStart('?').Length > 0;

    protected override async Task ReadAsync(CancellationToken cancel)
    {
        user = SignedIn is null ? null : (await SignedIn).User;
        by = Person.NameOf(user);
        var filter = new RepoFilter
        {
            Q = Q,
            Label = LabelName,
            Cluster = Cluster,
            Indicator = Indicator,
            State = State is { Length: > 0 } ? State : CaseState.New,
            Payload = Payload,
            Author = Author,
            MinScore = MinScore,
            MinLikes = MinLikes,
            Since = Since,
        }.At(Clock.GetUtcNow());
        var grouping = Groupings.FirstOrDefault(known => known == Group);
        groups = grouping is null ? null : await ReadModel.FlagGroupsAsync(filter, grouping == ByAuthor, After, PageSize, cancel);
        list = grouping is null ? await ReadModel.FlaggedAsync(filter, After, PageSize, cancel) : new Paged<FlaggedRepo>([], null);
        views = await ReadModel.SavedViewsAsync(cancel);
        overview = await ReadModel.OverviewAsync(cancel);
        clusters = await ReadModel.TaskClustersAsync(cancel);
        flagged = overview.FlaggedRepos;
        count = await ReadModel.CountToJudgeAsync(cancel);
    }

    private void Go(string name, object? value) => GoWith((name, value as string), ("after", null));

    private string LinkTo(FlagGroup group) => Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        [Group == ByAuthor ? "author" : "payload"] = group.Key,
        ["group"] = null,
        ["after"] = null,
    });

    private void Choose(FlaggedRepo repo, bool on)
    {
        if (on)
        {
            chosen[repo.Repo] = repo;
        }
        else
        {
            chosen.Remove(repo.Repo);
        }
    }

    private async Task ActAsync(CaseAction action, IReadOnlyList<FlaggedRepo> repos)
    {
        if (!Person.May(user, Role.Analyst))
        {
            said = "your role may look, and not judge";
            return;
        }

        var done = 0;
        try
        {
            foreach (var repo in repos)
            {
                await action.DoAsync(Reviewer, repo.Repo, repo.Revision, note, by, CancellationToken.None);
                chosen.Remove(repo.Repo);
                done++;
            }

            note = "";
            said = $"{(repos is [var one] ? one.Repo.Value : $"{done} repos")} {action.Done}";
        }
        catch (AskTimeoutException)
        {
            said = $"{done} of {repos.Count} {action.Done}; the cluster did not answer for the others, try them again";
        }
    }

    private async Task SaveViewAsync()
    {
        await TellDeskAsync(new DeskCommands.SaveView(viewName.Trim(), new Uri(Navigation.Uri).Query, by));
        viewName = "";
    }

    private async Task TellDeskAsync(IForDesk command) => said = Person.May(user, Role.Analyst) ? await Desk.TellAsync(command, CancellationToken.None) ?? "done" : "your role may look, and keep nothing";

    /// <summary>The field's own change has gone to the new address; without a script the form does.</summary>
    private static void Search()
    {
    }
}

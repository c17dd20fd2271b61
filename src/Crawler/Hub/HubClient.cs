using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DynaHug.Shared;
using DynaHug.Shared.Hub;
using Microsoft.Extensions.Logging;

namespace DynaHug.Crawler.Hub;

/// <summary>Asks a hub what it holds: listings and file lists. What it says is checked for form, never believed.</summary>
public sealed class HubClient
{
    /// <summary>Pages of one walk or file list; far above what an honest hub has, far below for ever.</summary>
    private const int MaxPages = 100_000;

    /// <summary>Files of one revision that are listed; the public hub advises against 100,000.</summary>
    private const int MaxFiles = 250_000;

    /// <summary>Unusable entries of a revision that are named.</summary>
    private const int MaxRefused = 100;

    /// <summary>Fields of a listing that spare a further call for most repos.</summary>
    private static readonly string[] ListedFields =
        ["sha", "lastModified", "createdAt", "likes", "downloads", "pipeline_tag", "library_name", "gated", "siblings"];

    private readonly IHubApi api;
    private readonly HubAnswer answers;
    private readonly HubOptions options;
    private readonly ILogger<HubClient> logger;
    private long skipped;

    internal HubClient(IHubApi api, HubAnswer answers, HubOptions options, ILogger<HubClient> logger)
    {
        this.api = api;
        this.answers = answers;
        this.options = options;
        this.logger = logger;
    }

    /// <summary>Entries of listings and file lists that could not be used (no repo name, no hash, an unsafe path) since the start.</summary>
    public long SkippedEntries => Interlocked.Read(ref skipped);

    /// <summary>Walks over the hub's repos in the query's order. A repo may come twice when it changes meanwhile.</summary>
    /// <exception cref="HubException">The hub cannot be used.</exception>
    public async IAsyncEnumerable<ListedRepo> ListAsync(HubQuery query, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var next = default(Uri);
        for (var pages = 0; pages == 0 || next is not null; pages++)
        {
            if (pages == MaxPages)
            {
                throw Endless(pages);
            }

            var page = await ReadPageAsync(query, next, cancel) ?? throw new HubException($"hub {options.Endpoint} refuses its own address of a next page");
            foreach (var repo in page.Repos)
            {
                yield return repo;
            }

            next = page.Next;
        }
    }

    /// <summary>Reads one page of a listing.</summary>
    /// <param name="from">Where an earlier page said that this one is; null for the first.</param>
    /// <returns>Null where the hub does not know the place any more: begin anew.</returns>
    /// <exception cref="HubException">The hub cannot be used.</exception>
    public async Task<ListedPage?> ReadPageAsync(HubQuery query, Uri? from, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(query);
        using var response = await SendAsync(
            () => from is null
                ? api.ListAsync(query.Sort, options.PageSize, query.Author, query.Task, query.Library, ListedFields, RequestPolicy.Patient, cancel)
                : api.PageAsync(from, RequestPolicy.Patient, cancel),
            cancel);
        if (from is not null && response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Gone)
        {
            return null;
        }

        RequireSuccess(response);
        var repos = new Dictionary<RepoId, ListedRepo>();
        var shown = new HashSet<RepoId>();
        var last = default(HubPlace);
        var current = false;
        await foreach (var entry in answers.EntriesAsync(response, cancel))
        {
            if (HubJson.ToListedRepo(entry) is not { } repo)
            {
                Skip("listing", entry);
                continue;
            }

            shown.Add(repo.Repo);
            last = repo.Facts.Place;
            current |= !(repo.Facts.LastModified < query.Since);
            if (query.Admits(repo))
            {
                repos.TryAdd(repo.Repo, repo);
            }
        }

        // Newest come first: behind a page that is wholly old, everything is.
        var next = query.Since is not null && !current ? null : answers.NextPage(response);
        return next is not null && next == from ? throw Endless(1) : new ListedPage([.. repos.Values], shown, last, next);
    }

    /// <summary>Reads what a repo's main branch is now, without its files: one call.</summary>
    /// <exception cref="HubException">The hub cannot be used.</exception>
    public Task<RevisionAnswer> ReadHeadAsync(RepoId repo, CancellationToken cancel) => ReadCommitAsync(repo, "main", RequestPolicy.Patient, cancel);

    /// <summary>Reads which commit a branch or tag is now, without its files: one call, tried once.</summary>
    /// <exception cref="HubException">The hub cannot be used.</exception>
    public Task<RevisionAnswer> ResolveAsync(RepoId repo, string name, CancellationToken cancel) => ReadCommitAsync(repo, name, RequestPolicy.Once, cancel);

    /// <summary>Reads one revision with its files: two calls, and one for each further thousand of files.</summary>
    /// <param name="revision">Commit, branch or tag; null for the main branch.</param>
    /// <exception cref="HubException">The hub cannot be used.</exception>
    public async Task<RevisionAnswer> ReadRevisionAsync(RepoId repo, string? revision, CancellationToken cancel)
    {
        var answer = await ReadCommitAsync(repo, revision ?? "main", RequestPolicy.Patient, cancel);
        return answer is RevisionAnswer.Found { Revision: var found } ? await ReadTreeAsync(repo, found.Commit, found.Facts, cancel) : answer;
    }

    private async Task<RevisionAnswer> ReadCommitAsync(RepoId repo, string wanted, RequestPolicy policy, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(repo);
        if (wanted.Split('/').Any(segment => segment is "" or "." or "..") || wanted.Any(char.IsControl))
        {
            return new RevisionAnswer.NoRevision($"'{Printable.Of(wanted, 100)}' is no revision");
        }

        using var response = await SendAsync(() => api.RevisionAsync(repo.Value, wanted, securityStatus: true, policy, cancel), cancel);
        if (RefusalOf(response, repo) is { } refusal)
        {
            return refusal;
        }

        var info = await answers.ObjectAsync(response, cancel);
        if (RepoId.TryParse(HubJson.Text(info, "id"), out var named) && named != repo)
        {
            return new RevisionAnswer.Renamed(named);
        }

        var commit = HubJson.Commit(info) ?? throw new HubException($"hub {options.Endpoint} gives no commit for {repo}");
        return IsCommit(wanted) && !wanted.Equals(commit, StringComparison.OrdinalIgnoreCase)
            ? throw new HubException($"hub {options.Endpoint} answers with commit {commit} of {repo} when asked for {wanted}")
            : new RevisionAnswer.Found(new RepoRevision(repo, commit, HubJson.ToFacts(info), []));
    }

    /// <summary>Finds out whether the hub can be used at all; tries once.</summary>
    /// <exception cref="HubException">Unreachable, no hub, or the token is refused; says what to do.</exception>
    public async Task CheckAsync(CancellationToken cancel)
    {
        if (options.Token is not null)
        {
            using var who = await SendAsync(() => api.WhoAmIAsync(RequestPolicy.Once, cancel), cancel);
            if (who.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            {
                throw answers.Failure(who);
            }
        }

        using var listing = await SendAsync(() => api.ListAsync(sort: null, limit: 1, author: null, task: null, filter: null, expand: null, RequestPolicy.Once, cancel), cancel);
        RequireSuccess(listing);
        await foreach (var _ in answers.EntriesAsync(listing, cancel))
        {
            // Reading is the check: anything but a JSON array throws.
        }
    }

    private async Task<RevisionAnswer> ReadTreeAsync(RepoId repo, string commit, RepoFacts facts, CancellationToken cancel)
    {
        var files = new Dictionary<string, RepoFile>(StringComparer.Ordinal);
        var refused = new List<string>();
        await foreach (var page in PagesAsync(() => api.TreeAsync(repo.Value, commit, recursive: true, RequestPolicy.Patient, cancel), cancel))
        {
            if (RefusalOf(page, repo) is { } refusal)
            {
                return refusal;
            }

            await foreach (var entry in answers.EntriesAsync(page, cancel))
            {
                if (HubJson.Text(entry, "type") is "directory")
                {
                    continue;
                }

                if (HubJson.ToFile(entry) is not { } file || !files.TryAdd(file.Path, file))
                {
                    Skip($"file list of {repo}", entry);
                    if (refused.Count < MaxRefused)
                    {
                        refused.Add(Printable.Of(HubJson.Text(entry, "path") ?? "(no path)", 200));
                    }
                }
                else if (files.Count > MaxFiles)
                {
                    throw new HubException($"{repo} lists over {MaxFiles} files; gave up");
                }
            }
        }

        return new RevisionAnswer.Found(new RepoRevision(repo, commit, facts, [.. files.Values], refused));
    }

    /// <summary>Answers page by page; each is gone once the next is asked for.</summary>
    private async IAsyncEnumerable<HttpResponseMessage> PagesAsync(Func<Task<HttpResponseMessage>> first, [EnumeratorCancellation] CancellationToken cancel)
    {
        var next = default(Uri);
        for (var pages = 0; pages == 0 || next is not null; pages++)
        {
            var here = next;
            using var page = await SendAsync(here is null ? first : () => api.PageAsync(here, RequestPolicy.Patient, cancel), cancel);
            next = answers.NextPage(page);
            if (next is not null && (next == here || pages == MaxPages))
            {
                throw Endless(pages + 1);
            }

            yield return page;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancel)
    {
        try
        {
            return await send();
        }
        catch (Exception failure) when (HubFailure.Of(failure, options.Endpoint, cancel) is { } explained)
        {
            throw explained;
        }
    }

    private HubException Endless(int pages) => new($"hub {options.Endpoint} pages without end ({pages} pages)");

    private void RequireSuccess(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw answers.Failure(response);
        }
    }

    /// <summary>What stands between us and this one repo, or null where the answer is good.</summary>
    private RevisionAnswer? RefusalOf(HttpResponseMessage response, RepoId repo) => (response.StatusCode, HubAnswer.ErrorCode(response)) switch
    {
        ({ } status, _) when (int)status is >= 200 and < 300 => null,
        (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, "GatedRepo") => new RevisionAnswer.Gated(HubAnswer.ErrorText(response)),
        (HttpStatusCode.Unauthorized, "RepoNotFound") => new RevisionAnswer.Gone($"{repo} is missing, or private to others"),
        (HttpStatusCode.NotFound, "RevisionNotFound") => new RevisionAnswer.NoRevision($"the hub has no such revision of {repo}: {HubAnswer.ErrorText(response)}"),
        (HttpStatusCode.Forbidden, _) => new RevisionAnswer.Gone($"the hub forbids {repo}: {HubAnswer.ErrorText(response)}", Disabled: true),
        (HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.UnavailableForLegalReasons, _) => new RevisionAnswer.Gone($"{repo}: {HubAnswer.ErrorText(response)}"),
        _ => throw answers.Failure(response),
    };

    private void Skip(string where, JsonElement entry)
    {
        Interlocked.Increment(ref skipped);
        logger.LogWarning("skipped an entry of the {Where} that cannot be used: {Entry}", where, Printable.Of(entry.GetRawText(), 200));
    }

    private static bool IsCommit(string revision) => revision.Length == 40 && revision.All(char.IsAsciiHexDigit);
}

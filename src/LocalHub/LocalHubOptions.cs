namespace DynaHug.LocalHub;

/// <summary>What a local hub serves, and how badly it behaves.</summary>
public sealed class LocalHubOptions
{
    /// <summary>Folder of repos: <c>org/name/&lt;files&gt;</c>, or <c>name/&lt;files&gt;</c> for a repo without a namespace.</summary>
    public required string Folder { get; init; }

    /// <summary>Port on loopback; 0 takes any free one. The file host always takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Most entries on a page of a listing or tree.</summary>
    public int PageSize { get; init; } = 1000;

    /// <summary>Most entries on a page of a tree with <c>expand=true</c>.</summary>
    public int ExpandedPageSize { get; init; } = 100;

    /// <summary>Files of at least this many bytes are LFS files whatever their name.</summary>
    public long LfsBytes { get; init; } = 10 << 20;

    /// <summary>Tokens whose holders may read private repos and gated files.</summary>
    public IReadOnlyList<string> MemberTokens { get; init; } = [];

    /// <summary>Other valid tokens. With no token in either list, every token is valid, and none a member's.</summary>
    public IReadOnlyList<string> Tokens { get; init; } = [];

    /// <summary>Calls of <c>/api/</c> that the hub allows in a window.</summary>
    public long ApiQuota { get; init; } = 100_000;

    /// <summary>Downloads (<c>/resolve/</c>) that the hub allows in a window.</summary>
    public long ResolverQuota { get; init; } = 500_000;

    public TimeSpan QuotaWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the address of a file on the file host is good.</summary>
    public TimeSpan SignedFor { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How old the picture of the folder may be when a request comes.</summary>
    public TimeSpan RescanInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Serve so many generated repos instead of the folder's: listings, information and trees, but no file's bytes. For tests of scale.</summary>
    public int Synthetic { get; init; }

    /// <summary>Former names of repos, and what they are called now.</summary>
    public IReadOnlyDictionary<string, string> Renames { get; init; } = new Dictionary<string, string>();

    /// <summary>Sees every request first; what it returns is done instead of, or to, the answer. Null answers normally.</summary>
    public Func<HubRequest, HubFault?>? Faults { get; init; }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using DynaHug.Coordinator.Hosting;

namespace DynaHug.Coordinator.Cli;

/// <summary>How a node of <c>dynahug up</c> reaches the others, and they it.</summary>
internal sealed class ClusterOptions
{
    private readonly Option<string[]> seeds = new("--seed")
    {
        Description = "Address host:port of a coordinator to join; several: repeat, in the same order on every node. A coordinator that is the first of them begins the cluster.",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int> clusterPort = new("--cluster-port") { Description = "Port that other nodes reach this one at; 0 takes any free one.", DefaultValueFactory = _ => 0 };
    private readonly Option<string> bind = new("--bind") { Description = "Address to listen at for other nodes and probes; loopback by default, any other needs certificates.", DefaultValueFactory = _ => "127.0.0.1" };
    private readonly Option<string?> host = new("--host") { Description = "Name or address that other nodes reach this one at; that of --bind by default." };
    private readonly Option<int?> probePort = new("--probe-port") { Description = "Port of health and metrics, and nothing else, at the address of --bind." };
    private readonly Option<string?> certificate = new("--tls-certificate") { Description = "Certificate (PEM) that this node shows the others." };
    private readonly Option<string?> key = new("--tls-key") { Description = "Its private key (PEM)." };
    private readonly Option<string?> authority = new("--tls-authority") { Description = "Certificate (PEM) of the authority that has signed those of all nodes, and of nothing else." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { seeds, clusterPort, bind, host, probePort, certificate, key, authority })
        {
            command.Add(option);
        }
    }

    public IReadOnlyList<string> Seeds(ParseResult parsed) => parsed.GetValue(seeds) ?? [];

    public int Port(ParseResult parsed) => parsed.GetValue(clusterPort);

    public string Bind(ParseResult parsed) => parsed.GetRequiredValue(bind);

    public string? Host(ParseResult parsed) => parsed.GetValue(host);

    public int? ProbePort(ParseResult parsed) => parsed.GetValue(probePort);

    /// <exception cref="UsageException">Some of the three files are named, but not all.</exception>
    public NodeTls? Tls(ParseResult parsed) => (parsed.GetValue(certificate), parsed.GetValue(key), parsed.GetValue(authority)) switch
    {
        (null, null, null) => null,
        ({ } shown, { } secret, { } signer) => new NodeTls { CertificateFile = shown, KeyFile = secret, AuthorityFile = signer },
        _ => throw new UsageException("--tls-certificate, --tls-key and --tls-authority belong together; name all three"),
    };

    /// <exception cref="UsageException">The options contradict each other.</exception>
    public static void Check(NodeOptions options)
    {
        if (!IPAddress.TryParse(options.BindAddress, out var address))
        {
            throw new UsageException($"'{Shared.Printable.Of(options.BindAddress, 80)}' is no address for --bind; name one of this machine, or 0.0.0.0 for all");
        }

        if (!IPAddress.IsLoopback(address) && options.Tls is null)
        {
            throw new UsageException("who reaches the port of a node can make it do anything; --bind beyond loopback needs --tls-certificate, --tls-key and --tls-authority");
        }

        var coordinates = options.Has(NodeRole.Coordinator);
        if (!coordinates && options.Database is not null)
        {
            throw new UsageException("only coordinators use the database; leave --db, and its password, away from the other nodes");
        }

        if (!coordinates && options.Seeds.Count == 0)
        {
            throw new UsageException("a node without the coordinator role joins one; name it with --seed host:port (the coordinator's --cluster-port)");
        }

        if (coordinates && options.Seeds.Count > 0 && options.Database is null)
        {
            throw new UsageException("coordinators of one cluster share a database, and SQLite is for one process; name it with --db, or leave out --seed");
        }
    }
}

using System.Net;
using System.Net.Sockets;
using DynaHug.Crawler.Fetching;
using DynaHug.Crawler.Hub;
using DynaHug.LocalHub;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Hub;

namespace DynaHug.Crawler.Tests;

public sealed class FetcherSpecs
{
    private static readonly byte[] Big = MakeBytes(3 << 20);

    [Fact]
    public async Task Stores_lfs_plain_and_empty_files_by_their_hash()
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/big.bin", Big);
        sandbox.Put("acme/demo/sub/odd name #1?%41.txt", "hello\n");
        sandbox.Put("acme/demo/empty.txt", "");
        await sandbox.StartAsync();

        (await sandbox.FetchAsync("acme/demo", "big.bin")).ShouldBe(new FetchResult.Stored(Sha256.OfBytes(Big)));
        (await sandbox.FetchAsync("acme/demo", "sub/odd name #1?%41.txt")).ShouldBe(new FetchResult.Stored(Sha256.OfBytes("hello\n"u8)));
        (await sandbox.FetchAsync("acme/demo", "empty.txt")).ShouldBe(new FetchResult.Stored(Sha256.OfBytes([])));
        (await sandbox.Blobs.ReadAsync(Sha256.OfBytes(Big), CrawlerSandbox.Cancel)).ShouldBe(Big);
        Directory.EnumerateFiles(sandbox.Blobs.Incoming).ShouldBeEmpty();
    }

    [Fact]
    public async Task Asks_nothing_for_what_is_here()
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/a.bin", Big);
        sandbox.Put("acme/twin/b.bin", Big);
        await sandbox.StartAsync();
        await sandbox.FetchAsync("acme/demo", "a.bin");
        var before = sandbox.Downloads.Count();
        (await sandbox.FetchAsync("acme/twin", "b.bin")).ShouldBeOfType<FetchResult.Stored>();
        sandbox.Downloads.Count().ShouldBe(before);
    }

    [Fact]
    public async Task Goes_on_behind_a_cut()
    {
        var cuts = 2;
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/big.bin", Big);
        sandbox.Faults = request => request.ToFileHost && cuts-- > 0 ? new HubFault.CutAfter(1 << 20) : null;
        await sandbox.StartAsync();

        (await sandbox.FetchAsync("acme/demo", "big.bin")).ShouldBe(new FetchResult.Stored(Sha256.OfBytes(Big)));

        var ranges = sandbox.Downloads.Where(request => request.ToFileHost).Select(request => request.Range).ToList();
        ranges.ShouldBe([null, "bytes=1048576-", "bytes=2097152-"]);
    }

    [Fact]
    public async Task Goes_on_where_an_earlier_process_was_stopped()
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/big.bin", Big);
        sandbox.Faults = request => request.ToFileHost ? new HubFault.StallAfter(1 << 20) : null;
        await sandbox.StartAsync();
        var (revision, file) = await sandbox.FindAsync("acme/demo", "big.bin");
        using (var stop = new CancellationTokenSource())
        {
            var fetch = sandbox.Fetcher.FetchAsync(revision.Repo, revision.Commit, file, stop.Token);
            var unfinished = Path.Combine(sandbox.Blobs.Incoming, $"{file.Content}.part");
            while (!File.Exists(unfinished) || new FileInfo(unfinished).Length < 1 << 20)
            {
                await Task.Delay(10, CrawlerSandbox.Cancel);
            }

            await stop.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => fetch);
        }

        sandbox.Faults = _ => null;
        sandbox.Connect();
        (await sandbox.FetchAsync("acme/demo", "big.bin")).ShouldBe(new FetchResult.Stored(Sha256.OfBytes(Big)));
        sandbox.Downloads.Last().Range.ShouldBe("bytes=1048576-");
    }

    [Fact]
    public async Task A_body_that_stands_still_counts_as_cut()
    {
        var stalls = 1;
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/big.bin", Big);
        sandbox.Faults = request => request.ToFileHost && stalls-- > 0 ? new HubFault.StallAfter(1 << 20) : null;
        await sandbox.StartAsync(options => new HubOptions { Endpoint = options.Endpoint, RetryDelay = options.RetryDelay, IdleTimeout = TimeSpan.FromSeconds(1) });
        (await sandbox.FetchAsync("acme/demo", "big.bin")).ShouldBeOfType<FetchResult.Stored>();
    }

    [Fact]
    public async Task Two_fetches_of_one_content_do_not_disturb_each_other()
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/big.bin", Big);
        sandbox.Faults = request => request.ToFileHost ? new HubFault.Wait(TimeSpan.FromMilliseconds(200)) : null;
        await sandbox.StartAsync();
        var (revision, file) = await sandbox.FindAsync("acme/demo", "big.bin");
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => sandbox.Fetcher.FetchAsync(revision.Repo, revision.Commit, file, CrawlerSandbox.Cancel)));

        results.ShouldAllBe(result => result is FetchResult.Stored);
        (await sandbox.Blobs.ReadAsync(Sha256.OfBytes(Big), CrawlerSandbox.Cancel)).ShouldBe(Big);
        Directory.EnumerateFiles(sandbox.Blobs.Incoming).ShouldBeEmpty();
    }

    [Fact]
    public async Task Wrong_bytes_are_fetched_once_more_and_never_stored()
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/big.bin", Big);
        sandbox.Put("acme/demo/plain.txt", "hello\n");
        sandbox.Faults = request => request.ToFileHost || request.Target.Contains("resolve-cache", StringComparison.Ordinal) ? new HubFault.WrongBytes() : null;
        await sandbox.StartAsync();

        foreach (var path in (string[])["big.bin", "plain.txt"])
        {
            var refused = (await sandbox.FetchAsync("acme/demo", path)).ShouldBeOfType<FetchResult.NotFetched>();
            refused.Outcome.ShouldBe(Outcome.Corrupt);
            refused.Reason.ShouldStartWith("hub delivered other bytes than it named");
        }

        sandbox.Downloads.Count().ShouldBe(8);
        Directory.EnumerateFiles(Path.GetDirectoryName(sandbox.Blobs.Incoming)!, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_hub_that_lies_once_is_forgiven()
    {
        var lies = 1;
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/big.bin", Big);
        sandbox.Faults = request => request.ToFileHost && lies-- > 0 ? new HubFault.WrongBytes() : null;
        await sandbox.StartAsync();
        (await sandbox.FetchAsync("acme/demo", "big.bin")).ShouldBeOfType<FetchResult.Stored>();
    }

    [Theory]
    [InlineData("more bytes than were named")]
    [InlineData("few")]
    public async Task Another_size_than_named_is_corrupt(string body)
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/plain.txt", "hello\n");
        sandbox.Faults = request => request.Target.Contains("/resolve/", StringComparison.Ordinal) ? new HubFault.Answer(200, body) : null;
        await sandbox.StartAsync();
        (await sandbox.FetchAsync("acme/demo", "plain.txt")).ShouldBeOfType<FetchResult.NotFetched>().Outcome.ShouldBe(Outcome.Corrupt);
    }

    [Fact]
    public async Task Too_large_gated_and_gone_files_have_their_own_outcomes()
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/big.bin", Big);
        sandbox.Put("acme/gated/a.bin", "a");
        sandbox.Put("acme/gated/.hub.json", """{"gated":"auto"}""");
        await sandbox.StartAsync(options => new HubOptions { Endpoint = options.Endpoint, RetryDelay = options.RetryDelay, MaxFileBytes = 1 << 20 });

        (await sandbox.FetchAsync("acme/demo", "big.bin")).ShouldBe(new FetchResult.NotFetched(Outcome.TooLarge, $"{Big.Length} bytes; at most {1 << 20} are fetched"));
        sandbox.Downloads.ShouldBeEmpty();
        (await sandbox.FetchAsync("acme/gated", "a.bin")).ShouldBeOfType<FetchResult.NotFetched>().Outcome.ShouldBe(Outcome.Gated);
        var (revision, file) = await sandbox.FindAsync("acme/gated", "a.bin");
        var gone = (await sandbox.Fetcher.FetchAsync(RepoId.Parse("acme/none"), revision.Commit, file, CrawlerSandbox.Cancel)).ShouldBeOfType<FetchResult.NotFetched>();
        gone.Outcome.ShouldBe(Outcome.Error);
        gone.Reason.ShouldStartWith("gone: ");
    }

    [Fact]
    public async Task An_expired_address_on_the_file_host_is_asked_for_anew()
    {
        var expired = 2;
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/big.bin", Big);
        sandbox.Faults = request => request.ToFileHost && expired-- > 0 ? new HubFault.Answer(403) : null;
        await sandbox.StartAsync();
        (await sandbox.FetchAsync("acme/demo", "big.bin")).ShouldBeOfType<FetchResult.Stored>();
    }

    [Fact]
    public async Task A_hub_that_keeps_cutting_is_a_failure_of_the_hub()
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/big.bin", Big);
        sandbox.Faults = request => request.ToFileHost ? new HubFault.CutAfter(0) : null;
        await sandbox.StartAsync();
        (await Should.ThrowAsync<HubException>(() => sandbox.FetchAsync("acme/demo", "big.bin"))).Message.ShouldContain("again and again");
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_to_no_other_host()
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/big.bin", Big);
        await sandbox.StartAsync(options => new HubOptions { Endpoint = options.Endpoint, RetryDelay = options.RetryDelay, Token = "hf_secret" });
        (await sandbox.FetchAsync("acme/demo", "big.bin")).ShouldBeOfType<FetchResult.Stored>();

        sandbox.Requests.Where(request => request.ToFileHost).ShouldHaveSingleItem().Authorization.ShouldBeNull();
        sandbox.Requests.Where(request => !request.ToFileHost).ShouldAllBe(request => request.Authorization == "Bearer hf_secret");
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://10.0.0.1/x")]
    [InlineData("http://[::ffff:192.168.1.1]/x")]
    [InlineData("http://2130706433.example.invalid.:0/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://127.0.0.1/x")]
    public async Task Redirects_into_private_networks_and_to_other_schemes_are_refused(string location)
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/a.bin", "a");
        sandbox.Faults = request => request.Target.Contains("/resolve/", StringComparison.Ordinal) ? new HubFault.Answer(302, Headers: ("Location", location)) : null;
        await sandbox.StartAsync(options => new HubOptions { Endpoint = options.Endpoint, RetryDelay = options.RetryDelay, Retries = 0 });
        if (location.Contains("invalid", StringComparison.Ordinal))
        {
            await Should.ThrowAsync<HubException>(() => sandbox.FetchAsync("acme/demo", "a.bin"));
            return;
        }

        var refused = (await sandbox.FetchAsync("acme/demo", "a.bin")).ShouldBeOfType<FetchResult.NotFetched>();
        refused.Outcome.ShouldBe(Outcome.Error);
        refused.Reason.ShouldContain("refused");
    }

    [Fact]
    public async Task A_name_that_resolves_to_loopback_is_refused_after_resolution()
    {
        // The hub is met under an address that does not count as loopback, as a mirror in a private network would be.
        var own = Dns.GetHostAddresses(Dns.GetHostName()).FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address));
        Assert.SkipWhen(own is null, "this machine has no address but loopback");
        using var listener = new HttpListener { Prefixes = { $"http://{own}:{FreePort(own)}/" } };
        listener.Start();
        var answering = Task.Run(async () =>
        {
            var context = await listener.GetContextAsync();
            context.Response.Redirect("http://localhost:1/secret");
            context.Response.Close();
        }, CrawlerSandbox.Cancel);
        await using var sandbox = new CrawlerSandbox();
        await sandbox.StartAsync();
        sandbox.Connect(options => new HubOptions { Endpoint = new Uri(listener.Prefixes.Single()), RetryDelay = options.RetryDelay });
        var file = new RepoFile("a.bin", 1, ContentKey.Of(Sha256.OfBytes("a"u8)));

        var refused = (await sandbox.Fetcher.FetchAsync(RepoId.Parse("acme/demo"), new string('a', 40), file, CrawlerSandbox.Cancel)).ShouldBeOfType<FetchResult.NotFetched>();

        refused.Reason.ShouldContain("localhost:1, a private address");
        await answering;
    }

    private static int FreePort(IPAddress address)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(address, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static byte[] MakeBytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}

using System.Net;
using System.Net.Sockets;
using DynaHug.Crawler.Hub;
using DynaHug.Crawler.Hub.Transport;
using DynaHug.LocalHub;
using DynaHug.Shared.Hub;

namespace DynaHug.Crawler.Tests;

public sealed class HubMannersSpecs
{
    private static readonly RepoId Demo = RepoId.Parse("acme/demo");

    [Fact]
    public async Task A_good_hub_passes_the_check_by_one_or_two_requests()
    {
        await using var sandbox = new CrawlerSandbox();
        await sandbox.StartAsync();
        await sandbox.Hub.CheckAsync(CrawlerSandbox.Cancel);
        sandbox.Requests.ShouldHaveSingleItem().Target.ShouldBe("/api/models?limit=1");

        sandbox.Connect(WithToken("hf_any"));
        await sandbox.Hub.CheckAsync(CrawlerSandbox.Cancel);
        sandbox.Requests.Select(request => request.Target).ShouldBe(["/api/models?limit=1", "/api/whoami-v2", "/api/models?limit=1"]);
    }

    [Fact]
    public async Task A_wrong_token_says_what_to_do()
    {
        await using var sandbox = new CrawlerSandbox();
        await sandbox.StartAsync(WithToken("hf_wrong"), options => new LocalHubOptions { Folder = options.Folder, MemberTokens = ["hf_right"] });
        var refused = await Should.ThrowAsync<HubException>(() => sandbox.Hub.CheckAsync(CrawlerSandbox.Cancel));
        refused.Message.ShouldContain("refuses the token");
        refused.Message.ShouldContain("HF_TOKEN");
        refused.Message.ShouldNotContain("hf_wrong");
    }

    [Fact]
    public async Task An_unreachable_hub_is_found_out_at_once()
    {
        await using var sandbox = new CrawlerSandbox();
        await sandbox.StartAsync();
        using var closed = new Socket(SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)closed.LocalEndPoint!).Port}");
        sandbox.Connect(_ => new HubOptions { Endpoint = address, RetryDelay = TimeSpan.FromMinutes(1) });

        var unreachable = await Should.ThrowAsync<HubException>(() => sandbox.Hub.CheckAsync(CrawlerSandbox.Cancel));

        unreachable.Message.ShouldStartWith($"hub {address} cannot be reached");
        unreachable.Message.ShouldContain("--hub or HF_ENDPOINT");
    }

    [Fact]
    public async Task What_is_no_hub_is_found_out()
    {
        await using var sandbox = new CrawlerSandbox { Faults = _ => new HubFault.Answer(200, "<html>", "text/html") };
        await sandbox.StartAsync();
        (await Should.ThrowAsync<HubException>(() => sandbox.Hub.CheckAsync(CrawlerSandbox.Cancel))).Message.ShouldContain("does not answer as a hub");
        sandbox.Faults = _ => new HubFault.Answer(404);
        (await Should.ThrowAsync<HubException>(() => sandbox.Hub.CheckAsync(CrawlerSandbox.Cancel))).Message.ShouldContain("answered 404");
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(408)]
    public async Task Tries_again_what_may_go_better(int status)
    {
        var left = 2;
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/a.bin", "a");
        sandbox.Faults = _ => left-- > 0 ? new HubFault.Answer(status) : null;
        await sandbox.StartAsync();
        (await sandbox.Hub.ReadRevisionAsync(Demo, null, CrawlerSandbox.Cancel)).ShouldBeOfType<RevisionAnswer.Found>();
        sandbox.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Gives_up_after_the_retries_and_says_so()
    {
        await using var sandbox = new CrawlerSandbox { Faults = _ => new HubFault.Answer(500) };
        await sandbox.StartAsync();
        (await Should.ThrowAsync<HubException>(() => sandbox.Hub.ReadRevisionAsync(Demo, null, CrawlerSandbox.Cancel))).Message.ShouldContain("answered 500");
        sandbox.Requests.Count.ShouldBe(6);
    }

    [Fact]
    public async Task Outwaits_a_storm_of_429_without_using_up_its_retries()
    {
        var storm = 5;
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/a.bin", "a");
        sandbox.Faults = _ => Interlocked.Decrement(ref storm) >= 0 ? new HubFault.Answer(429, Headers: ("RateLimit", "\"api\";r=0;t=0")) : null;
        await sandbox.StartAsync(options => options with { Retries = 1 });
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => sandbox.Hub.ReadRevisionAsync(Demo, null, CrawlerSandbox.Cancel)));

        answers.ShouldAllBe(answer => answer is RevisionAnswer.Found);
        sandbox.Requests.Count.ShouldBe(5 + 8);
    }

    [Fact]
    public async Task Loses_patience_with_a_hub_that_always_refuses()
    {
        await using var sandbox = new CrawlerSandbox { Faults = _ => new HubFault.Answer(429) };
        await sandbox.StartAsync(options => options with { Patience = TimeSpan.Zero });
        (await Should.ThrowAsync<HubException>(() => sandbox.Hub.ReadRevisionAsync(Demo, null, CrawlerSandbox.Cancel))).Message.ShouldContain("limits our rate");
    }

    [Fact]
    public async Task Waits_until_the_window_resets_when_the_quota_is_used_up()
    {
        await using var sandbox = new CrawlerSandbox();
        sandbox.Put("acme/demo/a.bin", "a");
        await sandbox.StartAsync(hub: options => new LocalHubOptions { Folder = options.Folder, Faults = options.Faults, ApiQuota = 2, QuotaWindow = TimeSpan.FromSeconds(1) });
        var started = TimeProvider.System.GetTimestamp();
        await sandbox.Hub.ReadRevisionAsync(Demo, null, CrawlerSandbox.Cancel);
        await sandbox.Hub.ReadRevisionAsync(Demo, null, CrawlerSandbox.Cancel);

        // No request was wasted on a refusal.
        sandbox.Requests.Count.ShouldBe(4);
        TimeProvider.System.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.9));
    }

    [Theory]
    [InlineData("\"api\";r=499;t=172", "api", 499, 172)]
    [InlineData("\"resolvers\"; r=0; t=999999999", "resolvers", 0, 360)]
    public void Reads_rate_limits_and_believes_no_endless_wait(string header, string bucket, long left, int seconds) =>
        RateLimit.Parse(header).ShouldBe(new RateLimit(bucket, left, TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("")]
    [InlineData("\"api\"")]
    [InlineData("\"api\";r=-1;t=5")]
    [InlineData("\"api\";r=99999999999999999999;t=5")]
    [InlineData(";;;=")]
    public void Ignores_rate_limits_that_are_none(string header) => RateLimit.Parse(header).ShouldBeNull();

    [Fact]
    public void Waits_as_long_as_retry_after_says_within_bounds()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        Retries.WaitToldBy(response, TimeProvider.System).ShouldBeNull();
        response.Headers.TryAddWithoutValidation("Retry-After", "7");
        Retries.WaitToldBy(response, TimeProvider.System).ShouldBe(TimeSpan.FromSeconds(7));
        response.Headers.Remove("Retry-After");
        response.Headers.TryAddWithoutValidation("Retry-After", "86400");
        Retries.WaitToldBy(response, TimeProvider.System).ShouldBe(RateLimit.LongestWait);
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("64:ff9b::808:808", true)]
    public void Knows_public_addresses(string address, bool isPublic) => AddressRule.IsPublic(IPAddress.Parse(address)).ShouldBe(isPublic);

    [Fact]
    public void Lets_a_hub_lead_only_to_itself_public_and_allowed_hosts()
    {
        var loopback = IPAddress.Loopback;
        var inside = IPAddress.Parse("10.0.0.5");
        var mirror = new AddressRule(new HubOptions { Endpoint = new Uri("http://mirror.corp:8080/hf"), AllowedHosts = ["files.corp"] });
        mirror.Allows("mirror.corp", 8080, inside).ShouldBeTrue();
        mirror.Allows("mirror.corp", 6379, inside).ShouldBeFalse();
        mirror.Allows("files.corp", 443, inside).ShouldBeTrue();
        mirror.Allows("other.corp", 443, inside).ShouldBeFalse();
        mirror.Allows("127.0.0.1", 80, loopback).ShouldBeFalse();

        var local = new AddressRule(new HubOptions { Endpoint = new Uri("http://127.0.0.1:8090") });
        local.Allows("127.0.0.1", 9000, loopback).ShouldBeTrue();
        local.Allows("10.0.0.5", 80, inside).ShouldBeFalse();
    }

    [Fact]
    public void Finds_address_and_token_as_the_hubs_own_clients_do()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "hf_file\n");
            From(new() { ["HF_ENDPOINT"] = "https://mirror.example/hf", ["HF_TOKEN"] = " hf_env " }).ShouldBe(("https://mirror.example/hf", "hf_env"));
            From(new() { ["HF_TOKEN_PATH"] = file }).ShouldBe(("https://huggingface.co/", "hf_file"));
            From([]).ShouldBe(("https://huggingface.co/", null));
            Should.Throw<HubException>(() => From(new() { ["HF_ENDPOINT"] = "huggingface.co" })).Message.ShouldContain("is no hub address");
            Should.Throw<HubException>(() => From(new() { ["HF_ENDPOINT"] = "ftp://x" }));
            Should.Throw<HubException>(() => From(new() { ["HF_TOKEN"] = "hf_\r\nX: y" })).Message.ShouldNotContain("X: y");
        }
        finally
        {
            File.Delete(file);
        }

        static (string, string?) From(Dictionary<string, string> environment)
        {
            var options = HubOptions.FromEnvironment(null, environment.GetValueOrDefault);
            return (options.Endpoint.AbsoluteUri, options.Token);
        }
    }

    private static Func<HubOptions, HubOptions> WithToken(string token) =>
        options => new HubOptions { Endpoint = options.Endpoint, RetryDelay = options.RetryDelay, Token = token };
}

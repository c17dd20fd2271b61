using DynaHug.Coordinator.Monitoring;
using DynaHug.Shared.Hub;

namespace DynaHug.Coordinator.Tests.Monitoring;

public sealed class HubWatchSpecs
{
    [Fact]
    public void The_slower_quota_decides_how_long_a_pass_takes()
    {
        var api = Quota("api", 1000);
        var resolvers = Quota("resolvers", 5000);

        HubWatch.EtaOf([api, resolvers], openRepos: 5000, openContents: 5000).ShouldBe(TimeSpan.FromMinutes(50), "two calls a repo, a thousand in five minutes");
        HubWatch.EtaOf([api, resolvers], openRepos: 10, openContents: 50_000).ShouldBe(TimeSpan.FromMinutes(50));
        HubWatch.EtaOf([api], openRepos: 0, openContents: 7).ShouldBeNull();
        HubWatch.EtaOf([Quota("api", null)], openRepos: 10, openContents: 0).ShouldBeNull();
    }

    private static BudgetFigures Quota(string bucket, long? quota) => new(bucket, quota, quota, TimeSpan.FromMinutes(1), 0, 0);
}

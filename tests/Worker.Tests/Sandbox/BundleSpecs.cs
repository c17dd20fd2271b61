using DynaHug.Shared.Static;
using DynaHug.Worker.Sandbox;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Tests.Sandbox;

/// <summary>What gVisor is told, word for word: a change here changes what hostile files can reach, and should be seen in review.</summary>
public sealed class BundleSpecs
{
    private static readonly SandboxOptions Options = new() { Folder = "/data" };

    [Fact]
    public void Writes_the_bundle_as_approved() => Bundle
        .Describe(Options, new ImageFolder("/image", LibrarySet.All), HoneyHome.Of("any"), "/slot", "/dynahug/run", 2L << 30).ToJson()
        .ShouldBe(Golden("bundle.json"));

    [Fact]
    public void Leaves_limits_of_control_groups_out_where_there_are_none()
    {
        var linux = Bundle.Describe(Options, new ImageFolder("/image", LibrarySet.All), HoneyHome.Of("any"), "/slot", cgroup: null, memory: 1).Linux;

        linux.CgroupsPath.ShouldBeNull();
        linux.Resources.ShouldBeNull();
    }

    [Fact]
    public void Traces_every_call_but_clock_gettime()
    {
        var names = TraceSession.Points.Select(point => point.Name).ToList();

        names.ShouldBeUnique();
        names.Count(name => name.StartsWith("syscall/sysno/", StringComparison.Ordinal)).ShouldBe(441);
        names.ShouldNotContain("syscall/sysno/228/enter");
        TraceSession.To("/tmp/x/1").ToJson().ShouldStartWith("""{"trace_session":{"name":"Default","points":[{"name":"container/start","context_fields":["thread_id","group_id"]}""");
        TraceSession.To("/tmp/x/1").ToJson().ShouldEndWith("""
            "sinks":[{"name":"remote","config":{"endpoint":"/tmp/x/1","retries":100000,"backoff_max":"1ms"}}]}}
            """);
    }

    private static string Golden(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Sandbox", "Golden", name)).TrimEnd('\n');
}

using DynaHug.Worker.Sandbox;

namespace DynaHug.Worker.Tests.Sandbox;

public sealed class SharedMemoryPagesSpecs : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dynahug-pages").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("[always] inherit within_size advise never", "[never]", "in pages of 64 KB")]
    [InlineData("always [inherit] within_size advise never", "[always] never", "in pages of 64 KB")]
    [InlineData("always [inherit] within_size advise never", "always [advise] never", "in pages of 4 KB; a fifth faster with: echo always > ")]
    [InlineData("always inherit within_size advise [never]", "[always] never", "in pages of 4 KB; a fifth faster with: echo always > ")]
    public void Says_how_large_pages_are_and_how_to_have_larger_ones(string ours, string all, string said)
    {
        Directory.CreateDirectory(Path.Combine(folder, "hugepages-64kB"));
        File.WriteAllText(Path.Combine(folder, "hugepages-64kB", "shmem_enabled"), ours);
        File.WriteAllText(Path.Combine(folder, "shmem_enabled"), all);

        var check = SharedMemoryPages.Examine(folder);

        check.ShouldNotBeNull();
        check.Ok.ShouldBeTrue();
        check.Detail.ShouldStartWith(said);
    }

    [Fact]
    public void Says_nothing_where_the_kernel_has_no_such_setting() => SharedMemoryPages.Examine(folder).ShouldBeNull();
}

using DynaHug.Shared.Tracing;

namespace DynaHug.Shared.Tests.Tracing;

public sealed class SyscallsSpecs
{
    [Theory]
    [InlineData(0, "read")]
    [InlineData(59, "execve")]
    [InlineData(121, "getpgid")]
    [InlineData(228, "clock_gettime")]
    [InlineData(257, "openat")]
    [InlineData(334, "rseq")]
    [InlineData(424, "pidfd_send_signal")]
    [InlineData(435, "clone3")]
    [InlineData(441, "epoll_pwait2")]
    [InlineData(450, "set_mempolicy_home_node")]
    public void Number_and_name_agree_with_the_kernel_table(int number, string name)
    {
        Syscalls.NameOf(number).ShouldBe(name);
        Syscalls.NumberOf(name).ShouldBe(number);
    }

    [Fact]
    public void Names_are_distinct_and_the_gap_is_left_out()
    {
        Syscalls.All.ShouldBe(Syscalls.All.Order());
        Syscalls.All.Select(Syscalls.NameOf).ShouldBeUnique();
        Syscalls.All.ShouldNotContain(number => number > 334 && number < 424);
    }

    [Fact]
    public void A_number_without_a_name_and_a_name_without_a_number_are_said_so()
    {
        Syscalls.NameOf(400).ShouldBe("syscall_400");
        Syscalls.NameOf(-1).ShouldBe("syscall_-1");
        Syscalls.NumberOf("recv").ShouldBeNull();
    }

    [Fact]
    public void Every_name_of_the_published_feature_list_has_a_number()
    {
        var list = SharedData.Find("dynahug-paper/syscalls.txt");
        Assert.SkipUnless(list is not null, "../shared/data/dynahug-paper/syscalls.txt is not beside this repository");

        var names = File.ReadAllLines(list!).Where(line => line.Length > 0).ToList();

        names.Count.ShouldBe(360);
        names.Where(name => Syscalls.NumberOf(name) is null).ShouldBeEmpty();
    }
}

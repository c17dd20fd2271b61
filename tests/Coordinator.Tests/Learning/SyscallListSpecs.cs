using DynaHug.Coordinator.Learning.Features;
using DynaHug.Shared.Tracing;

namespace DynaHug.Coordinator.Tests.Learning;

public sealed class SyscallListSpecs
{
    [Fact]
    public void Is_the_papers_list_in_its_order()
    {
        var folder = PaperFolder.Require();

        SyscallList.Names.ShouldBe(File.ReadAllLines(Path.Combine(folder, "syscalls.txt")).Where(line => line.Length > 0));
    }

    [Fact]
    public void Has_360_calls_at_fixed_columns()
    {
        SyscallList.Names.Count.ShouldBe(360);
        SyscallList.ColumnOf(Syscalls.NumberOf("execve")!.Value).ShouldBe(59);
        SyscallList.ColumnOf(Syscalls.NumberOf("process_mrelease")!.Value).ShouldBe(359);
        SyscallList.ColumnOf(Syscalls.NumberOf("cachestat")!.Value).ShouldBeNull();
    }

    [Fact]
    public void Every_schema_names_each_of_its_columns_and_is_found_by_its_id()
    {
        foreach (var schema in FeatureSchemas.All)
        {
            schema.VectorOf(new Dictionary<int, long> { [0] = 3, [500] = 1 }).Length.ShouldBe(schema.Names.Count);
            schema.Names.ShouldBeUnique();
            FeatureSchemas.Find(schema.Id).ShouldBe(schema);
        }
    }
}

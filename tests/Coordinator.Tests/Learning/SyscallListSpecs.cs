using DynaHug.Coordinator.Learning;
using DynaHug.Coordinator.Learning.Features;
using DynaHug.Shared.Static;
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
        var load = new Load("load", new Dictionary<int, long> { [0] = 3, [500] = 1 }, "", new FileStructure(0))
        {
            Opcodes = new Dictionary<string, int> { ["PROTO"] = 1, ["NOVEL"] = 1 },
            Sequences = new CallSequences(new Dictionary<(int, int), long> { [(0, 500)] = 2 }, new Dictionary<(int, int, int), long> { [(0, 0, 500)] = 2 }),
        };
        foreach (var schema in FeatureSchemas.All)
        {
            schema.VectorOf(load).Length.ShouldBe(schema.Names.Count);
            Enumerable.Range(0, schema.Names.Count).ShouldAllBe(column => schema.IsCount(column) != schema.Names[column].EndsWith('?'));
            schema.Names.ShouldBeUnique();
            FeatureSchemas.Find(schema.Id).ShouldBe(schema);
        }
    }
}

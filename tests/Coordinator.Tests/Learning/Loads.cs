using DynaHug.Coordinator.Learning;
using DynaHug.Shared.Static;
using DynaHug.Shared.Tracing;

namespace DynaHug.Coordinator.Tests.Learning;

/// <summary>Made-up loads that behave as measured ones do: two formats, fixed calls, one call that follows the number of storages by a law, and one that follows it loosely.</summary>
internal static class Loads
{
    public static IReadOnlyList<Load> Benign(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(index => Sized($"load-{seed}-{index:D4}", random.Next(3, 120), index % 3 == 0 ? FileFormat.TorchLegacy : FileFormat.TorchZip))];
    }

    /// <summary>A benign load of so many storages.</summary>
    public static Load Sized(string id, int storages, string format)
    {
        var fixedCalls = format == FileFormat.TorchZip ? 4 : 6;
        return new Load(
            id,
            new Dictionary<int, long>
            {
                [Number("openat")] = fixedCalls,
                [Number("close")] = fixedCalls,
                [Number("newfstatat")] = fixedCalls + 2,
                [Number("read")] = 10 + (3 * storages) + ((storages * 7) % 5),
                [Number("lseek")] = 8 + (6 * storages),
                [Number("exit_group")] = 1,
            },
            format,
            new FileStructure(storages * 4096L, storages + 4, 1, 20 * storages, storages));
    }

    public static Load With(this Load load, string call, int more = 1)
    {
        var counts = load.Counts.ToDictionary();
        counts[Number(call)] = counts.GetValueOrDefault(Number(call)) + more;
        return load with { Counts = counts };
    }

    private static int Number(string call) => Syscalls.NumberOf(call) ?? throw new ArgumentException($"'{call}' is no system call");
}

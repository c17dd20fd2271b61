using System.Collections.Frozen;
using DynaHug.Shared.Tracing;

namespace DynaHug.Coordinator.Learning.Features;

/// <summary>
/// The paper's fixed list of 360 x86-64 system calls in its order (the source's classifier/syscalls.txt): numbers 0–334 and 424–448. A
/// released list never changes, because fitted profiles count on its order; calls that newer kernels bring belong to a list of their own.
/// </summary>
public static class SyscallList
{
    private static readonly (int First, int Last)[] Ranges = [(0, 334), (424, 448)];

    /// <summary>Call numbers, in the list's order.</summary>
    public static IReadOnlyList<int> Numbers { get; } = [.. Ranges.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1))];

    /// <summary>Call names, in the list's order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Numbers.Select(Syscalls.NameOf)];

    private static readonly FrozenDictionary<int, int> Columns =
        Numbers.Select((number, column) => KeyValuePair.Create(number, column)).ToFrozenDictionary();

    /// <summary>Column of a call, or null for a call that is not on the list.</summary>
    public static int? ColumnOf(int number) => Columns.TryGetValue(number, out var column) ? column : null;
}

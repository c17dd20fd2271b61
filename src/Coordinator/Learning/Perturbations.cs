using DynaHug.Shared.Tracing;

namespace DynaHug.Coordinator.Learning;

/// <summary>
/// Benign loads changed by what the smallest payloads add: the validation positives of a fit, made of benign data alone. Each entry is one
/// thing a payload might do; how often it does it is kept at the least, because more is easier to find.
/// </summary>
internal static class Perturbations
{
    private static readonly string[][] Added =
    [
        ["openat"],
        ["newfstatat"],
        ["socket"],
        ["execve"],
        ["clone"],
        ["write"],
        ["getdents64"],
        ["unlink"],
        ["chmod"],
        ["kill"],
        ["openat", "newfstatat", "close"],
        ["socket", "connect", "close"],
        ["pipe2", "clone", "wait4", "close", "close"],
        ["openat", "newfstatat", "ioctl", "ioctl", "close"],
    ];

    /// <summary>Number of entries.</summary>
    public static int Count => Added.Length;

    /// <summary>The calls of an entry.</summary>
    public static string NameOf(int turn) => string.Join("+", Added[turn % Added.Length]);

    /// <summary>The load with the calls of one entry added; <paramref name="turn"/> goes round the entries.</summary>
    public static Load Perturb(Load load, int turn)
    {
        var counts = load.Counts.ToDictionary();
        foreach (var name in Added[turn % Added.Length])
        {
            var number = Syscalls.NumberOf(name) ?? throw new InvalidOperationException($"'{name}' is no system call");
            counts[number] = counts.GetValueOrDefault(number) + 1;
        }

        return load with { Counts = counts };
    }
}

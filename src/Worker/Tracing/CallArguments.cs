using System.Collections;
using System.Runtime.CompilerServices;

namespace DynaHug.Worker.Tracing;

/// <summary>
/// The raw arguments of a system call, at most six, held within the event: millions of events are kept, and an array for each would
/// be a second object for the garbage collector to carry along.
/// </summary>
[CollectionBuilder(typeof(CallArguments), nameof(Of))]
public readonly struct CallArguments : IReadOnlyList<ulong>, IEquatable<CallArguments>
{
    /// <summary>As many as a call of x86-64 Linux takes.</summary>
    public const int Most = 6;

    private readonly Six values;
    private readonly int count;

    private CallArguments(ReadOnlySpan<ulong> given)
    {
        count = Math.Min(given.Length, Most);
        given[..count].CopyTo(values);
    }

    public int Count => count;

    /// <exception cref="ArgumentOutOfRangeException">There is no argument of this index.</exception>
    public ulong this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)count, nameof(index));
            return values[index];
        }
    }

    /// <summary>The first six of those given.</summary>
    public static CallArguments Of(ReadOnlySpan<ulong> given) => new(given);

    public static bool operator ==(CallArguments left, CallArguments right) => left.Equals(right);

    public static bool operator !=(CallArguments left, CallArguments right) => !left.Equals(right);

    public IEnumerator<ulong> GetEnumerator()
    {
        for (var index = 0; index < count; index++)
        {
            yield return values[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(CallArguments other) => ((ReadOnlySpan<ulong>)values)[..count].SequenceEqual(((ReadOnlySpan<ulong>)other.values)[..other.count]);

    public override bool Equals(object? obj) => obj is CallArguments other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(count, values[0], values[1], values[2]);

    [InlineArray(Most)]
    private struct Six
    {
        private ulong first;
    }
}

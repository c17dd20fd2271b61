using DynaHug.Shared.Static.Reading;

namespace DynaHug.Shared.Static.Injection;

/// <summary>One payload on its way into one host, through all containers around its pickle.</summary>
internal sealed class Injection(InjectionMode mode, ReadOnlyMemory<byte> payload)
{
    /// <summary>Containers within containers; what lies deeper the loader does not open either (archives.py).</summary>
    private const int MostDepth = 5;

    private static readonly IReadOnlyList<IContainer> Containers = [new ZipContainer(), new TarContainer(), new SevenZipContainer(), new NumpyContainer(), .. PackedContainer.All];

    private readonly InflationBudget budget = new(Injector.MostBytes);
    private int depth;

    /// <returns>The file with the payload, or null where it is broken or holds no pickle that it could be put into.</returns>
    public byte[]? Into(byte[] file)
    {
        if (depth > MostDepth)
        {
            return null;
        }

        depth++;
        try
        {
            return Containers.FirstOrDefault(container => container.Holds(file)) is { } container ? container.Injected(file, this) : InjectedPickle.Of(file, mode, payload.Span);
        }
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            return null; // readers of foreign formats throw what they like, and huge sizes in their headers run out of memory
        }
        finally
        {
            depth--;
        }
    }

    /// <summary>Puts the payload into the first member that takes it.</summary>
    /// <returns>All contents in the order of the members, or null where none took it.</returns>
    public IReadOnlyList<byte[]>? IntoOneOf(IReadOnlyList<(string Name, byte[] Content)> members, Func<string, bool> mayHold)
    {
        for (var place = 0; place < members.Count; place++)
        {
            if (mayHold(members[place].Name) && Into(members[place].Content) is { } injected)
            {
                byte[][] contents = [.. members.Select(member => member.Content)];
                contents[place] = injected;
                return contents;
            }
        }

        return null;
    }

    /// <summary>All that a decompressor gives.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or the contents of the host come to more than <see cref="Injector.MostBytes"/>.</exception>
    public byte[] Unpacked(Stream decompressor)
    {
        using var content = new UnfoldedStream(decompressor, budget);
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return content.Problem is { } problem ? throw new InvalidDataException(problem) : bytes.ToArray();
    }
}

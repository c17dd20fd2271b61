using System.Text.RegularExpressions;
using DynaHug.Shared.Static;

namespace DynaHug.Worker.Tests.Loader;

/// <summary>What the loader imports for a set of libraries is what static reading chooses the set by.</summary>
public sealed partial class LibrarySpecs
{
    [Theory]
    [InlineData("LIBRARIES", LibrarySet.Tensors)]
    [InlineData("MORE_LIBRARIES", LibrarySet.All)]
    public void A_pickle_that_names_a_library_gets_the_set_that_has_it(string list, LibrarySet expected)
    {
        var libraries = ListedIn(list);

        libraries.Count.ShouldBeGreaterThan(3);
        libraries.ShouldAllBe(library => LibrarySets.Of(Naming($"{library}.anything")) == expected);
    }

    private static List<string> ListedIn(string list)
    {
        var source = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Loader", "dynahug_loader", "warmup.py"));
        var line = source.Split('\n').Single(line => line.StartsWith($"{list} = ", StringComparison.Ordinal));
        return [.. Quoted().Matches(line).Select(match => match.Groups[1].Value)];
    }

    private static StaticReport Naming(string global) =>
        new(FileFormat.Pickle, null, "", [global], [], new Dictionary<string, int>(), new FileStructure(1, Pickles: 1));

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quoted();
}

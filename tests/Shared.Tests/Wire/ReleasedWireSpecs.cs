using System.Text;
using System.Text.Json;
using Akka.Actor;
using DynaHug.Shared.Wire;

namespace DynaHug.Shared.Tests.Wire;

/// <summary>
/// Two versions in one cluster, while nodes are restarted one by one: this one reads what each former release writes, and what it writes itself has every member, with the same value, that the former
/// one knows. A former release passes over members that it does not know. <c>eng/freeze_wire.sh</c> keeps a release's formats.
/// </summary>
public sealed class ReleasedWireSpecs : IDisposable
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Shared.Tests", "Wire", "Released");

    private readonly ActorSystem system = ActorSystem.Create("released-wire-specs");

    public static TheoryData<string> Releases => [.. Directory.EnumerateFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)!)];

    [Theory]
    [MemberData(nameof(Releases))]
    public void Messages_and_events_of_a_former_release_are_read_and_what_it_knows_is_still_written(string release)
    {
        var serializer = new WireSerializer((ExtendedActorSystem)system);
        var lines = System.IO.File.ReadAllLines(Path.Combine(Folder, $"{release}.txt"));

        lines.Length.ShouldBeGreaterThan(100);
        foreach (var (manifest, former) in lines.Select(line => line.Split(' ', 2)).Select(parts => (parts[0], parts[1])))
        {
            var read = serializer.FromBinary(Encoding.UTF8.GetBytes(former), manifest);

            using var before = JsonDocument.Parse(former);
            using var now = JsonDocument.Parse(serializer.ToBinary(read));
            MissingIn(now.RootElement, before.RootElement, manifest).ShouldBeEmpty();
        }
    }

    public void Dispose() => system.Dispose();

    /// <summary>Where a former message says what the present one does not.</summary>
    private static IEnumerable<string> MissingIn(JsonElement now, JsonElement before, string place) => (before.ValueKind, now.ValueKind) switch
    {
        (JsonValueKind.Object, JsonValueKind.Object) => before.EnumerateObject().SelectMany(member =>
            now.TryGetProperty(member.Name, out var present) ? MissingIn(present, member.Value, $"{place}.{member.Name}") : [$"{place}.{member.Name}"]),
        (JsonValueKind.Array, JsonValueKind.Array) when before.GetArrayLength() == now.GetArrayLength() =>
            before.EnumerateArray().Zip(now.EnumerateArray()).SelectMany((pair, index) => MissingIn(pair.Second, pair.First, $"{place}[{index}]")),
        _ => JsonElement.DeepEquals(before, now) ? [] : [place],
    };
}

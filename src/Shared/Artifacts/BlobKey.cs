namespace DynaHug.Shared.Artifacts;

/// <summary>
/// The name of a blob: a content, by the sha256 of its bytes, or a program, a file with a program's bytes and holes for its tensors. A program's name is no hash
/// over its bytes, and nothing that is named as one counts as the content of any file.
/// </summary>
public sealed record BlobKey
{
    private const string Programs = "programs";

    /// <summary>What a program takes on disk, about: its pickle, its directory, and a block a tensor.</summary>
    private const long ProgramBytes = 1 << 20;

    private BlobKey(Sha256 name, bool isProgram) => (Name, IsProgram) = (name, isProgram);

    public Sha256 Name { get; }

    public bool IsProgram { get; }

    /// <summary>Where it lies in a store: <c>{first two hex digits}/{sha256}</c>, programs under <c>programs/</c>.</summary>
    public string Place => IsProgram ? $"{Programs}/{Name.Hex[..2]}/{Name.Hex}" : $"{Name.Hex[..2]}/{Name.Hex}";

    public static BlobKey Of(Sha256 content) => new(content, isProgram: false);

    public static BlobKey OfProgram(Sha256 program) => new(program, isProgram: true);

    /// <summary>The bytes of a content that an entity calls by this key.</summary>
    public static BlobKey Of(ContentKey content, Sha256 artifact)
    {
        ArgumentNullException.ThrowIfNull(content);
        return content.Program is { } program ? OfProgram(program) : Of(artifact);
    }

    /// <summary>Null where nothing of a store lies there.</summary>
    public static BlobKey? AtPlace(string place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return Sha256.TryParse(place.Split('/')[^1]) is not { } name ? null
            : new[] { Of(name), OfProgram(name) }.FirstOrDefault(key => key.Place == place);
    }

    /// <summary>Bytes on disk of a file of this length; an estimate for programs, which are mostly holes.</summary>
    public long BytesOnDisk(long length) => IsProgram ? Math.Min(length, ProgramBytes) : length;

    public override string ToString() => Place;
}

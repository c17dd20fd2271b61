using System.Text.Json;
using System.Text.Json.Serialization;
using DynaHug.Shared;

namespace DynaHug.LocalHub.Folders;

/// <summary>What a hub knows of a repo beside its files: <c>.hub.json</c> in the repo's folder, or the front matter of README.md. Every field optional.</summary>
internal sealed record RepoMetadata
{
    public const string FileName = ".hub.json";

    private const int MaxBytes = 1 << 20;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new GatedConverter() },
    };

    public string? PipelineTag { get; init; }

    public string? Library { get; init; }

    public long Likes { get; init; }

    public long Downloads { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary><c>auto</c> or <c>manual</c>; null where everybody may read. Written <c>false</c> in JSON for null.</summary>
    public Gate? Gated { get; init; }

    public bool Private { get; init; }

    public bool Disabled { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    /// <summary>What the hub's own scan says: safe, unsafe, suspicious, caution, queued, unscanned.</summary>
    public string? HubScan { get; init; }

    /// <summary>Reads a repo's metadata.</summary>
    /// <exception cref="LocalHubException">There is a <c>.hub.json</c> that cannot be read: it may say that the repo is private, so it is not passed over.</exception>
    public static RepoMetadata Read(string repoFolder) =>
        ReadJson(Path.Combine(repoFolder, FileName)) ?? FrontMatter.Read(Path.Combine(repoFolder, "README.md")) ?? new RepoMetadata();

    public void Write(string repoFolder) => File.WriteAllText(Path.Combine(repoFolder, FileName), JsonSerializer.Serialize(this, Format));

    private static RepoMetadata? ReadJson(string file)
    {
        if (new FileInfo(file) is not { Exists: true } found)
        {
            return null;
        }

        try
        {
            return found.Length <= MaxBytes
                ? JsonSerializer.Deserialize<RepoMetadata>(File.ReadAllBytes(file), Format) ?? throw new JsonException("it holds null")
                : throw new JsonException($"it has {found.Length} bytes; at most {MaxBytes} are read");
        }
        catch (Exception unreadable) when (unreadable is JsonException or UnauthorizedAccessException)
        {
            throw new LocalHubException($"'{Printable.Of(file)}' cannot be read ({Printable.Of(unreadable.Message, 200)}); correct or delete it", unreadable);
        }
    }

    internal sealed record Gate(string Kind);

    private sealed class GatedConverter : JsonConverter<Gate?>
    {
        public override bool HandleNull => true;

        public override Gate? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String => new Gate(reader.GetString() == "manual" ? "manual" : "auto"),
            JsonTokenType.True => new Gate("auto"),
            JsonTokenType.False or JsonTokenType.Null => null,
            _ => throw new JsonException("gated is false, \"auto\" or \"manual\""),
        };

        public override void Write(Utf8JsonWriter writer, Gate? value, JsonSerializerOptions options)
        {
            if (value is null)
            {
                writer.WriteBooleanValue(false);
            }
            else
            {
                writer.WriteStringValue(value.Kind);
            }
        }
    }
}

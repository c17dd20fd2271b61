using System.Text.Json;
using Akka.Actor;
using Akka.Serialization;

namespace DynaHug.Shared.Wire;

/// <summary>
/// Carries the types of <see cref="WireTable"/> as JSON, and nothing else: a manifest that the table does not name is refused,
/// so that no message can choose a CLR type.
/// </summary>
public sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 71_001;

    public override string Manifest(object o) =>
        WireTable.ManifestByType.TryGetValue(o.GetType(), out var manifest)
            ? manifest
            : throw new ArgumentException($"{o.GetType()} has no manifest; add it to {nameof(WireTable)}", nameof(o));

    public override byte[] ToBinary(object obj) => JsonSerializer.SerializeToUtf8Bytes(obj, obj.GetType(), Json.Options);

    /// <exception cref="System.Runtime.Serialization.SerializationException">Unknown manifest, or a body that does not fit it.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!WireTable.TypeByManifest.TryGetValue(manifest, out var type))
        {
            throw new System.Runtime.Serialization.SerializationException($"unknown manifest '{Printable.Of(manifest, 80)}'; was this written by a later version?");
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, type, Json.Options)
                ?? throw new System.Runtime.Serialization.SerializationException($"a {manifest} may not be null");
        }
        catch (JsonException wrong)
        {
            throw new System.Runtime.Serialization.SerializationException($"a {manifest} does not fit its format: {wrong.Message}", wrong);
        }
    }
}

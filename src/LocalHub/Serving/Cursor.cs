using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DynaHug.LocalHub.Serving;

/// <summary>
/// Where a listing goes on, as the hub writes it: base64 of the condition for what follows, for instance
/// <c>{"$or":[{"likes":294,"_id":{"$gt":"621f…"}},{"likes":{"$lt":294}}]}</c>.
/// </summary>
/// <param name="Value">Sort value of the last entry shown.</param>
/// <param name="Key">Its <c>_id</c>.</param>
internal sealed record Cursor(long Value, string Key)
{
    public string Write(string sort) => Encode(new JsonObject
    {
        ["$or"] = new JsonArray(
            new JsonObject { [sort] = Value, ["_id"] = new JsonObject { ["$gt"] = Key } },
            new JsonObject { [sort] = new JsonObject { ["$lt"] = Value } }),
    });

    public static bool TryRead(string text, string sort, [NotNullWhen(true)] out Cursor? cursor)
    {
        cursor = null;
        if (Decode(text)?["$or"] is JsonArray { Count: > 0 } either
            && either[0] is JsonObject first
            && first[sort] is JsonValue value && value.TryGetValue<long>(out var number)
            && first["_id"] is JsonObject after && after["$gt"] is JsonValue id && id.TryGetValue<string>(out var key))
        {
            cursor = new Cursor(number, key);
        }

        return cursor is not null;
    }

    public static string Encode(JsonObject condition) => Convert.ToBase64String(Encoding.UTF8.GetBytes(condition.ToJsonString()));

    public static JsonObject? Decode(string text)
    {
        try
        {
            return Base64.IsValid(text) ? JsonNode.Parse(Convert.FromBase64String(text)) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

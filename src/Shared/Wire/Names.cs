using System.Text.Json;

namespace DynaHug.Shared.Wire;

/// <summary>The one spelling of enum values outside the code: kebab-case, in JSON, tables, pages, metrics and logs.</summary>
public static class Names
{
    public static string Name<T>(this T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}

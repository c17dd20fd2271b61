using System.Text.Json;

namespace DynaHug.Shared.Wire;

/// <summary>The one spelling of enum values outside the code: kebab-case, in JSON, tables, addresses, pages, metrics and logs.</summary>
public static class Names
{
    public static string Name<T>(this T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>The value of this name; null for no name and for one that does not exist.</summary>
    public static T? Find<T>(string? name)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (value.Name() == name)
            {
                return value;
            }
        }

        return null;
    }
}

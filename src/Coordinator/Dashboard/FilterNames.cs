using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Dashboard;

/// <summary>Reads names of enum values from an address.</summary>
internal static class FilterNames
{
    /// <summary>Null for no name and for one that does not exist.</summary>
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

namespace DynaHug.Shared.Static.Injection;

/// <summary>How files take turns where payloads are put into some of many.</summary>
public static class InjectionTurns
{
    private static readonly InjectionMode[] Modes = Enum.GetValues<InjectionMode>();

    /// <summary>Which payload is put where: both change with every turn, and each pair comes once in 32.</summary>
    public static (Payload Payload, InjectionMode Mode) Of(int turn) => (Payload.All[turn % Payload.All.Count], Modes[(turn + (turn / Payload.All.Count)) % Modes.Length]);

    /// <summary>Hosts of every format one after another, in each format by their ids.</summary>
    public static IEnumerable<T> Of<T>(IEnumerable<T> hosts, Func<T, string> format, Func<T, string> id) =>
        from alike in hosts.GroupBy(format)
        from placed in alike.OrderBy(id, StringComparer.Ordinal).Select((host, place) => (Host: host, Place: place))
        orderby placed.Place, alike.Key
        select placed.Host;
}

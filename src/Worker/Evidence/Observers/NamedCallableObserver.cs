using DynaHug.Shared.Static;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Worker.Evidence.Observers;

/// <summary>
/// Callables that the file's pickles named to the loader and that act on the system or the interpreter, by the rules of static reading: they hold for what only
/// the loader could unpack, too, and for payloads that make no call of their own.
/// </summary>
internal sealed class NamedCallableObserver : IObserver
{
    public IEnumerable<Sighting> Observe(LoadWindow load) => (load.Report?.Named ?? [])
        .Select(named => named.Split(' ', 2))
        .Where(parts => parts.Length == 2 && GlobalNames.IsDangerous(parts[0], parts[1]))
        .Select(parts => new Sighting(load.Events.Count, IndicatorCatalogue.DangerousCallable.Seen($"{parts[0]}.{parts[1]}")));
}

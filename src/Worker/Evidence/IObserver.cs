namespace DynaHug.Worker.Evidence;

/// <summary>Looks at one load for one kind of behaviour. Pure, and total on whatever the sandbox sent.</summary>
public interface IObserver
{
    IEnumerable<Sighting> Observe(LoadWindow load);
}

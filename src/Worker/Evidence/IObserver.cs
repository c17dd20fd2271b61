using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence;

/// <summary>Looks at a run for one kind of evidence. Stateless; total on hostile events.</summary>
internal interface IObserver
{
    IEnumerable<Indicator> Observe(RunRecord run, LoadWindow window, LoaderReport? report);
}

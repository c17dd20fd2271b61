using System.Diagnostics;

namespace DynaHug.Shared.Telemetry;

/// <summary>
/// One distributed trace per revision, from the moment it is observed to its verdict. What belongs to it is carried in messages and events as a W3C traceparent
/// (https://www.w3.org/TR/trace-context/), so that a worker adds to the trace of a revision that it knows nothing else of, also after a coordinator has failed over.
/// </summary>
public static class RevisionTrace
{
    /// <summary>Begins an activity of the trace that <paramref name="parent"/> names.</summary>
    /// <param name="parent">A traceparent; null, or what is none, begins a trace.</param>
    /// <returns>Null while nobody listens.</returns>
    public static Activity? Start(string name, string? parent) => ActivityContext.TryParse(parent, null, isRemote: true, out var context)
        ? Instruments.Activities.StartActivity(name, ActivityKind.Internal, context)
        : Instruments.Activities.StartActivity(name);
}

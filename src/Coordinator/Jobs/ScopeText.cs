using DynaHug.Shared;
using DynaHug.Shared.Jobs;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Jobs;

/// <summary>A job's scope in words.</summary>
internal static class ScopeText
{
    public static string Of(JobScope scope)
    {
        var parts = new List<string>();
        if (scope.Repos is { } repos)
        {
            parts.Add($"{repos.Count} named repos");
        }

        if (scope.TaskCluster is { } taskCluster)
        {
            parts.Add($"task cluster {Printable.Of(taskCluster, 64)}");
        }

        if (scope.Label is { } label)
        {
            parts.Add($"label {label.Name()}");
        }

        if (scope.TraceEnvironment is { } environment)
        {
            parts.Add($"traced in {Printable.Of(environment, 64)}");
        }

        var which = parts.Count == 0 ? "all repos" : string.Join(", ", parts);
        return scope.All ? $"{which}, traced in the newest environment or not" : $"{which} that the newest environment has not traced";
    }
}

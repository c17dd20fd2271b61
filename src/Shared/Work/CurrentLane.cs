namespace DynaHug.Shared.Work;

/// <summary>The lane of the work that the current flow of control does, for what lies deep below it: the budget of requests to the hub.</summary>
public static class CurrentLane
{
    private static readonly AsyncLocal<Lane> Flowing = new();

    /// <summary>A person's request unless something else was set.</summary>
    public static Lane Value
    {
        get => Flowing.Value;
        set => Flowing.Value = value;
    }
}

namespace DynaHug.Worker.Canaries;

/// <summary>What the last canaries showed of this node: written by its <see cref="CanaryActor"/>, read by its slots and by who asks whether it is ready.</summary>
public sealed class CanaryHealth
{
    private volatile string problem = "no canary has been loaded yet";

    /// <summary>Why no work is taken; empty when it is.</summary>
    public string Problem
    {
        get => problem;
        internal set => problem = value;
    }

    public bool IsReady => Problem.Length == 0;
}

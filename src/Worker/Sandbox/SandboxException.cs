namespace DynaHug.Worker.Sandbox;

/// <summary>The sandbox, its tracer or its files failed for reasons of this machine. Says nothing of the file; the run may be repeated.</summary>
public sealed class SandboxException : Exception
{
    public SandboxException(string message)
        : base(message)
    {
    }

    public SandboxException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

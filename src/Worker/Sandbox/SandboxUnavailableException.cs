namespace DynaHug.Worker.Sandbox;

/// <summary>This machine cannot run sandboxes as it is. The message names what to install; files are never loaded without one.</summary>
public sealed class SandboxUnavailableException : Exception
{
    public SandboxUnavailableException(string message)
        : base(message)
    {
    }

    public SandboxUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

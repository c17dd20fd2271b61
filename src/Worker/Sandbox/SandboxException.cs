namespace DynaHug.Worker.Sandbox;

/// <summary>The sandbox broke, not the file: an error of ours, tried again elsewhere.</summary>
public sealed class SandboxException : Exception
{
    public SandboxException(string message)
        : base(message)
    {
    }

    public SandboxException(string message, Exception cause)
        : base(message, cause)
    {
    }
}

/// <summary>This machine cannot run sandboxes; the message says what to install. There is no load without one.</summary>
public sealed class SandboxUnavailableException(string message) : Exception(message);

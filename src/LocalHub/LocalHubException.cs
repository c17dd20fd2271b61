namespace DynaHug.LocalHub;

/// <summary>The local hub cannot start: its folder is missing or its port taken. Says what to do.</summary>
public sealed class LocalHubException : IOException
{
    public LocalHubException()
    {
    }

    public LocalHubException(string message)
        : base(message)
    {
    }

    public LocalHubException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

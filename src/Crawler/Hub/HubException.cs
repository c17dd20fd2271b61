namespace DynaHug.Crawler.Hub;

/// <summary>
/// The hub as a whole cannot be used: unreachable, refusing the token, or answering as no hub does. Says what a person can do about it.
/// What is wrong with one repo or file is an answer, not an exception.
/// </summary>
public sealed class HubException : Exception
{
    public HubException()
    {
    }

    public HubException(string message)
        : base(message)
    {
    }

    public HubException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

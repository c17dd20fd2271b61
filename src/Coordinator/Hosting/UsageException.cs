namespace DynaHug.Coordinator.Hosting;

/// <summary>Something the person at the command line can put right; its message says what. Shown without a stack trace, exit code 2.</summary>
public sealed class UsageException : Exception
{
    public UsageException(string message)
        : base(message)
    {
    }

    public UsageException(string message, Exception cause)
        : base(message, cause)
    {
    }
}

namespace DynaHug.Crawler.Hub.Transport;

/// <summary>The hub sent us where we do not go. Trying again would not help.</summary>
internal sealed class RefusedRedirectException(string message) : IOException(message)
{
    /// <summary>The refusal inside what the HTTP stack wrapped it in, or null.</summary>
    public static RefusedRedirectException? In(Exception? failure)
    {
        while (failure is not (null or RefusedRedirectException))
        {
            failure = failure.InnerException;
        }

        return failure as RefusedRedirectException;
    }
}

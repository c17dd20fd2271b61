using DynaHug.Crawler.Hub.Transport;
using DynaHug.Shared;
using Polly.Timeout;

namespace DynaHug.Crawler.Hub;

/// <summary>Says in our words why a request got no answer at all.</summary>
internal static class HubFailure
{
    /// <summary>The exception to throw instead; null for what is not the hub's doing.</summary>
    public static HubException? Of(Exception failure, Uri hub, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
        {
            return null;
        }

        return Innermost(failure) switch
        {
            RefusedRedirectException refused => new HubException(refused.Message, failure),
            TimeoutRejectedException or OperationCanceledException => new HubException($"hub {hub} does not answer in time; check the network, or name another with --hub", failure),
            { } cause when cause is IOException or System.Net.Sockets.SocketException or System.Security.Authentication.AuthenticationException || Wraps<HttpRequestException>(failure) =>
                new HubException($"hub {hub} cannot be reached ({Printable.Of(cause.Message, 200)}); check --hub or HF_ENDPOINT and the network", failure),
            _ => null,
        };
    }

    private static Exception Innermost(Exception failure)
    {
        while (failure is not RefusedRedirectException && failure.InnerException is { } inner)
        {
            failure = inner;
        }

        return failure;
    }

    private static bool Wraps<T>(Exception? failure)
        where T : Exception
    {
        while (failure is not (null or T))
        {
            failure = failure.InnerException;
        }

        return failure is not null;
    }
}

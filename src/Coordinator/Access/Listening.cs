using System.Net;
using System.Security.Cryptography.X509Certificates;
using DynaHug.Coordinator.Dashboard.Api;
using DynaHug.Coordinator.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DynaHug.Coordinator.Access;

/// <summary>Where pages and API listen, and that they do not listen to strangers by mistake.</summary>
internal static class Listening
{
    /// <exception cref="UsageException">Beyond loopback nobody would have to sign in, or the sign-in is not told enough.</exception>
    public static void Require(IPAddress address, AccessOptions access)
    {
        if (!IPAddress.IsLoopback(address) && access.Mode == SignInMode.None)
        {
            throw new UsageException($"--listen {address} lets others in, and without sign-in whoever comes is admin; add --sign-in local or --sign-in oidc");
        }

        if (!IPAddress.IsLoopback(address) && access.PublicHost is null)
        {
            throw new UsageException($"--listen {address} also needs --public-host, the name under which people reach the pages; requests under other names are refused");
        }

        if (access.Mode == SignInMode.Oidc && (access.Authority is null || access.ClientId is null))
        {
            throw new UsageException("--sign-in oidc needs --oidc-authority and --oidc-client");
        }
    }

    public static void Set(KestrelServerOptions kestrel, NodeOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = ApiServices.LargestBody;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Listen(options.Listen, options.Port, endpoint =>
        {
            if (options.Access.Certificate is { } file)
            {
                endpoint.UseHttps(ReadCertificate(file));
            }
        });
    }

    private static X509Certificate2 ReadCertificate(string file)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new UsageException($"certificate '{Shared.Printable.Of(file)}' cannot be used: {Shared.Printable.Of(problem.Message)}", problem);
        }
    }
}

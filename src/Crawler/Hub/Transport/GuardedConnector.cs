using System.Net;
using System.Net.Sockets;
using DynaHug.Shared;

namespace DynaHug.Crawler.Hub.Transport;

/// <summary>
/// Opens connections only to addresses that <see cref="AddressRule"/> allows, after the name is resolved and to the very address
/// that was checked, so that a name which resolves anew (DNS rebinding) gains nothing.
/// </summary>
internal sealed class GuardedConnector(AddressRule rule, Uri? proxy)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancel);
        var allowed = IsProxy(host, port) ? addresses : Array.FindAll(addresses, address => rule.Allows(host, port, address));
        if (allowed.Length == 0 && addresses.Length > 0)
        {
            throw new RefusedRedirectException(
                $"the hub points to {Printable.Of(host, 100)}:{port}, a private address ({addresses[0]}); refused. A mirror's file store can be allowed by the option AllowedHosts");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The proxy that the user's environment names is no redirect of the hub's.</summary>
    private bool IsProxy(string host, int port) => proxy is not null && port == proxy.Port && string.Equals(host, proxy.IdnHost, StringComparison.OrdinalIgnoreCase);
}

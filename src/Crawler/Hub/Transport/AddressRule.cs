using System.Net;
using System.Net.Sockets;

namespace DynaHug.Crawler.Hub.Transport;

/// <summary>
/// Which hosts a hub may send us to. A hub's redirects are hostile input: without a rule a listing could make a crawler read the
/// services of its own network. The hub itself, as configured, is always reachable; beyond it only public addresses, those of
/// <see cref="HubOptions.AllowedHosts"/>, and loopback where the hub itself is on loopback.
/// </summary>
internal sealed class AddressRule(HubOptions options)
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            // RFC 6890 and the IANA special-purpose registries.
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "100::/64", "2001:db8::/32", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    private readonly bool loopbackHub = IsLoopback(options.Endpoint.IdnHost);

    /// <summary>A hub on loopback is met directly; a proxy could not reach it.</summary>
    public bool UseProxy => !loopbackHub;

    public bool IsHub(Uri address) => IsHub(address.IdnHost, address.Port) && address.Scheme == options.Endpoint.Scheme;

    /// <summary>Whether a connection to this address, found under this host name, may be made.</summary>
    public bool Allows(string host, int port, IPAddress address) =>
        options.AllowPrivateHosts
        || IsHub(host, port)
        || options.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase)
        || IsPublic(address)
        || (loopbackHub && IPAddress.IsLoopback(Plain(address)));

    /// <summary>True for an address of the public internet; addresses that carry an IPv4 one inside are judged by that.</summary>
    public static bool IsPublic(IPAddress address)
    {
        var plain = Plain(address);
        return !Array.Exists(NotPublic, network => network.BaseAddress.AddressFamily == plain.AddressFamily && network.Contains(plain));
    }

    private bool IsHub(string host, int port) => port == options.Endpoint.Port && string.Equals(host, options.Endpoint.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(Plain(address)));

    private static IPAddress Plain(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
            : Nat64.Contains(address) ? new IPAddress(bytes.AsSpan(12, 4))
            : SixToFour.Contains(address) ? new IPAddress(bytes.AsSpan(2, 4))
            : address;
    }
}

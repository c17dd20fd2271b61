using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence.Observers;

/// <summary>Connections, datagrams, listening ports and the sockets before them, by any protocol.</summary>
internal sealed class NetworkObserver : IObserver
{
    private const int Unix = 1;
    private const int Internet = 2;
    private const int Internet6 = 10;
    private const int Netlink = 16;
    private const int TypeMask = 0xf;
    private const int Raw = 3;

    /// <summary>Sizes of sockaddr_in and sockaddr_in6: tell an internet address from a Unix or netlink one where only the length is known.</summary>
    private const ulong AddressLength = 16;
    private const ulong Address6Length = 28;

    private static readonly int Socket = LoadWindow.Number("socket");
    private static readonly int SendTo = LoadWindow.Number("sendto");
    private static readonly int[] SendMessage = [LoadWindow.Number("sendmsg"), LoadWindow.Number("sendmmsg")];
    private static readonly int Listen = LoadWindow.Number("listen");
    private static readonly string[] NameServices = ["/nscd/socket", "/io.systemd.", "/nslcd/socket", "/sss/pipes/", "/dev/log"];

    public IEnumerable<Sighting> Observe(LoadWindow load)
    {
        var withSocket = new HashSet<int>();
        for (var at = 0; at < load.Events.Count; at++)
        {
            var seen = load.Events[at];
            if (seen.Point == TracePoint.Syscall && seen.Number == Socket)
            {
                var family = (long)LoadWindow.Argument(seen, 0);
                if (family is not (Unix or Netlink))
                {
                    withSocket.Add(seen.Process);
                    yield return new Sighting(at, IndicatorCatalogue.SocketOpened.Seen(DescribeSocket(family, LoadWindow.Argument(seen, 1))));
                }
            }
            else if (Attempt(seen, withSocket.Contains(seen.Process)) is { } attempt)
            {
                yield return new Sighting(at, IndicatorCatalogue.NetworkAttempt.Seen(attempt));
            }
        }

        foreach (var looked in load.Report?.Audit.Where(call => call.Name is "socket.getaddrinfo" or "socket.gethostbyname" or "urllib.Request") ?? [])
        {
            yield return new Sighting(load.Events.Count, IndicatorCatalogue.NetworkAttempt.Seen($"{looked.Name}({looked.Arguments})"));
        }
    }

    private static string? Attempt(TraceEvent seen, bool hasSocket) => seen.Point switch
    {
        TracePoint.Connect when seen.AddressFamily == Unix => IsNameService(seen.Path) ? null : $"connect to {seen.Path}",
        TracePoint.Connect when seen.AddressFamily is Internet or Internet6 || seen.Address is not null => $"connect to {seen.Address}",
        TracePoint.Bind when seen.AddressFamily is Internet or Internet6 || seen.Address is not null => $"bind to {seen.Address}",
        TracePoint.Syscall when seen.Number == SendTo && LoadWindow.Argument(seen, 4) != 0
            && LoadWindow.Argument(seen, 5) is (AddressLength or Address6Length) => $"datagram of {LoadWindow.Argument(seen, 2)} bytes",
        TracePoint.Syscall when hasSocket && Array.IndexOf(SendMessage, seen.Number) >= 0 => "message sent over a network socket",
        TracePoint.Syscall when hasSocket && seen.Number == Listen => "listening for connections",
        _ => null,
    };

    /// <summary>An empty path is connect with AF_UNSPEC or an address that was not readable.</summary>
    private static bool IsNameService(string path) => path.Length == 0 || NameServices.Any(service => path.Contains(service, StringComparison.Ordinal));

    private static string DescribeSocket(long family, ulong type) => (family, type & TypeMask) switch
    {
        (Internet or Internet6, Raw) => "raw internet socket",
        (Internet, 1) => "TCP socket",
        (Internet, _) => "UDP socket",
        (Internet6, 1) => "TCP socket (IPv6)",
        (Internet6, _) => "UDP socket (IPv6)",
        _ => $"socket of address family {family}",
    };
}

using DynaHug.Shared.Verdicts;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Evidence;

/// <summary>Sockets, connections, listening ports, datagrams.</summary>
internal sealed class NetworkObserver : IObserver
{
    private const int Unix = 1;
    private const int Sendto = 44;

    /// <summary>AF_INET, AF_INET6, AF_PACKET (Linux socket.h).</summary>
    private static readonly Dictionary<int, string> NetworkFamilies = new() { [2] = "IPv4", [10] = "IPv6", [17] = "packet" };

    /// <summary>Name service and log daemons that the C library asks by itself.</summary>
    private static readonly string[] LocalServices = ["/var/run/nscd/socket", "/run/nscd/socket", "/dev/log", "/run/systemd/"];

    public IEnumerable<Indicator> Observe(RunRecord run, LoadWindow window, LoaderReport? report)
    {
        foreach (var point in window.Events)
        {
            switch (point.Point)
            {
                case TracePoint.Connect when NetworkFamilies.ContainsKey(point.AddressFamily):
                    yield return IndicatorCatalogue.NetworkAttempt.Seen($"connect to {point.Address}");
                    break;
                case TracePoint.Bind when NetworkFamilies.ContainsKey(point.AddressFamily):
                    yield return IndicatorCatalogue.NetworkAttempt.Seen($"listen on {point.Address}");
                    break;
                case TracePoint.Connect when point.AddressFamily == Unix && !LocalServices.Any(service => point.Path.StartsWith(service, StringComparison.Ordinal)):
                    yield return IndicatorCatalogue.SocketOpened.Seen($"connect to {point.Path}");
                    break;
                case TracePoint.Socket when NetworkFamilies.TryGetValue(point.AddressFamily, out var family):
                    yield return IndicatorCatalogue.SocketOpened.Seen($"{family} socket");
                    break;
                case TracePoint.Syscall when point.Number == Sendto && point.Arguments[4] != 0:
                    yield return IndicatorCatalogue.NetworkAttempt.Seen("datagram without a connection");
                    break;
            }
        }
    }
}

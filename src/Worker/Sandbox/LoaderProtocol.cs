using System.Security.Cryptography;
using System.Text.Json;
using DynaHug.Shared.Wire;

namespace DynaHug.Worker.Sandbox;

/// <summary>
/// What is said between us and the loader: it prints <c>DYNAHUG-READY {json}</c> when its libraries are imported, reads one line of JSON
/// (a <see cref="Request"/>), loads, and prints <c>DYNAHUG-REPORT {nonce} {json}</c>.
/// </summary>
internal static class LoaderProtocol
{
    private const string ReadyPrefix = "DYNAHUG-READY ";
    private const string ReportPrefix = "DYNAHUG-REPORT ";
    private const int LongestReport = 256 * 1024;

    /// <summary>Characters of output that a run keeps.</summary>
    private const int LongestHead = 16_384;

    /// <param name="Path">Inside the sandbox.</param>
    /// <param name="Name">Name on the hub; hostile.</param>
    /// <param name="Nonce">Marks the report of this run; a load that goes looking can find it.</param>
    /// <param name="Linger">Seconds to wait for threads and timers after the load.</param>
    public sealed record Request(string Path, string Name, string Format, string Nonce, double Linger)
    {
        /// <summary>One line; JSON escapes line ends and whatever else is odd in the name.</summary>
        public string ToLine() => JsonSerializer.Serialize(this, Json.Options) + "\n";
    }

    /// <summary>Versions of Python and libraries, as the loader says when it is ready.</summary>
    public sealed record Ready(string Python, IReadOnlyDictionary<string, string> Libraries);

    public static Request Ask(TraceRequest request, double linger) => new(
        $"{Bundle.ModelFolder}/{RunFolder.ModelName}", request.FileName, request.Format, RandomNumberGenerator.GetHexString(32, lowercase: true), linger);

    /// <exception cref="SandboxException">It is no ready line.</exception>
    public static Ready ReadReady(string? line)
    {
        if (line?.StartsWith(ReadyPrefix, StringComparison.Ordinal) != true)
        {
            throw new SandboxException($"the loader did not get ready; it said: {Shared.Printable.Of(line ?? "nothing", 400)}");
        }

        try
        {
            return JsonSerializer.Deserialize<Ready>(line[ReadyPrefix.Length..], Json.Options) ?? throw new JsonException("null");
        }
        catch (JsonException broken)
        {
            throw new SandboxException($"the loader's ready line is no JSON: {broken.Message}", broken);
        }
    }

    /// <summary>
    /// Takes our own lines out of standard output. The first report with the right nonce counts: a load can only print its own after it
    /// has found the nonce in memory, and then nothing that it says can be trusted anyway.
    /// </summary>
    public static (string Output, string? Report) Split(string output, string nonce)
    {
        if (output.StartsWith(ReadyPrefix, StringComparison.Ordinal))
        {
            output = output[(output.IndexOf('\n') + 1)..];
        }

        var mark = $"{ReportPrefix}{nonce} ";
        var start = output.IndexOf(mark, StringComparison.Ordinal);
        var end = start < 0 ? -1 : output.IndexOf('\n', start);
        if (end < 0 || end - start > LongestReport)
        {
            return (Head(output), null);
        }

        return (Head(output[..start] + output[(end + 1)..]), output[(start + mark.Length)..end].TrimEnd('\r'));
    }

    public static string Head(string text) => text.Length <= LongestHead ? text : text[..LongestHead];
}

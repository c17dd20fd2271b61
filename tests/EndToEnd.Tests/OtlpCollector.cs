using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DynaHug.EndToEnd.Tests;

/// <summary>A span as it came over the wire.</summary>
/// <param name="Trace">Trace id in hexadecimal, as all ids here.</param>
/// <param name="Parent">Empty for a root.</param>
/// <param name="Instance">The process that it is of.</param>
internal sealed record OtlpSpan(string Trace, string Id, string Parent, string Name, string Instance, IReadOnlyDictionary<string, string> Tags);

/// <summary>
/// Takes traces and metrics as a collector does: OTLP over gRPC without TLS. Field numbers are those of opentelemetry-proto 1
/// (trace.proto, metrics.proto, resource.proto, common.proto).
/// </summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication app;

    private OtlpCollector(WebApplication app) => this.app = app;

    public ConcurrentQueue<OtlpSpan> Spans { get; } = new();

    /// <summary>Names of the instruments that were reported.</summary>
    public ConcurrentBag<string> Metrics { get; } = [];

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        var collector = new OtlpCollector(builder.Build());
        collector.app.MapPost("/opentelemetry.proto.collector.trace.v1.TraceService/Export", context => AnswerAsync(context, collector.TakeSpans));
        collector.app.MapPost("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", context => AnswerAsync(context, collector.TakeMetrics));
        await collector.app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    /// <summary>A message of gRPC: one byte for compression, four for the length, then the message. The answer is an empty one.</summary>
    private static async Task AnswerAsync(HttpContext context, Action<ByteString> take)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var message = body.ToArray();
        message[0].ShouldBe((byte)0, "not compressed");
        take(ByteString.CopyFrom(message, 5, (int)BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(1, 4))));
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private void TakeSpans(ByteString request)
    {
        foreach (var ofResource in All(request, 1))
        {
            var instance = Tags(All(ofResource, 1).Single(), 1).GetValueOrDefault("service.instance.id", "");
            foreach (var span in All(ofResource, 2).SelectMany(scope => All(scope, 2)))
            {
                Spans.Enqueue(new OtlpSpan(Hex(span, 1), Hex(span, 2), Hex(span, 4), All(span, 5).Single().ToStringUtf8(), instance, Tags(span, 9)));
            }
        }
    }

    private void TakeMetrics(ByteString request)
    {
        foreach (var metric in All(request, 1).SelectMany(resource => All(resource, 2)).SelectMany(scope => All(scope, 2)))
        {
            Metrics.Add(All(metric, 1).Single().ToStringUtf8());
        }
    }

    private static string Hex(ByteString message, int field) => Convert.ToHexStringLower((All(message, field).SingleOrDefault() ?? ByteString.Empty).Span);

    /// <summary>Key to text; what is no text is left out.</summary>
    private static Dictionary<string, string> Tags(ByteString message, int field) => All(message, field)
        .Select(pair => (Key: All(pair, 1).Single().ToStringUtf8(), Text: All(pair, 2).SelectMany(value => All(value, 1)).SingleOrDefault()))
        .Where(tag => tag.Text is not null)
        .ToDictionary(tag => tag.Key, tag => tag.Text!.ToStringUtf8());

    private static List<ByteString> All(ByteString message, int field)
    {
        var found = new List<ByteString>();
        var input = message.CreateCodedInput();
        while (input.ReadTag() is not 0 and var tag)
        {
            if (WireFormat.GetTagWireType(tag) != WireFormat.WireType.LengthDelimited)
            {
                input.SkipLastField();
            }
            else if (input.ReadBytes() is var bytes && WireFormat.GetTagFieldNumber(tag) == field)
            {
                found.Add(bytes);
            }
        }

        return found;
    }
}

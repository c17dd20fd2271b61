using System.Text.Json;
using System.Text.Json.Serialization;
using DynaHug.Coordinator.Hosting;
using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Coordinator.Admission;

/// <summary>What becomes of a model about which nothing is known.</summary>
public enum UnknownModels
{
    /// <summary>Say so; whoever asks decides. A scan counts it as not analysed.</summary>
    [JsonStringEnumMemberName("report")] Report,

    [JsonStringEnumMemberName("deny")] Deny,

    [JsonStringEnumMemberName("allow")] Allow,
}

/// <summary>A sign that does no harm in one content: somebody has looked.</summary>
/// <param name="Sign">See <see cref="FlagSigns"/>; null for all of them.</param>
/// <param name="Until">When it ends; null for never.</param>
/// <param name="Reason">Why; required, since nobody remembers.</param>
public sealed record Exemption(Sha256 Sha256, string Reason, string? Sign = null, DateTimeOffset? Until = null)
{
    public bool Covers(Sha256? artifact, string sign, DateTimeOffset now) => artifact == Sha256 && (Sign is null || Sign == sign) && (Until is null || now < Until);
}

/// <summary>
/// What may come in: one file for the admission check of a node (<c>--policy</c>) and for <c>dynahug scan --policy</c>. Every member has a default, and a
/// member that is not known is an error, so that a misspelt one does not silently allow.
/// </summary>
/// <param name="DenyFrom"><c>suspicious</c> or <c>malicious</c>.</param>
/// <param name="HonourPeople">A false alarm, a confirmation or a suppression that an analyst has given goes before the label.</param>
/// <param name="RefuseProvisional">What no profile has scored yet is unknown, not allowed.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record AdmissionPolicy(
    Label DenyFrom = Label.Suspicious,
    UnknownModels Unknown = UnknownModels.Report,
    bool HonourPeople = true,
    bool RefuseProvisional = true,
    IReadOnlyList<Exemption>? Exemptions = null)
{
    private const int LargestFile = 4 << 20;

    public static readonly AdmissionPolicy Default = new();

    /// <exception cref="UsageException">The file cannot be read or makes no sense.</exception>
    public static AdmissionPolicy Read(string file)
    {
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > LargestFile } large)
            {
                throw new UsageException($"policy '{Printable.Of(file)}' has {large.Length:N0} bytes; a policy has at most {LargestFile:N0}");
            }

            var policy = JsonSerializer.Deserialize<AdmissionPolicy>(File.ReadAllText(file), Options) ?? throw new UsageException($"policy '{Printable.Of(file)}' is null");
            return policy.DenyFrom is Label.Suspicious or Label.Malicious
                ? policy
                : throw new UsageException($"policy '{Printable.Of(file)}': denyFrom is suspicious or malicious");
        }
        catch (JsonException wrong)
        {
            throw new UsageException($"policy '{Printable.Of(file)}' makes no sense: {Printable.Of(wrong.Message)}", wrong);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"policy '{Printable.Of(file)}' cannot be read: {Printable.Of(problem.Message)}", problem);
        }
    }

    /// <summary>Why every sign of a flagged file is exempt; null where one is not.</summary>
    public string? WhyExempt(Sha256? artifact, FileVerdict verdict, DateTimeOffset now)
    {
        var exemptions = FlagSigns.Of(verdict).Select(sign => (Exemptions ?? []).FirstOrDefault(exemption => exemption.Covers(artifact, sign, now))).ToList();
        return exemptions.Count > 0 && exemptions.TrueForAll(exemption => exemption is not null) ? string.Join("; ", exemptions.Select(exemption => exemption!.Reason).Distinct()) : null;
    }

    private static readonly JsonSerializerOptions Options = new(Shared.Wire.Json.Options)
    {
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };
}

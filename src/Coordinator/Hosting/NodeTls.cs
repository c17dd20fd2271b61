using System.ComponentModel.DataAnnotations;

namespace DynaHug.Coordinator.Hosting;

/// <summary>With what nodes of a cluster know each other: every certificate of one authority of its own is a node, nothing else is. PEM files.</summary>
public sealed class NodeTls
{
    /// <summary>This node's certificate.</summary>
    [Required]
    public required string CertificateFile { get; init; }

    /// <summary>Its private key, without a passphrase.</summary>
    [Required]
    public required string KeyFile { get; init; }

    /// <summary>The cluster's authority. It must be one that signs nodes of this cluster only.</summary>
    [Required]
    public required string AuthorityFile { get; init; }
}

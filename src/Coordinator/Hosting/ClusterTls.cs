using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Remote.Transport.DotNetty;

namespace DynaHug.Coordinator.Hosting;

/// <summary>
/// Mutual authentication between nodes: both sides of every connection show a certificate of the cluster's authority (RFC 8446, section 4.4.2). Names in
/// certificates are not compared with hosts, since pods come and go under new ones; belonging to the authority is what counts.
/// </summary>
internal static class ClusterTls
{
    /// <exception cref="UsageException">A file cannot be read, or the certificate is none of the authority's.</exception>
    public static DotNettySslSetup Setup(NodeTls tls)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(tls.CertificateFile, tls.KeyFile);
            var authority = X509CertificateLoader.LoadCertificateFromFile(tls.AuthorityFile);
            return IsNode(certificate, authority)
                ? new DotNettySslSetup(certificate, suppressValidation: false, requireMutualAuthentication: true, customValidator: (peer, _, _, _, _) => IsNode(peer, authority))
                : throw new UsageException($"'{tls.CertificateFile}' is no valid certificate of the authority in '{tls.AuthorityFile}'; eng/test_certificates.sh shows how to make one");
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the certificates of the cluster cannot be read: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>Whether the authority has signed it, for both ends of a connection, and it is valid today.</summary>
    internal static bool IsNode(X509Certificate2? certificate, X509Certificate2 authority)
    {
        if (certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        return chain.Build(certificate);
    }
}

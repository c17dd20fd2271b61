using Amazon.Runtime;
using DynaHug.Coordinator.Hosting;

namespace DynaHug.Coordinator.Blobs;

/// <summary>Credentials for a bucket, from the environment only: a command line can be read by every user of a machine.</summary>
internal static class BucketKeys
{
    public const string IdVariable = "AWS_ACCESS_KEY_ID";
    public const string SecretVariable = "AWS_SECRET_ACCESS_KEY";
    public const string SessionVariable = "AWS_SESSION_TOKEN";

    /// <exception cref="UsageException">They are not set.</exception>
    public static AWSCredentials FromEnvironment()
    {
        if (Read(IdVariable) is not { } id || Read(SecretVariable) is not { } secret)
        {
            throw new UsageException($"--blobs names a bucket, and its credentials are not in the environment; set {IdVariable} and {SecretVariable}");
        }

        return Read(SessionVariable) is { } session ? new SessionAWSCredentials(id, secret, session) : new BasicAWSCredentials(id, secret);
    }

    private static string? Read(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}

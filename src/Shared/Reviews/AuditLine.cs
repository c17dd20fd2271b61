namespace DynaHug.Shared.Reviews;

/// <summary>What a person did, in the words of the audit page.</summary>
/// <param name="Action">Kebab-case verb, for instance <c>confirmed</c>.</param>
/// <param name="Subject">What it was done to: a repo, an account, a key.</param>
public sealed record AuditLine(string Action, string Subject, string Detail);

/// <summary>An event that a person caused. Every one is listed on the audit page, so none may be without a name and a moment.</summary>
public interface IAudited
{
    /// <summary>Account or key that did it; <c>local</c> where no sign-in is asked for.</summary>
    string By { get; }

    DateTimeOffset At { get; }

    AuditLine Describe();
}

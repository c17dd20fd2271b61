namespace DynaHug.Coordinator.Learning;

/// <summary>A benign file into which a harmless payload was put.</summary>
/// <param name="Artifact">Its sha256 in hex.</param>
/// <param name="Host">The benign file's.</param>
/// <param name="Payload">What was put in and where, for instance <c>open-file before</c>.</param>
public sealed record InjectedFile(string Artifact, string Host, string Payload);

/// <summary>The same with the load that it made in the sandbox: a positive for validation, never for fitting.</summary>
public sealed record InjectedLoad(InjectedFile File, Load Load);

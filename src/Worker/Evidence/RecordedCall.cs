namespace DynaHug.Worker.Evidence;

/// <summary>A call that the loader wrote down: of a callable that is not installed, or a Python audit event.</summary>
/// <param name="Name">Full name of the callable or event.</param>
/// <param name="Arguments">Their Python repr, bounded.</param>
public sealed record RecordedCall(string Name, string Arguments);

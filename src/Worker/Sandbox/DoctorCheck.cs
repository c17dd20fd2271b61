namespace DynaHug.Worker.Sandbox;

/// <summary>One thing that was examined.</summary>
/// <param name="Detail">What was found.</param>
/// <param name="Remedy">What to do where it is not ok; else empty.</param>
public sealed record DoctorCheck(string Name, bool Ok, string Detail, string Remedy);

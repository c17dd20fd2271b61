namespace DynaHug.Shared.Verdicts;

/// <summary>One observed fact that speaks for malice. <see cref="Evidence"/> is hostile text, already bounded by <see cref="Printable"/>.</summary>
/// <param name="Id">Kebab-case id from the catalogue, for instance <c>program-started</c>.</param>
/// <param name="Evidence">What was seen: the command line, the path, the address.</param>
public sealed record Indicator(string Id, string Evidence);

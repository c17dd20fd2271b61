namespace DynaHug.Shared.Verdicts;

/// <summary>One kind of indicator.</summary>
/// <param name="Id">Kebab-case name in JSON, pages and events; a released one is never renamed.</param>
/// <param name="Title">What was seen, as a heading.</param>
/// <param name="Why">Why it speaks for malice, and what honest loads do instead.</param>
/// <param name="Technique">Id of the technique in MITRE ATT&amp;CK (Enterprise), for instance <c>T1059.004</c>.</param>
public sealed record IndicatorDefinition(string Id, string Title, string Why, string Technique, IndicatorWeight Weight)
{
    /// <summary>An observation of this kind; the evidence is made printable and bounded here.</summary>
    public Indicator Seen(string evidence) => new(Id, Printable.Of(evidence));
}

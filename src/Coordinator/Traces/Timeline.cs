namespace DynaHug.Coordinator.Traces;

/// <summary>What is asked of a timeline.</summary>
/// <param name="Search">Part of a call, path, argument or address; null for every event.</param>
/// <param name="Process">Only this process; null for all.</param>
/// <param name="After">Place to begin at.</param>
/// <param name="Size">Entries at most.</param>
public sealed record TimelineQuery(string? Search, int? Process, int After, int Size);

/// <summary>One event of a load. Hostile text, bounded and printable.</summary>
/// <param name="Place">Its number from the start marker on, from 0.</param>
public sealed record TimelineEntry(int Place, int Process, int Thread, string Call, string What);

/// <summary>A piece of what a load did in its order.</summary>
/// <param name="Next">Place of the next piece; null on the last.</param>
/// <param name="Found">Events that fit the query.</param>
/// <param name="Events">All events of the load that were read.</param>
/// <param name="Cut">There are more than are read: those at the end are missing.</param>
/// <param name="Segments">Events that fit, in each of equal parts of the load.</param>
public sealed record Timeline(IReadOnlyList<TimelineEntry> Entries, int? Next, int Found, int Events, bool Cut, IReadOnlyList<int> Segments);

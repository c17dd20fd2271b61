namespace DynaHug.LocalHub;

/// <summary>What a hub may do wrong to an answer.</summary>
public abstract record HubFault
{
    private HubFault()
    {
    }

    /// <summary>Answers this instead.</summary>
    public sealed record Answer(int Status, string Body = "", string ContentType = "application/json", params IReadOnlyList<(string Name, string Value)> Headers) : HubFault;

    /// <summary>Waits, then answers normally.</summary>
    public sealed record Wait(TimeSpan Time) : HubFault;

    /// <summary>Cuts the connection after so many bytes of the body.</summary>
    public sealed record CutAfter(long Bytes) : HubFault;

    /// <summary>Stops sending after so many bytes of the body, and holds the connection.</summary>
    public sealed record StallAfter(long Bytes) : HubFault;

    /// <summary>Sends the body with every byte changed, the headers as they should be.</summary>
    public sealed record WrongBytes : HubFault;

    /// <summary>Says something else: one text of the answer's JSON stands for another, a size, a hash, a name.</summary>
    public sealed record Replace(string Old, string New) : HubFault;
}

namespace DynaHug.Crawler.Hub;

/// <summary>Reads <c>Link</c> headers (RFC 8288) as far as paging needs them.</summary>
internal static class LinkHeader
{
    /// <summary>The target of <c>rel="next"</c>, or null.</summary>
    public static string? Next(string header)
    {
        var at = 0;
        while (header.IndexOf('<', at) is var open and >= 0 && header.IndexOf('>', open) is var close and >= 0)
        {
            var following = header.IndexOf('<', close);
            var parameters = following < 0 ? header[(close + 1)..] : header[(close + 1)..following];
            if (parameters.Split([';', ','], StringSplitOptions.TrimEntries).Any(parameter => parameter is "rel=\"next\"" or "rel=next"))
            {
                return header[(open + 1)..close];
            }

            at = close + 1;
        }

        return null;
    }
}

namespace DynaHug.LocalHub;

/// <summary>A request as it came in.</summary>
/// <param name="ToFileHost">It came to the file host rather than to the hub.</param>
/// <param name="Target">Path and query as sent.</param>
/// <param name="Range">The Range header, or null.</param>
/// <param name="Authorization">The Authorization header, or null.</param>
public sealed record HubRequest(bool ToFileHost, string Method, string Target, string? Range, string? Authorization);

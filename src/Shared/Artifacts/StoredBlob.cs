namespace DynaHug.Shared.Artifacts;

/// <summary>One blob of a store.</summary>
/// <param name="Bytes">What it takes there; an estimate for programs of a folder.</param>
/// <param name="WrittenAt">When it came, or was last asked for by <see cref="BlobStore.TryRenewAsync"/>; UTC.</param>
public sealed record StoredBlob(BlobKey Key, long Bytes, DateTime WrittenAt);

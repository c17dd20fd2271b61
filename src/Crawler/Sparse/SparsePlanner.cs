namespace DynaHug.Crawler.Sparse;

/// <summary>Reads as little of a file as it takes to know what its load does, where that is possible.</summary>
internal static class SparsePlanner
{
    /// <summary>
    /// The start decides the format. For most checkpoints it holds the whole pickle, since torch writes that first; and it covers every place at
    /// which a reader of another format looks (user blocks of HDF5, tar).
    /// </summary>
    private const int FirstRead = 64 << 10;

    /// <exception cref="NotUnderstoodException">The file is of another format, odd, or holds what may depend on its tensors.</exception>
    /// <exception cref="RangesRefusedException">Parts of it cannot be had.</exception>
    public static async Task<SparsePlan> PlanAsync(ReadParts file, CancellationToken cancel)
    {
        var head = await file.ReadAsync(0, Math.Min(FirstRead, file.Size), cancel);
        return await (head.AsSpan().StartsWith("PK\x03\x04"u8) ? TorchZipPlan.MakeAsync(file, cancel)
            : TorchLegacyPlan.StartsLike(head) ? TorchLegacyPlan.MakeAsync(file, cancel)
            : GgufPlan.StartsLike(head) ? GgufPlan.MakeAsync(file, cancel)
            : SafetensorsPlan.StartsLike(head) ? SafetensorsPlan.MakeAsync(file, cancel)
            : throw new NotUnderstoodException("a format that is read whole"));
    }
}

using DynaHug.Shared.Artifacts;

namespace DynaHug.Coordinator.Blobs;

/// <summary>
/// Blobs of a bucket as files of this machine, up to a budget: over it, what was not used for longest goes. What is open stays, however much it is. Belongs to one
/// process and begins empty, so that whatever lies there was checked by it.
/// </summary>
internal sealed class BlobCache
{
    private readonly string root;
    private readonly long budget;
    private readonly Lock gate = new();
    private readonly Dictionary<BlobKey, Entry> entries = [];

    /// <summary>What is here and not open, the one that was not used for longest first.</summary>
    private readonly LinkedList<Entry> idle = [];

    private long held;

    public BlobCache(string root, long budgetBytes)
    {
        (this.root, budget) = (root, budgetBytes);
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }

        Directory.CreateDirectory(root);
    }

    /// <summary>Opens a blob, and brings it first where it is not here. Who asks for one that is on its way waits for it.</summary>
    /// <param name="bring">Makes the file at a place, checked; gives its bytes on disk.</param>
    public async Task<LocalBlob> OpenAsync(BlobKey key, Func<string, Task<long>> bring, CancellationToken cancel)
    {
        var entry = Pin(key);
        try
        {
            await entry.Turn.WaitAsync(cancel);
            try
            {
                if (!entry.IsHere)
                {
                    Keep(entry, await bring(PathOf(key)));
                }
            }
            finally
            {
                entry.Turn.Release();
            }

            return new LocalBlob(PathOf(key), () => Unpin(entry));
        }
        catch
        {
            Unpin(entry);
            throw;
        }
    }

    private string PathOf(BlobKey key) => Path.Combine(root, key.Place);

    private Entry Pin(BlobKey key)
    {
        lock (gate)
        {
            if (!entries.TryGetValue(key, out var entry))
            {
                entries[key] = entry = new Entry(key);
            }

            if (entry.Pins++ == 0 && entry.IsHere)
            {
                idle.Remove(entry.Node);
            }

            return entry;
        }
    }

    private void Keep(Entry entry, long bytes)
    {
        lock (gate)
        {
            (entry.Bytes, entry.IsHere) = (bytes, true);
            held += bytes;
        }
    }

    private void Unpin(Entry entry)
    {
        lock (gate)
        {
            if (--entry.Pins > 0)
            {
                return;
            }

            if (entry.IsHere)
            {
                idle.AddLast(entry.Node);
            }
            else
            {
                entries.Remove(entry.Key);
            }

            while (held > budget && idle.First?.Value is { } oldest)
            {
                idle.RemoveFirst();
                entries.Remove(oldest.Key);
                File.Delete(PathOf(oldest.Key));
                held -= oldest.Bytes;
            }
        }
    }

    private sealed class Entry
    {
        public Entry(BlobKey key) => (Key, Node) = (key, new LinkedListNode<Entry>(this));

        public BlobKey Key { get; }

        /// <summary>In <see cref="idle"/> while it is here and nobody has it open.</summary>
        public LinkedListNode<Entry> Node { get; }

        public SemaphoreSlim Turn { get; } = new(1, 1);

        public bool IsHere { get; set; }

        public long Bytes { get; set; }

        public int Pins { get; set; }
    }
}

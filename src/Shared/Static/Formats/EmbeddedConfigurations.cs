using System.Text.Json;

namespace DynaHug.Shared.Static.Formats;

/// <summary>Keras configurations that stand as JSON within a binary file (HDF5 attributes, TensorFlow's metadata): searched for by how they start.</summary>
internal static class EmbeddedConfigurations
{
    private const int WindowBytes = 4 << 20;
    private const int Overlap = 1 << 10;
    private const int LongestConfiguration = 64 << 20;
    private const int MostConfigurations = 10_000;

    private static readonly byte[][] Starts = [[.. "{\"class_name\""u8], [.. "{\"module\""u8], [.. "{\"name\""u8]];

    /// <param name="searched">Bytes from the start that are searched.</param>
    /// <returns>How many were found.</returns>
    public static int ReadAll(FileInHand file, long searched)
    {
        var found = 0;
        for (var start = 0L; start < searched; start += WindowBytes - Overlap)
        {
            file.Cancel.ThrowIfCancellationRequested();
            var window = file.Reader(start, Math.Min(WindowBytes, searched - start)).ReadUpTo(WindowBytes);
            var next = 0L; // behind the last one: objects within a configuration start the same way
            foreach (var at in PlacesOf(window))
            {
                if (start + at >= next && found < MostConfigurations)
                {
                    found++;
                    next = start + at + ReadOne(file, start + at);
                }
            }
        }

        return found;
    }

    /// <returns>Its length in bytes.</returns>
    private static long ReadOne(FileInHand file, long start)
    {
        var size = (int)Math.Min(1 << 16, file.Length - start);
        while (true)
        {
            var bytes = file.Reader(start, size).ReadUpTo(size);
            var reader = new Utf8JsonReader(bytes, isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = 256 }));
            try
            {
                if (JsonDocument.TryParseValue(ref reader, out var document))
                {
                    using (document)
                    {
                        KerasConfiguration.Read(document.RootElement, FileFormat.Text, file.Tally);
                    }

                    return reader.BytesConsumed;
                }
            }
            catch (JsonException)
            {
                break;
            }

            if (size >= Math.Min(LongestConfiguration, file.Length - start))
            {
                break;
            }

            size = (int)Math.Min(Math.Min(LongestConfiguration, file.Length - start), size * 16L);
        }

        file.Tally.Find("unreadable", Severity.Unusual, "keras", "a configuration that is no whole JSON");
        return 1;
    }

    private static List<int> PlacesOf(byte[] window)
    {
        var places = new List<int>();
        foreach (var mark in Starts)
        {
            for (var at = window.AsSpan().IndexOf(mark); at >= 0;)
            {
                places.Add(at);
                var next = window.AsSpan(at + 1).IndexOf(mark);
                at = next < 0 ? -1 : at + 1 + next;
            }
        }

        places.Sort();
        return places;
    }
}

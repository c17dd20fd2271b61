namespace DynaHug.Coordinator.Learning;

/// <summary>Reads untrusted files into memory, up to a bound.</summary>
internal static class Bounded
{
    /// <exception cref="InvalidDataException">There are more bytes than that.</exception>
    public static byte[] Read(Stream stream, int most)
    {
        using var read = new MemoryStream();
        var buffer = new byte[81_920];
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            if (read.Length + count > most)
            {
                throw new InvalidDataException($"the file is larger than {most} bytes: it is none of ours");
            }

            read.Write(buffer, 0, count);
        }

        return read.ToArray();
    }
}

using System.Buffers.Binary;
using DynaHug.Shared.Static.Pickles;

namespace DynaHug.Shared.Static.Formats;

/// <summary>Files that start with a pickle: plain, joblib's, and torch's legacy format.</summary>
internal static class PickleFormats
{
    /// <summary>How torch's legacy files start: a pickle of the number 0x1950a86a20f9469cfc6c. Source: torch/serialization.py.</summary>
    private static readonly byte[] TorchMagic = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];

    /// <returns>Null where the start is no pickle.</returns>
    public static FormatReading? TryRead(FileInHand file, ZipDirectory? behind)
    {
        if (file.StartsWith([0x80, 2, .. TorchMagic]) || file.StartsWith([0x80, 3, .. TorchMagic]) || file.StartsWith([0x80, 4, .. TorchMagic]))
        {
            return ReadTorchLegacy(file);
        }

        var marked = file.Head is [0x80, <= 5, ..];
        var input = file.Reader();
        var run = file.Scan.TryOne(input, file.Tally);
        if (!run.Plausible && !marked)
        {
            return null;
        }

        if (!run.Plausible && NotMeant(file, run))
        {
            return null;
        }

        if (!run.Stopped || run.Fault is not null)
        {
            file.Tally.Find("broken-stream", Severity.Unusual, "", Printable.Of(run.Fault is null ? run.Problem : $"an unpickler would stop early: {run.Fault}"));
        }

        if (behind is null)
        {
            file.Scan.ReadRest(input, run.Stopped, file.Tally);
        }

        var joblib = file.Tally.Globals.Any(global => global.StartsWith("joblib.numpy_pickle.", StringComparison.Ordinal));
        return new FormatReading(joblib ? FileFormat.Joblib : FileFormat.Pickle);
    }

    /// <summary>A protocol mark followed by hardly an opcode is noise, unless the file is all there is of a pickle cut short.</summary>
    private static bool NotMeant(FileInHand file, PickleRun run) => run.Opcodes < 3 && file.Length > 16;

    private static FormatReading ReadTorchLegacy(FileInHand file)
    {
        var input = file.Reader();
        var keys = 0L;
        for (var stream = 0; stream < 5; stream++)
        {
            file.Tally.Pickles++;
            var run = file.Scan.ReadOne(input, file.Tally);
            if (!run.Stopped)
            {
                file.Tally.Find("broken-stream", Severity.Unusual, "", run.Problem);
                file.Scan.ReadRest(input, stopped: false, file.Tally);
                return new FormatReading(FileFormat.TorchLegacy);
            }

            keys = run.Result is ContainerValue list ? list.Count : 0;
        }

        PassStorages(file, input, keys);
        return new FormatReading(FileFormat.TorchLegacy);
    }

    /// <summary>Each storage is its number of elements and their bytes; their width is known to the pickle only, so what fits is tried.</summary>
    private static void PassStorages(FileInHand file, Reading.ByteReader input, long keys)
    {
        if (keys == 0 && !input.AtEnd)
        {
            file.Tally.Find("data-after-end", Severity.Unusual, "", $"{input.Remaining} bytes follow the last pickle, and no storage is named");
            file.Scan.ReadRest(input, stopped: true, file.Tally);
        }

        Span<byte> count = stackalloc byte[8];
        if (keys > 0 && (!input.TryRead(count) || BinaryPrimitives.ReadInt64LittleEndian(count) > input.Remaining))
        {
            file.Tally.Find("broken-stream", Severity.Unusual, "storages", "storages are cut off");
        }
    }
}

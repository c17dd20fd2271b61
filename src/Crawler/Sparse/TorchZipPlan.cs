using DynaHug.Shared.Static;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Crawler.Sparse;

/// <summary>
/// Checkpoints in a zip (torch 1.6 and later): read are the directory at the end, and every member but the storages that the pickle names.
/// Source: torch/serialization.py, _load; caffe2/serialize/inline_container.cc.
/// </summary>
internal static class TorchZipPlan
{
    /// <summary>Holds the directory of about a thousand tensors and the small members behind them.</summary>
    private const int TailSize = 128 << 10;

    private const int IdLength = 64;

    /// <exception cref="NotUnderstoodException">More than tensors may decide what the load does.</exception>
    public static async Task<SparsePlan> MakeAsync(ReadParts file, CancellationToken cancel)
    {
        var members = await StrictZip.ReadAsync(file, TailSize, cancel);
        var root = members[0].Name[..(members[0].Name.IndexOf('/') + 1)];
        if (root.Length < 2 || members.Any(member => !member.Name.StartsWith(root, StringComparison.Ordinal)))
        {
            throw new NotUnderstoodException("members are not in one folder");
        }

        if (members.Any(member => member.Name == $"{root}constants.pkl" || member.Name.StartsWith($"{root}code/", StringComparison.Ordinal)))
        {
            throw new NotUnderstoodException("TorchScript holds code");
        }

        var pickle = members.FirstOrDefault(member => member.Name == $"{root}data.pkl") ?? throw new NotUnderstoodException("there is no data.pkl");
        var storages = ReadPickle(await ContentAsync(file, pickle, cancel));
        return await DescribeAsync(file, members, name => StorageNamed(name, root, storages), $"{root}.data/serialization_id", storages.Count, cancel);
    }

    private static IReadOnlyDictionary<string, PickledStorage> ReadPickle(byte[] content)
    {
        var input = ByteReader.Of(content);
        var reading = new CheckpointPickle(input, legacy: false);
        reading.ReadOne();
        return input.AtEnd ? reading.Storages : throw new NotUnderstoodException("bytes follow the pickle");
    }

    private static PickledStorage? StorageNamed(string member, string root, IReadOnlyDictionary<string, PickledStorage> storages)
    {
        var folder = $"{root}data/";
        return member.StartsWith(folder, StringComparison.Ordinal) ? storages.GetValueOrDefault(member[folder.Length..]) : null;
    }

    private static async Task<SparsePlan> DescribeAsync(
        ReadParts file, IReadOnlyList<StrictMember> members, Func<string, PickledStorage?> storageNamed, string idName, int named, CancellationToken cancel)
    {
        using var program = new ProgramHash(FileFormat.TorchZip, file.Size);
        var headers = new List<(long Offset, byte[] Bytes)>();
        var holes = 0;
        foreach (var member in members)
        {
            program.Add(member.Name);
            program.Add(member.Offset);
            program.Add(member.DataStart);
            program.Add(member.Size);
            program.Add(member.Flags);
            if (storageNamed(member.Name) is { } storage)
            {
                holes++;
                program.Add(storage.Bytes == member.Size ? "storage" : throw new NotUnderstoodException($"storage {storage.Key} has another size than the pickle says"));
                if (!file.Has(member.Offset, member.DataStart - member.Offset))
                {
                    headers.Add((member.Offset, member.LocalHeader()));
                }
            }
            else
            {
                // The id is a hash over the tensors: kept by the loader, read by nobody.
                var content = await ContentAsync(file, member, cancel);
                program.Add(member.Name == idName && content.Length <= IdLength ? [] : content);
            }
        }

        return holes == named
            ? new SparsePlan(FileFormat.TorchZip, file.Size, program.Finish(), holes, [.. headers, .. file.All])
            : throw new NotUnderstoodException("the pickle names storages that are not in the file");
    }

    /// <summary>Reads a member whole, its local header included, and checks that this says what the directory says.</summary>
    private static async Task<byte[]> ContentAsync(ReadParts file, StrictMember member, CancellationToken cancel)
    {
        var bytes = await file.ReadAsync(member.Offset, member.End - member.Offset, cancel);
        return member.Confirms(bytes)
            ? bytes.AsSpan((int)(member.DataStart - member.Offset), (int)member.Size).ToArray()
            : throw new NotUnderstoodException("a local header contradicts the directory");
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Shared.Static.Formats;

/// <summary>Zips: torch checkpoints and scripts, numpy's .npz, Keras files, and plain archives of models.</summary>
internal static class ZipFormats
{
    private const int Stored = 0;
    private const int Deflated = 8;
    private const int PickleMark = 0x80;
    private const int ArrayMark = 0x93;

    public static FormatReading Read(FileInHand file, ZipDirectory zip)
    {
        Inspect(file, zip);
        var names = zip.Members.Select(member => member.Name).ToHashSet(StringComparer.Ordinal);
        var format = FormatOf(names);
        var arraysOnly = format == FileFormat.NumpyZip && zip is { Complete: true, Prefix: 0 } && names.Count == zip.Members.Count;
        var opensMembers = format is FileFormat.Zip or FileFormat.Keras;
        foreach (var member in zip.Members)
        {
            file.Cancel.ThrowIfCancellationRequested();
            arraysOnly &= ReadMember(file, member, opensMembers) == true;
        }

        return format switch
        {
            FileFormat.NumpyZip when arraysOnly => FormatReading.Inert(format, "every member is an array of plain numbers", zip.Members.Count),
            FileFormat.Keras => KerasConfiguration.Outcome(format, file.Tally, expected: true) with { Members = zip.Members.Count },
            _ => new FormatReading(format, Members: zip.Members.Count),
        };
    }

    private static string FormatOf(HashSet<string> names)
    {
        bool Has(string last) => names.Any(name => name == last || name.EndsWith("/" + last, StringComparison.Ordinal));
        var hasCode = names.Any(name => name.Contains("/code/", StringComparison.Ordinal) || name.StartsWith("code/", StringComparison.Ordinal));
        return Has("data.pkl") ? (Has("constants.pkl") && hasCode ? FileFormat.TorchScript : FileFormat.TorchZip)
            : names.Count > 0 && names.All(name => name.EndsWith(".npy", StringComparison.Ordinal)) ? FileFormat.NumpyZip
            : names.Contains("config.json") && names.Contains("metadata.json") && names.Contains("model.weights.h5") ? FileFormat.Keras
            : FileFormat.Zip;
    }

    /// <summary>What makes two readers of one zip see different contents.</summary>
    private static void Inspect(FileInHand file, ZipDirectory zip)
    {
        if (zip.Prefix > 0)
        {
            file.Tally.Find("polyglot", Severity.Unusual, "prefix", $"{zip.Prefix} bytes stand in front of the zip");
        }

        if (!zip.Complete)
        {
            file.Tally.Find("unreadable", Severity.Unusual, "members", $"{zip.Members.Count} of {zip.Declared} members were read");
        }

        foreach (var twice in zip.Members.GroupBy(member => member.Name).Where(group => group.Count() > 1))
        {
            file.Tally.Find("duplicate-member", Severity.Unusual, twice.Key, Printable.Of($"{twice.Count()} members are named {twice.Key}"));
        }

        ZipMember? previous = null;
        foreach (var member in zip.Members.OrderBy(member => member.Offset))
        {
            if (previous is not null && previous.PackedSize > member.Offset - previous.Offset)
            {
                file.Tally.Find("overlapping-members", Severity.Unusual, "", Printable.Of($"{previous.Name} and {member.Name} share bytes"));
            }

            previous = member;
            if (member.Name.Contains("../", StringComparison.Ordinal) || member.Name.StartsWith('/') || member.Name.Contains('\\'))
            {
                file.Tally.Find("path-traversal", Severity.Unusual, "", Printable.Of($"a member is named {member.Name}"));
            }
        }
    }

    /// <returns>True where the member is an array of plain numbers, null where it could not be read.</returns>
    private static bool? ReadMember(FileInHand file, ZipMember member, bool opensMembers)
    {
        var local = file.Reader(member.Offset, 30).ReadUpTo(30);
        if (local.Length < 30 || BinaryPrimitives.ReadUInt32LittleEndian(local) != 0x04034b50)
        {
            file.Tally.Find("unreadable", Severity.Unusual, "local-header", Printable.Of($"no local header where the directory puts {member.Name}"));
            return null;
        }

        int nameSize = BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(26));
        int extraSize = BinaryPrimitives.ReadUInt16LittleEndian(local.AsSpan(28));
        var localName = Encoding.UTF8.GetString(file.Reader(member.Offset + 30, nameSize).ReadUpTo(nameSize));
        if (localName != member.Name)
        {
            file.Tally.Find("contradicting-member", Severity.Unusual, "", Printable.Of($"the directory says {member.Name}, the local header {localName}"));
        }

        if (member.Encrypted || member.Method is not (Stored or Deflated))
        {
            var why = member.Encrypted ? "encrypted" : $"packed by method {member.Method}";
            file.Tally.Find("unreadable", Severity.Unusual, "member", Printable.Of($"{member.Name} is {why}"));
            return null;
        }

        var start = member.Offset + 30 + nameSize + extraSize;
        if (!opensMembers && member.Method == Stored && !IsPickleByName(member) && !IsScript(member)
            && file.Reader(start, Math.Min(1, member.PackedSize)).Peek() is not (PickleMark or ArrayMark))
        {
            return false;
        }

        var packed = file.Slice(start, member.PackedSize);
        using var content = member.Method == Stored ? packed : new UnfoldedStream(new DeflateStream(packed, CompressionMode.Decompress), file.Budget.Inflation);
        var input = new ByteReader(content);
        var stored = opensMembers && member is { Method: Stored, PackedSize: > 0 } ? file.Member(member.Name, start, member.PackedSize) : null;
        var numbers = !(opensMembers && NestedContents.TryRead(file, member.Name, input, member.Size, stored)) && ReadContent(file, member, input);
        if (content is UnfoldedStream { Problem: { } problem })
        {
            file.Tally.Find("unreadable", Severity.Unusual, "member", Printable.Of($"{member.Name}: {problem}"));
            return null;
        }

        return numbers;
    }

    private static bool IsPickleByName(ZipMember member) =>
        member.Name.EndsWith(".pkl", StringComparison.Ordinal) || member.Name.EndsWith(".pickle", StringComparison.Ordinal);

    /// <summary>Code of a TorchScript archive.</summary>
    private static bool IsScript(ZipMember member) =>
        member.Name.EndsWith(".py", StringComparison.Ordinal) && member.Name.Contains("code/", StringComparison.Ordinal);

    private static bool ReadContent(FileInHand file, ZipMember member, ByteReader input)
    {
        if (IsScript(member))
        {
            TorchScriptCode.Read(file.Tally, member.Name, input);
            return false;
        }

        if (IsPickleByName(member))
        {
            file.Scan.ReadAll(input, file.Tally);
        }
        else if (input.Peek() == ArrayMark)
        {
            return NumpyFormat.ReadArray(input, file) is { HoldsObjects: false, Exact: true };
        }
        else if (input.Peek() == PickleMark)
        {
            file.Scan.TryOne(input, file.Tally);
        }

        return false;
    }
}

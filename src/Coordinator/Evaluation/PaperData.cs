using System.Globalization;
using System.IO.Compression;
using System.Text;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.Learning;
using DynaHug.Shared;
using DynaHug.Shared.Static;
using DynaHug.Shared.Tracing;

namespace DynaHug.Coordinator.Evaluation;

/// <summary>
/// The paper's system-call counts as a folder of <c>{cluster}_{set}.csv.gz</c> files: repo name, label, then one column a system call. They
/// tell nothing of the format and structure of the files that were loaded.
/// </summary>
internal sealed class PaperData(string folder)
{
    private const int LongestFile = 512 << 20;

    /// <summary>The loads of a file, in its order; ids are <c>file#row</c>, because names repeat.</summary>
    /// <exception cref="UsageException">The file is missing or not what it should be.</exception>
    public IReadOnlyList<Load> Read(string name)
    {
        var path = Path.Combine(folder, $"{name}.csv.gz");
        if (!File.Exists(path))
        {
            throw new UsageException($"'{path}' is missing: give the folder with the paper's counts by --data");
        }

        try
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
            return [.. Parse(name, reader)];
        }
        catch (Exception wrong) when (wrong is InvalidDataException or FormatException or OverflowException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"'{path}' cannot be read as counts: {Printable.Of(wrong.Message, 160)}", wrong);
        }
    }

    /// <summary>The same, or nothing where the file is missing.</summary>
    public IReadOnlyList<Load> ReadIfThere(string name) => File.Exists(Path.Combine(folder, $"{name}.csv.gz")) ? Read(name) : [];

    private static IEnumerable<Load> Parse(string name, StreamReader reader)
    {
        const int columnsBeforeCalls = 2;
        var header = Cells(reader.ReadLine() ?? throw new InvalidDataException("the file is empty"));
        var numbers = header.Skip(columnsBeforeCalls)
            .Select(call => Syscalls.NumberOf(call) ?? throw new InvalidDataException($"'{Printable.Of(call, 40)}' is no system call"))
            .ToArray();
        var row = 0;
        var length = 0L;
        while (reader.ReadLine() is { } line)
        {
            length += line.Length;
            var cells = Cells(line);
            if (cells.Count != header.Count || length > LongestFile)
            {
                throw new InvalidDataException($"row {row} has {cells.Count} cells, the header has {header.Count}");
            }

            var counts = new Dictionary<int, long>();
            for (var call = 0; call < numbers.Length; call++)
            {
                var count = long.Parse(cells[call + columnsBeforeCalls], NumberStyles.None, CultureInfo.InvariantCulture);
                if (count > 0)
                {
                    counts[numbers[call]] = count;
                }
            }

            yield return new Load($"{name}#{row++:D5}", counts, "", new FileStructure(0));
        }
    }

    /// <summary>Cells of a line by RFC 4180; a cell holds no line break here.</summary>
    private static List<string> Cells(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var place = 0; place < line.Length; place++)
        {
            var letter = line[place];
            if (letter == '"' && quoted && place + 1 < line.Length && line[place + 1] == '"')
            {
                cell.Append(letter);
                place++;
            }
            else if (letter == '"')
            {
                quoted = !quoted;
            }
            else if (letter == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(letter);
            }
        }

        cells.Add(cell.ToString());
        return cells;
    }
}

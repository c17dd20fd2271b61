using System.Text;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Shared.Static.Formats;

/// <summary>
/// GGUF: typed metadata, then tensors. The one thing in it that anybody executes is the chat template, a Jinja text that careless
/// programs render outside a sandbox (CVE-2024-34359). Source: the format's description in ggml, versions 2 and 3.
/// </summary>
internal static class GgufFormat
{
    private const int Text = 8;
    private const int Array = 9;
    private const int KeptTemplate = 1 << 18;
    private const ulong MostEntries = 1_000_000;

    private static readonly int[] Widths = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];

    public static FormatReading Read(FileInHand file)
    {
        var input = file.Reader(4);
        if (!input.TryReadNumber(4, out var version) || version is not (2 or 3))
        {
            return FormatReading.Unsupported(FileFormat.Gguf, $"version {version} is not read; 2 and 3 are");
        }

        if (!input.TryReadNumber(8, out var tensors) || !input.TryReadNumber(8, out var pairs) || tensors > MostEntries || pairs > MostEntries)
        {
            return FormatReading.Corrupt(FileFormat.Gguf, "the header declares impossible counts");
        }

        for (var i = 0UL; i < pairs; i++)
        {
            file.Cancel.ThrowIfCancellationRequested();
            if (!TryReadText(input, 256, out var key) || !input.TryReadNumber(4, out var type) || !TryPassValue(input, key, (int)Math.Min(type, int.MaxValue), file))
            {
                return FormatReading.Corrupt(FileFormat.Gguf, $"metadata breaks off at byte {input.Position + 4}");
            }
        }

        for (var i = 0UL; i < tensors; i++)
        {
            if (!TryReadText(input, 256, out _) || !input.TryReadNumber(4, out var dimensions) || dimensions > 8 || !input.TrySkip(((long)dimensions * 8) + 12))
            {
                return FormatReading.Corrupt(FileFormat.Gguf, $"the list of tensors breaks off at byte {input.Position + 4}");
            }
        }

        return FormatReading.Inert(FileFormat.Gguf, "metadata and tensors; a chat template is text unless a program renders it");
    }

    private static bool TryPassValue(ByteReader input, string key, int type, FileInHand file)
    {
        if (type == Text)
        {
            var isTemplate = key.Contains("template", StringComparison.OrdinalIgnoreCase);
            if (!TryReadText(input, isTemplate ? KeptTemplate : 0, out var text))
            {
                return false;
            }

            if (isTemplate)
            {
                Templates.Read(key, text, file.Tally);
            }

            return true;
        }

        if (type != Array)
        {
            return type >= 0 && type < Widths.Length && input.TrySkip(Widths[type]);
        }

        if (!input.TryReadNumber(4, out var item) || !input.TryReadNumber(8, out var count) || count > long.MaxValue / 8)
        {
            return false;
        }

        if (item != Text)
        {
            // Arrays of arrays exist on paper only.
            return item < (ulong)Widths.Length && Widths[item] > 0 && input.TrySkip((long)count * Widths[item]);
        }

        for (var i = 0UL; i < count; i++)
        {
            if (!TryReadText(input, 0, out _))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryReadText(ByteReader input, int keep, out string text)
    {
        text = "";
        if (!input.TryReadNumber(8, out var length) || length > (ulong)(input.Remaining ?? 0))
        {
            return false;
        }

        var kept = input.ReadUpTo((int)Math.Min(length, (ulong)keep));
        text = Encoding.UTF8.GetString(kept);
        return input.TrySkip((long)length - kept.Length);
    }
}

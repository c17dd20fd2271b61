using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using DynaHug.Shared.Static.Code;
using DynaHug.Shared.Static.Pickles;

namespace DynaHug.Shared.Static.Formats;

/// <summary>
/// The configuration of a Keras model: layers by class name and module. Code gets in by a Lambda layer, which holds a marshalled code object in base64, and by
/// objects whose module is imported by name (CVE-2024-3660, CVE-2025-1550). Source: keras/saving/serialization_lib.py and keras/layers/core/lambda_layer.py.
/// </summary>
internal static class KerasConfiguration
{
    private const int MaxDepth = 128;
    private const int ShortestCode = 24;
    private const string CodeId = "lambda-code";
    private const string ForeignId = "foreign-object";
    private const string ReadId = "keras-configuration";

    private static readonly string[] Familiar = ["keras", "tf_keras", "tensorflow", "builtins", "keras_hub", "keras_nlp", "keras_cv"];

    public static bool IsOne(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("class_name", out _) && root.TryGetProperty("config", out _);

    public static FormatReading Read(JsonElement root, string format, PickleTally tally)
    {
        tally.Find(ReadId, Severity.Info, "", "a Keras configuration was read");
        Walk(root, MaxDepth, tally);
        return Outcome(format, tally);
    }

    /// <summary>What the findings of a configuration make of the file that it stands in.</summary>
    /// <param name="expected">Whether a file of this format has one.</param>
    public static FormatReading Outcome(string format, PickleTally tally, bool expected = false) =>
        expected && !tally.Findings.Any(finding => finding.Id is ReadId)
            ? FormatReading.Unsupported(format, "a Keras file without a configuration that could be read")
        : tally.Findings.Any(finding => finding.Id is CodeId)
            ? FormatReading.Unsupported(format, "a Keras model with a Lambda layer, whose code was read but not run: no Keras is in the sandbox")
        : tally.Findings.Any(finding => finding.Id is ForeignId)
            ? FormatReading.Unsupported(format, "a Keras model with objects of other modules, which were not run: no Keras is in the sandbox")
        : tally.Findings.Any(finding => finding.Id is "unreadable")
            ? FormatReading.Unsupported(format, "parts of the file could not be read")
        : FormatReading.Inert(format, "layers and weights of Keras; no code of its own");

    private static void Walk(JsonElement element, int depth, PickleTally tally)
    {
        if (depth == 0)
        {
            tally.Find("unreadable", Severity.Unusual, "keras", $"a configuration nested deeper than {MaxDepth}");
            return;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                NoteObject(element, tally);
                foreach (var property in element.EnumerateObject())
                {
                    Walk(property.Value, depth - 1, tally);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Walk(item, depth - 1, tally);
                }

                break;
            case JsonValueKind.String:
                NoteCode(JsonFormats.TextOf(element), tally);
                break;
        }
    }

    private static void NoteObject(JsonElement element, PickleTally tally)
    {
        var name = element.TryGetProperty("class_name", out var given) ? JsonFormats.TextOf(given) : "";
        if (name is "Lambda" or "__lambda__")
        {
            tally.Find(CodeId, Severity.Unusual, "lambda", "a Lambda layer: a function of the model's author");
        }

        var module = element.TryGetProperty("module", out var home) ? JsonFormats.TextOf(home) : "";
        var function = name == "function" && element.TryGetProperty("config", out var config) ? JsonFormats.TextOf(config) : name;
        if (module.Length == 0 || function.Length == 0)
        {
            return;
        }

        if (CallableRules.Of(module, function) == Callable.Dangerous)
        {
            tally.Find(ForeignId, Severity.Dangerous, module, Printable.Of($"a Keras configuration names {module}.{function}", 200));
        }
        else if (!Familiar.Contains(module.Split('.')[0]))
        {
            tally.Find(ForeignId, Severity.Unusual, module, Printable.Of($"an object of {module}.{function}", 200));
        }
    }

    /// <summary>A text that is a marshalled code object in base64, by its first byte: TYPE_CODE with or without the reference flag.</summary>
    private static void NoteCode(string text, PickleTally tally)
    {
        if (text.Length < ShortestCode || text[0] is not ('4' or 'Y'))
        {
            return;
        }

        var letters = System.Text.Encoding.ASCII.GetBytes(text.Where(letter => !char.IsWhiteSpace(letter)).ToArray());
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(letters.Length)];
        if (Base64.DecodeFromUtf8(letters, bytes, out _, out var count) is not (OperationStatus.Done or OperationStatus.InvalidData) || count == 0 || bytes[0] is not (0xe3 or 0x63))
        {
            return;
        }

        if (CodeWords.DangerIn(bytes.AsSpan(0, count)) is { } danger || CodeRunsText(bytes.AsSpan(0, count), out danger))
        {
            tally.Find(CodeId, Severity.Dangerous, "code", Printable.Of($"the code of a Lambda layer holds {danger}", 300));
        }
        else
        {
            tally.Find(CodeId, Severity.Unusual, "code", "a Lambda layer with code that names nothing of the system");
        }
    }

    /// <summary>A layer computes tensors: it has no use for files, imports or evaluated text.</summary>
    private static bool CodeRunsText(ReadOnlySpan<byte> code, out string danger)
    {
        foreach (var word in (ReadOnlySpan<string>)["__import__", "exec", "eval", "socket", "requests", "marshal", "ctypes", "builtins", "open", "environ"])
        {
            var at = code.IndexOf(System.Text.Encoding.ASCII.GetBytes(word));
            var ends = at + word.Length;
            if (at > 0 && !char.IsAsciiLetterOrDigit((char)code[at - 1]) && (ends == code.Length || !char.IsAsciiLetterOrDigit((char)code[ends])))
            {
                danger = word;
                return true;
            }
        }

        danger = "";
        return false;
    }
}

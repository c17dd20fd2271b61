using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DynaHug.LocalHub.Folders;

/// <summary>Reads the model card's front matter (YAML between two <c>---</c> lines) as far as a listing needs it. Works on parser events, so that nesting costs no stack.</summary>
internal static class FrontMatter
{
    private const int MaxChars = 64 << 10;

    /// <summary>The metadata that the card declares, or null without a readable card.</summary>
    public static RepoMetadata? Read(string readme)
    {
        try
        {
            return File.Exists(readme) && Block(readme) is { } yaml ? Parse(yaml) : null;
        }
        catch (Exception unreadable) when (unreadable is YamlException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Block(string readme)
    {
        using var reader = new StreamReader(readme);
        var buffer = new char[MaxChars];
        var text = new string(buffer, 0, reader.ReadBlock(buffer)).ReplaceLineEndings("\n");
        var end = text.IndexOf("\n---", StringComparison.Ordinal);
        return text.StartsWith("---\n", StringComparison.Ordinal) && end > 0 ? text[4..(end + 1)] : null;
    }

    private static RepoMetadata Parse(string yaml)
    {
        var metadata = new RepoMetadata();
        var parser = new Parser(new StringReader(yaml));
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _) || !parser.TryConsume<MappingStart>(out _))
        {
            return metadata;
        }

        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.TryConsume<Scalar>(out var name) ? name.Value : Skip(parser);
            metadata = key switch
            {
                "pipeline_tag" => metadata with { PipelineTag = Words(parser).FirstOrDefault() },
                "library_name" => metadata with { Library = Words(parser).FirstOrDefault() },
                "tags" => metadata with { Tags = [.. Words(parser)] },
                _ => Skip(parser) is null ? metadata : metadata,
            };
        }

        return metadata;
    }

    /// <summary>The scalars of a value: one, or those of a list.</summary>
    private static List<string> Words(Parser parser)
    {
        var words = new List<string>();
        if (parser.TryConsume<Scalar>(out var single))
        {
            words.Add(single.Value);
        }
        else if (parser.TryConsume<SequenceStart>(out _))
        {
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                if (parser.TryConsume<Scalar>(out var word))
                {
                    words.Add(word.Value);
                }
                else
                {
                    Skip(parser);
                }
            }
        }
        else
        {
            Skip(parser);
        }

        return words;
    }

    private static string? Skip(Parser parser)
    {
        parser.SkipThisAndNestedEvents();
        return null;
    }
}

namespace DynaHug.Shared.Static;

/// <summary>
/// Which files of a repo can hold a program, told by name only, because at that time there is nothing else.
/// <list type="bullet">
/// <item>Yes: names that loaders of models open, archives, Python sources (they run by <c>trust_remote_code</c>), and names without a
/// known meaning: an unknown extension is cheap to read and may hide anything. Files with chat templates.</item>
/// <item>No: names that only text readers, image, sound and table readers open. A pickle named <c>.json</c> runs only if somebody names it to a
/// loader by hand; <c>scan</c> on a folder reads contents and finds it all the same.</item>
/// </list>
/// What a candidate really is, <see cref="StaticReader"/> tells by content.
/// </summary>
public static class ModelFiles
{
    private static readonly HashSet<string> InertExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".md", ".rst", ".txt", ".json", ".jsonl", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".csv", ".tsv", ".parquet", ".arrow", ".xml", ".html",
        ".css", ".js", ".ts", ".pdf", ".tex", ".bib", ".ipynb", ".lock", ".log", ".merges", ".vocab", ".jinja", ".sha256", ".md5", ".sig", ".asc",
        ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".ico", ".tif", ".tiff", ".wav", ".mp3", ".flac", ".ogg", ".mp4", ".webm", ".avi",
        ".mov", ".ttf", ".otf", ".woff", ".woff2", ".c", ".h", ".cpp", ".cu", ".rs", ".go", ".java",
    };

    private static readonly HashSet<string> InertNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "README", "LICENSE", "LICENCE", "NOTICE", "COPYING", "AUTHORS", "CHANGELOG", "CONTRIBUTING", "CITATION", "Makefile", "Dockerfile",
        "USE_POLICY",
    };

    /// <summary>Texts that hold chat templates, which careless programs render without a sandbox.</summary>
    private static readonly HashSet<string> TemplateNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "tokenizer_config.json", "processor_config.json", "chat_template.json", "chat_template.jinja",
    };

    /// <param name="repoPath">Path within the repo, with <c>/</c>; hostile, any text is fine.</param>
    public static bool IsCandidate(string repoPath)
    {
        var name = repoPath[(repoPath.LastIndexOf('/') + 1)..];
        if (name.Length == 0 || IsOfGit(repoPath, name))
        {
            return false;
        }

        if (TemplateNames.Contains(name))
        {
            return true;
        }

        var dot = name.LastIndexOf('.');
        var extension = dot < 0 ? "" : name[dot..];
        var stem = dot < 0 ? name : name[..dot];
        return !InertExtensions.Contains(extension) && !(InertNames.Contains(name) || (extension.Length == 0 && InertNames.Contains(stem)));
    }

    private static bool IsOfGit(string repoPath, string name) =>
        name is ".gitattributes" or ".gitignore" or ".gitkeep" or ".gitmodules" || repoPath.StartsWith(".git/", StringComparison.Ordinal);
}

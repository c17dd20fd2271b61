using System.CommandLine;
using DynaHug.Worker.Sandbox;

namespace DynaHug.Coordinator.Cli;

/// <summary>Options that several commands share, with the same name and meaning in each.</summary>
internal static class CommonOptions
{
    public static Option<string> Data() => new("--data")
    {
        Description = "Folder for what is kept: journal, blobs, profiles, sandbox images.",
        DefaultValueFactory = _ => DefaultDataFolder(),
    };

    public static Option<string?> Blobs() => new("--blobs") { Description = "Folder of the blob store, shared by all nodes; the data folder's 'blobs' by default." };

    public static Option<string?> Report() => new("--report") { Description = "Folder for report.json and report.html; the data folder's 'reports' by default." };

    public static Option<int> Port() => new("--port") { Description = "Port of the dashboard on loopback; 0 takes any free one.", DefaultValueFactory = _ => 8080 };

    /// <summary>An option that takes an absolute address; anything else is a usage error.</summary>
    public static Option<Uri?> Address(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address))
            {
                return address;
            }

            result.AddError($"'{Shared.Printable.Of(result.Tokens[0].Value)}' is no address for {name}; expected http(s)://host[:port]");
            return null;
        },
    };

    public static SandboxOptions SandboxIn(string dataFolder) => new() { Folder = Path.Combine(Path.GetFullPath(dataFolder), "sandbox") };

    /// <summary><c>$XDG_DATA_HOME/dynahug</c>, by default <c>~/.local/share/dynahug</c> (XDG Base Directory Specification).</summary>
    private static string DefaultDataFolder() =>
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "dynahug");
}

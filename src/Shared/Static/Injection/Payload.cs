using System.Globalization;
using System.Text;

namespace DynaHug.Shared.Static.Injection;

/// <summary>Where a payload is put into a pickle.</summary>
public enum InjectionMode
{
    /// <summary>Its opcodes stand in front of the object's.</summary>
    Before,

    /// <summary>They stand behind them, just before the end of the stream.</summary>
    After,

    /// <summary>A call of <c>pickle.loads</c> on the payload's own pickle stands in front.</summary>
    Nested,

    /// <summary>The payload is a stream of its own in front of the host's; whoever reads one stream reads the payload.</summary>
    Stacked,
}

/// <summary>A call that a file makes when it is loaded: harmless, and with the fewest system calls that its kind of harm can do with.</summary>
/// <param name="Opcodes">Of protocol 0, which every later protocol reads; the call's result is dropped again.</param>
public sealed record Payload(string Name, ReadOnlyMemory<byte> Opcodes)
{
    /// <summary>One of each kind: files, output, folders, network, other processes, programs.</summary>
    public static IReadOnlyList<Payload> All { get; } =
    [
        Call("open-file", "io", "open", "/etc/hostname"),
        Call("print-line", "builtins", "print", "harmless"),
        Call("list-folder", "os", "listdir", "/etc"),
        Call("stat-file", "os", "stat", "/etc/passwd"),
        Call("make-folder", "os", "mkdir", "/tmp/.dynahug-injected"),
        Call("socket", "socket", "socket"),
        Call("signal", "os", "kill", 0, 0),
        Call("shell", "os", "system", "true"),
    ];

    /// <summary>What people and manifests call it in this place, for instance <c>open-file before</c>.</summary>
    public string In(InjectionMode mode) => $"{Name} {mode.ToString().ToLowerInvariant()}";

    private static Payload Call(string name, string module, string function, params object[] arguments)
    {
        var written = string.Concat(arguments.Select(argument => argument is int number ? string.Create(CultureInfo.InvariantCulture, $"I{number}\n") : $"V{argument}\n"));
        return new Payload(name, Encoding.ASCII.GetBytes($"c{module}\n{function}\n({written}tR0"));
    }
}

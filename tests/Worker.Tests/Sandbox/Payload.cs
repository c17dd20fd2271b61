using System.Globalization;
using System.Text;

namespace DynaHug.Worker.Tests.Sandbox;

/// <summary>Hand-assembled pickles (protocol 0). They are bytes here and are only ever loaded inside a sandbox.</summary>
internal static class Payload
{
    /// <summary><c>{'weights': [1.0, 2.0]}</c>.</summary>
    public static byte[] Benign => Encoding.ASCII.GetBytes("(dp0\nVweights\np1\n(lp2\nF1.0\naF2.0\nas.");

    /// <summary><c>posix.system(command)</c>.</summary>
    public static byte[] System(string command) => Encoding.ASCII.GetBytes($"cposix\nsystem\n(V{Escaped(command)}\ntR.");

    /// <summary><c>builtins.exec(code, {})</c>: globals of its own, which nested functions need.</summary>
    public static byte[] Python(string code) => Encoding.ASCII.GetBytes($"cbuiltins\nexec\n(V{Escaped(code)}\n(dtR.");

    /// <summary>What protocol 0 calls raw-unicode-escape: all but plain ASCII as \uXXXX.</summary>
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var character in text)
        {
            _ = character is >= ' ' and <= '~' and not '\\' ? escaped.Append(character) : escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
        }

        return escaped.ToString();
    }
}

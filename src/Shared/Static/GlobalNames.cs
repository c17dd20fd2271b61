using DynaHug.Shared.Static.Pickles;

namespace DynaHug.Shared.Static;

/// <summary>What the names in pickles say, for whoever learns of them otherwise than by reading: the loader in the sandbox.</summary>
public static class GlobalNames
{
    /// <summary>Whether a global runs programs or text, opens files or the network, or reaches into the interpreter.</summary>
    public static bool IsDangerous(string module, string name) => CallableRules.Of(module, name) == Callable.Dangerous;
}

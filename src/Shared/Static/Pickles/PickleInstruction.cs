namespace DynaHug.Shared.Static.Pickles;

/// <summary>One opcode with its argument.</summary>
/// <param name="Code">The opcode byte.</param>
/// <param name="Offset">Where it starts, in bytes from the start of the input.</param>
/// <param name="Number">Integer argument, memo index, or length of what it carries; the saturated value where it is bigger than 64 bits.</param>
/// <param name="Text">Text argument or module name, cut at <see cref="PickleReader.KeptText"/> characters.</param>
/// <param name="Name">Name within the module (GLOBAL, INST).</param>
/// <param name="Data">Start of a bytes argument.</param>
internal readonly record struct PickleInstruction(byte Code, long Offset, long Number = 0, string? Text = null, string? Name = null, byte[]? Data = null)
{
    public string OpcodeName => PickleOpcodes.NameOf(Code)!;
}

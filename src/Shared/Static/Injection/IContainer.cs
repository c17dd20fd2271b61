namespace DynaHug.Shared.Static.Injection;

/// <summary>One kind of file that others lie in. Written anew, it keeps order, names and kind of packing of what it holds: a load of it is to differ by the payload alone.</summary>
internal interface IContainer
{
    /// <param name="file">The whole file.</param>
    bool Holds(ReadOnlySpan<byte> file);

    /// <returns>The file with the payload in one of its contents, or null where none takes it. May throw whatever a reader of broken bytes throws.</returns>
    byte[]? Injected(byte[] file, Injection injection);
}

using CsCheck;
using DynaHug.Coordinator.Blobs;

namespace DynaHug.Coordinator.Tests.Blobs;

public sealed class HoledFileSpecs : IDisposable
{
    private const int Block = 4096;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dynahug-holes-");
    private int files;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Any_file_comes_back_as_it_was() =>
        await Gen.Select(Gen.Int[0, 40 * Block], Gen.Select(Gen.Int[0, 40 * Block], Gen.Byte.Array[0, 3 * Block]).Array[0, 4]).SampleAsync(
            async (length, parts) =>
            {
                var (holed, again) = (Place(), Place());
                await using (var file = File.Create(holed))
                {
                    file.SetLength(length);
                    foreach (var (offset, bytes) in parts)
                    {
                        file.Position = offset;
                        await file.WriteAsync(bytes, Cancel);
                    }
                }

                using var packed = new MemoryStream();
                await PackAsync(holed, packed);
                await HoledFile.UnpackAsync(packed, again, Cancel);
                var (wanted, found) = (await File.ReadAllBytesAsync(holed, Cancel), await File.ReadAllBytesAsync(again, Cancel));
                found.AsSpan().SequenceEqual(wanted).ShouldBeTrue();
            },
            iter: 100,
            threads: 1);

    [Fact]
    public async Task Holes_take_no_room()
    {
        var holed = Place();
        await using (var file = File.Create(holed))
        {
            file.SetLength(1L << 30);
            file.Position = 1 << 29;
            await file.WriteAsync("data"u8.ToArray(), Cancel);
        }

        using var packed = new MemoryStream();
        await PackAsync(holed, packed);

        packed.Length.ShouldBeLessThan(1 << 17);
    }

    [Fact]
    public async Task Damaged_bytes_are_refused() =>
        await Gen.Byte.Array[0, 60].SampleAsync(
            async bytes =>
            {
                using var packed = new MemoryStream(bytes);
                try
                {
                    (await HoledFile.UnpackAsync(packed, Place(), Cancel)).ShouldBeGreaterThanOrEqualTo(0);
                    packed.Position.ShouldBe(packed.Length);
                }
                catch (InvalidDataException)
                {
                    // Said so.
                }
            },
            iter: 2000,
            threads: 1);

    private static async Task PackAsync(string holed, MemoryStream packed)
    {
        using var file = File.OpenHandle(holed);
        await HoledFile.PackAsync(file, packed, Cancel);
        packed.Position = 0;
    }

    private string Place() => Path.Combine(folder.FullName, $"{Interlocked.Increment(ref files)}");
}

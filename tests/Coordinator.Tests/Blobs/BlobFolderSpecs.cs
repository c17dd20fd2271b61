using DynaHug.Shared.Artifacts;

namespace DynaHug.Coordinator.Tests.Blobs;

public sealed class BlobFolderSpecs : BlobStoreSpecs, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dynahug-blobs-");
    private readonly BlobFolder blobs;
    private readonly BlobFolder elsewhere;

    public BlobFolderSpecs() => (blobs, elsewhere) = (new BlobFolder(Root), new BlobFolder(Root));

    protected override BlobStore Store => blobs;

    protected override BlobStore Elsewhere => elsewhere;

    private string Root => Path.Combine(folder.FullName, "blobs");

    public void Dispose() => folder.Delete(recursive: true);

    protected override void Age(BlobKey key, DateTime writtenAt) => File.SetLastWriteTimeUtc(blobs.PathOf(key), writtenAt);

    protected override Task GoneAsync()
    {
        Directory.Move(Root, $"{Root}-away");
        return Task.CompletedTask;
    }

    protected override Task BackAsync()
    {
        Directory.Move($"{Root}-away", Root);
        return Task.CompletedTask;
    }
}

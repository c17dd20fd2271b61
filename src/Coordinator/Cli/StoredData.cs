using System.CommandLine;
using System.CommandLine.Parsing;
using DynaHug.Coordinator.Hosting;
using DynaHug.Coordinator.ReadModel;

namespace DynaHug.Coordinator.Cli;

/// <summary>Where commands that only read find what nodes have stored: in a data folder, or in the database and the blob store of a cluster.</summary>
internal sealed class StoredData
{
    private readonly Option<string> folder = CommonOptions.Data();
    private readonly BlobOptions blobs = new();
    private readonly DatabaseOptions database = new();

    public void AddTo(Command command)
    {
        command.Add(folder);
        database.AddTo(command);
        blobs.AddTo(command);
    }

    public NodeOptions Read(ParseResult parsed) =>
        new()
        {
            DataFolder = Path.GetFullPath(parsed.GetRequiredValue(folder)),
            Database = database.Read(parsed),
            SharedBlobs = blobs.Folder(parsed),
            Bucket = blobs.Bucket(parsed),
            BlobCacheBytes = blobs.CacheBytes(parsed),
        };

    /// <exception cref="UsageException">No node has worked there, or one of another version.</exception>
    public static ReadModelQueries Open(NodeOptions options)
    {
        Require(options);
        var database = new ReadModelDatabase(options.ReadModel);
        new ReadModelSchema(database).RequireCurrent();
        return new ReadModelQueries(database);
    }

    /// <exception cref="UsageException">No node has worked there.</exception>
    public static void Require(NodeOptions options)
    {
        if (options.Database is null && !File.Exists(options.ReadModelFile))
        {
            throw new UsageException($"no node has worked in '{options.DataFolder}' yet; name its data folder with --data, or the database of a cluster with --db where the command takes it");
        }
    }
}

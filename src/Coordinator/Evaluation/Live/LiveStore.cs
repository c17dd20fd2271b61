using System.Text.Json;
using DynaHug.Coordinator.Hosting;
using DynaHug.Shared;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Evaluation.Live;

/// <summary>Recorded loads in a file that grows: a study that is stopped goes on, and one that is repeated loads nothing again. Safe for several threads.</summary>
internal sealed class LiveStore
{
    private readonly string path;
    private readonly Lock writing = new();
    private readonly HashSet<(string Id, string Environment)> known = [];
    private readonly List<LiveLoad> loads = [];

    /// <exception cref="UsageException">A line is none of ours.</exception>
    public LiveStore(string path)
    {
        this.path = path;
        foreach (var (line, text) in File.Exists(path) ? File.ReadLines(path).Index() : [])
        {
            try
            {
                Keep(JsonSerializer.Deserialize<LiveLoad>(text, Json.Options)!);
            }
            catch (JsonException wrong)
            {
                throw new UsageException($"line {line + 1} of '{path}' is no recorded load ({Printable.Of(wrong.Message, 120)}): remove it", wrong);
            }
        }
    }

    public IReadOnlyList<LiveLoad> Loads
    {
        get
        {
            lock (writing)
            {
                return [.. loads];
            }
        }
    }

    public bool Has(string id, string environment)
    {
        lock (writing)
        {
            return known.Contains((id, environment));
        }
    }

    public void Add(LiveLoad load)
    {
        lock (writing)
        {
            if (Keep(load))
            {
                File.AppendAllText(path, JsonSerializer.Serialize(load, Json.Options) + "\n");
            }
        }
    }

    private bool Keep(LiveLoad load)
    {
        if (!known.Add((load.Id, load.Environment)))
        {
            return false;
        }

        loads.Add(load);
        return true;
    }
}

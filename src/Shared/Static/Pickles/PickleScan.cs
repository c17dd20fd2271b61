using DynaHug.Shared.Static.Reading;

namespace DynaHug.Shared.Static.Pickles;

/// <summary>What one run over a pickle stream came to.</summary>
/// <param name="Stopped">Whether it reached STOP.</param>
/// <param name="Problem">Why it broke off; empty where it did not.</param>
/// <param name="Fault">What a real unpickler would have refused first; null where nothing.</param>
/// <param name="Opcodes">Opcodes read.</param>
/// <param name="Calls">Calls made up to there.</param>
/// <param name="Result">What STOP gave.</param>
internal sealed record PickleRun(bool Stopped, string Problem, string? Fault, long Opcodes, int Calls, PickleValue? Result)
{
    /// <summary>
    /// Whether these bytes are a pickle rather than noise that happens to start like one: a whole stream that an unpickler takes, or a broken one that
    /// has called something by then, which is all an attack needs.
    /// </summary>
    public bool Plausible => Fault is null && ((Stopped && Opcodes > 1) || Calls > 0);
}

/// <summary>What may still be spent on one file; shared by all streams, members and attempts, so that time stays linear in the file.</summary>
internal sealed class ReadingBudget(StaticOptions options)
{
    public long Opcodes { get; set; } = options.MaxOpcodes;

    public InflationBudget Inflation { get; } = new(options.MaxInflatedBytes);
}

/// <summary>
/// Reads all pickles of one input: stacked ones, ones behind a broken stream or a gap, and ones inside of ones. Never executes anything.
/// </summary>
internal sealed class PickleScan(StaticOptions options, ReadingBudget budget, CancellationToken cancel)
{
    private const int Attempts = 64;
    private const int OpcodesBetweenChecks = 0xffff;

    /// <summary>Reads one stream from where the input stands. Findings and counts go to the tally.</summary>
    public PickleRun ReadOne(ByteReader input, PickleTally tally, int depth = 0)
    {
        var reader = new PickleReader(input);
        var machine = new PickleMachine(tally);
        var (before, callsBefore) = (tally.Opcodes, tally.Calls);
        while (true)
        {
            if (budget.Opcodes <= 0)
            {
                tally.Find("unreadable", Severity.Unusual, "opcodes", $"more than {options.MaxOpcodes} opcodes; what follows byte {reader.Position} was not read");
                return Ended(stopped: false, "the opcode budget is used up");
            }

            if ((budget.Opcodes & OpcodesBetweenChecks) == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }

            if (!reader.TryRead(out var step))
            {
                return Ended(stopped: false, reader.Problem!);
            }

            budget.Opcodes--;
            tally.Count(step.Code);
            if (step.Code == '.')
            {
                return Ended(stopped: true, "");
            }

            machine.Step(step);
            if (machine.LastBuilt is { } built && JoblibArray.Of(built) is { } array)
            {
                PassArray(input, array, tally, depth);
            }
            else if (machine.TakeNested() is { } inner && depth < options.MaxNesting)
            {
                ReadNested(inner, tally, depth + 1);
            }
        }

        PickleRun Ended(bool stopped, string problem) =>
            new(stopped, problem, machine.Fault, tally.Opcodes - before, tally.Calls - callsBefore, stopped ? machine.Result() : null);
    }

    /// <summary>Reads a stream that may be none: what it gave is kept only where it is plausible.</summary>
    public PickleRun TryOne(ByteReader input, PickleTally tally, int depth = 0)
    {
        var attempt = new PickleTally(options);
        var run = ReadOne(input, attempt, depth);
        if (run.Plausible)
        {
            attempt.Pickles++;
            tally.Add(attempt);
        }

        return run;
    }

    /// <summary>Reads the stream that an input starts with, known to be meant as a pickle, and everything behind it.</summary>
    public PickleRun ReadAll(ByteReader input, PickleTally tally)
    {
        tally.Pickles++;
        var run = ReadOne(input, tally);
        if (!run.Stopped)
        {
            tally.Find("broken-stream", Severity.Unusual, "", run.Problem);
        }
        else if (run.Fault is not null)
        {
            tally.Find("broken-stream", Severity.Unusual, "", $"an unpickler would stop early: {run.Fault}");
        }

        ReadRest(input, run.Stopped, tally);
        return run;
    }

    /// <summary>Looks for more pickles behind the end of one, or behind the place where it broke.</summary>
    public void ReadRest(ByteReader input, bool stopped, PickleTally tally)
    {
        var attempts = Attempts;
        while (!input.AtEnd && budget.Opcodes > 0 && attempts-- > 0)
        {
            var start = input.Position;
            var window = input.ReadUpTo(options.MaxSearchBytes);
            if (FindPickle(input, start, window, stopped, tally, ref attempts) is not { } found)
            {
                if (stopped)
                {
                    tally.Find("data-after-end", Severity.Unusual, "", $"{Size(input, start, window)} bytes follow the end of the pickle at byte {start}");
                }

                return;
            }

            tally.Find("several-streams", Severity.Unusual, "", $"another pickle starts at byte {found.Start}");
            stopped = found.Run.Stopped;
            input = found.Source;
        }
    }

    private (long Start, PickleRun Run, ByteReader Source)? FindPickle(ByteReader input, long start, byte[] window, bool stopped, PickleTally tally, ref int attempts)
    {
        for (var at = 0; at < window.Length; at++)
        {
            // Only right behind a STOP can a pickle without a protocol mark be meant; elsewhere the mark must be there.
            var worthTrying = (at == 0 && stopped) || (window[at] == 0x80 && at + 2 < window.Length && window[at + 1] <= 5);
            if (!worthTrying)
            {
                continue;
            }

            if (attempts-- <= 0)
            {
                return null;
            }

            var source = input;
            if (input.CanSeek)
            {
                input.Seek(start + at);
            }
            else
            {
                source = ByteReader.Of(window[at..]);
            }

            var run = TryOne(source, tally);
            if (run.Plausible)
            {
                return (start + at, run, source);
            }
        }

        return null;
    }

    private void ReadNested(byte[] inner, PickleTally tally, int depth)
    {
        var input = ByteReader.Of(inner);
        while (!input.AtEnd && TryOne(input, tally, depth) is { Stopped: true, Plausible: true })
        {
            // The legacy torch format is several streams in a row.
        }
    }

    private void PassArray(ByteReader input, JoblibArray array, PickleTally tally, int depth)
    {
        if (array.HoldsObjects)
        {
            if (depth < options.MaxNesting)
            {
                TryOne(input, tally, depth + 1);
            }

            return;
        }

        var padding = array.Padded ? Math.Max(0, input.ReadByte()) : 0;
        input.TrySkip(padding);
        input.TrySkip(array.Bytes);
    }

    private static string Size(ByteReader input, long start, byte[] window) =>
        input.CanSeek ? $"{input.Position + input.Remaining!.Value - start}" : input.AtEnd ? $"{window.Length}" : $"over {window.Length}";
}

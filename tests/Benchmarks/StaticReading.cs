using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using DynaHug.Shared.Static;
using DynaHug.Shared.Static.Pickles;
using DynaHug.Shared.Static.Reading;

namespace DynaHug.Benchmarks;

/// <summary>
/// Static reading of a pickle of about a million opcodes: all of it, its opcode reader alone, and what CPython's <c>pickletools.genops</c> takes for the
/// opcodes alone, as a process of its own. Ratios are within one run; absolute times belong to the machine.
/// </summary>
[SimpleJob(RunStrategy.Monitoring, warmupCount: 1, iterationCount: 5)]
[MemoryDiagnoser(displayGenColumns: false)]
public class StaticReading
{
    private const string Python = "/usr/bin/python3";
    private const string Write = "import pickle,sys; pickle.dump({f'key{i}': [i, float(i), (i,)] for i in range(80000)}, open(sys.argv[1], 'wb'), 4)";
    private const string Genops = "import pickletools,sys; print(sum(1 for _ in pickletools.genops(open(sys.argv[1], 'rb'))))";

    private string file = "";

    [GlobalSetup]
    public void WriteFile()
    {
        file = Path.Combine(Path.GetTempPath(), $"dynahug-benchmark-{Guid.NewGuid():n}.pkl");
        RunPython(Write);
    }

    [GlobalCleanup]
    public void DeleteFile() => File.Delete(file);

    [Benchmark(Baseline = true, Description = "pickletools.genops, whole process")]
    public int Alternative() => RunPython(Genops);

    [Benchmark(Description = "static reading, whole")]
    public int Whole() => StaticReader.Read(file, "model.pkl", new StaticOptions(), CancellationToken.None).Structure.Opcodes;

    [Benchmark(Description = "opcodes without the symbolic machine")]
    public int OpcodesOnly()
    {
        using var stream = File.OpenRead(file);
        var reader = new PickleReader(new ByteReader(stream));
        var count = 0;
        while (reader.TryRead(out var step))
        {
            count++;
            if (step.Code == '.')
            {
                break;
            }
        }

        return count;
    }

    private int RunPython(string program)
    {
        var start = new ProcessStartInfo(Python, ["-c", program, file]) { RedirectStandardOutput = true };
        using var python = Process.Start(start) ?? throw new InvalidOperationException($"{Python} did not start; install python3");
        var output = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        return int.TryParse(output, out var count) ? count : 0;
    }
}

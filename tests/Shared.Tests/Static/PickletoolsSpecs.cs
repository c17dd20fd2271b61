using System.Diagnostics;
using System.Globalization;
using DynaHug.Shared.Static;
using static DynaHug.Shared.Tests.Static.Bytes;

namespace DynaHug.Shared.Tests.Static;

/// <summary>
/// Real files of the real libraries, written here and read by CPython's <c>pickletools.genops</c> (which executes nothing) and by us: the same
/// opcodes at the same places with the same numbers, and nothing dangerous in any of them.
/// </summary>
public sealed class PickletoolsSpecs
{
    private const string Python = "/usr/bin/python3";

    private const string Script = """
        import collections, datetime, io, pathlib, pickle, pickletools, sys, zipfile
        import cloudpickle, dill, joblib, numpy, pandas, torch
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline

        out = pathlib.Path(sys.argv[1])

        def ops(name, data):
            (out / f"{name}.pkl").write_bytes(data)
            with open(out / f"{name}.ops", "w") as lines:
                for opcode, argument, position in pickletools.genops(data):
                    number = argument if isinstance(argument, int) and abs(argument) < 2**63 else ""
                    lines.write(f"{position} {opcode.name} {int(number) if number != '' else ''}\n")

        values = {
            "plain": [1, -1, 2**40, 2**70, 1.5, "ä\n\\", b"\x00\xff" * 300, bytearray(b"x"), None, True, (1,), {"a": {2, 3}}, frozenset([4]), complex(1, 2)],
            "objects": [datetime.datetime(2020, 1, 2), pathlib.PosixPath("a/b"), collections.OrderedDict(a=1), collections.Counter("abc"), range(3), slice(1)],
            "arrays": {"w": numpy.arange(400, dtype="float32"), "o": numpy.array(["a", None], dtype=object), "s": numpy.array(["ab", "c"])},
            "frame": pandas.DataFrame({"a": [1.5, 2], "b": ["x", "y"], "c": pandas.to_datetime(["2020-01-01", "2021-01-01"])}),
            "pipeline": make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(["a bb", "cc dd", "bb cc"], [0, 1, 0]),
            "forest": RandomForestClassifier(3).fit(numpy.eye(4), [0, 1, 0, 1]),
            "tensor": torch.nn.Linear(3, 2).state_dict(),
        }
        for name, value in values.items():
            for protocol in range(6):
                ops(f"{name}-{protocol}", pickle.dumps(value, protocol))
        scale = 3
        ops("dill", dill.dumps([values["forest"], lambda x: x * scale]))
        ops("cloudpickle", cloudpickle.dumps([values["pipeline"], lambda x: x * scale]))
        whole = torch.nn.Sequential(torch.nn.Embedding(9, 4), torch.nn.TransformerEncoderLayer(4, 2, 8))
        buffer = io.BytesIO()
        torch.save({"model": whole.state_dict(), "optimizer": torch.optim.AdamW(whole.parameters()).state_dict()}, buffer)
        (out / "checkpoint.file").write_bytes(buffer.getvalue())
        ops("zip", next(zipfile.ZipFile(buffer).read(n) for n in zipfile.ZipFile(buffer).namelist() if n.endswith("data.pkl")))
        torch.save(whole, out / "module.file")
        torch.save(whole, out / "legacy.file", _use_new_zipfile_serialization=False)
        torch.jit.save(torch.jit.script(torch.nn.Sequential(torch.nn.Linear(2, 2))), str(out / "script.file"))
        for method in (None, "zlib", "gzip"):
            joblib.dump([values["forest"], values["arrays"], values["frame"]], out / f"joblib-{method}.file", compress=(method, 3) if method else 0)
        numpy.savez(out / "arrays.npz", **{"w": values["arrays"]["w"]})
        """;

    [Fact]
    [Trait("kind", "python")]
    public async Task Agrees_with_pickletools_on_files_of_the_real_libraries_and_finds_nothing_dangerous()
    {
        Assert.SkipUnless(File.Exists(Python), $"{Python} is not installed");
        var folder = Directory.CreateTempSubdirectory("dynahug-pickletools-");
        try
        {
            var problem = await WriteAsync(folder.FullName);
            Assert.SkipUnless(!problem.Contains("ModuleNotFoundError"), $"a Python library is missing: {problem}");
            problem.ShouldBeEmpty();
            var listings = Directory.GetFiles(folder.FullName, "*.ops");
            listings.Length.ShouldBe(45);
            foreach (var listing in listings)
            {
                Compare(listing);
            }

            foreach (var file in Directory.GetFiles(folder.FullName).Where(file => !file.EndsWith(".ops", StringComparison.Ordinal)))
            {
                var report = StaticReader.Read(file, Path.GetFileName(file), new StaticOptions(), TestContext.Current.CancellationToken);
                report.Findings.ShouldNotContain(finding => finding.Severity == Severity.Dangerous, Path.GetFileName(file));
                report.Findings.ShouldNotContain(finding => finding.Id != "unusual-callable", Path.GetFileName(file));
                report.Format.ShouldNotBe(FileFormat.Unknown, Path.GetFileName(file));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Compare(string listing)
    {
        var expected = File.ReadLines(listing).ToList();
        var steps = Instructions(File.ReadAllBytes(Path.ChangeExtension(listing, ".pkl")));
        steps.Count.ShouldBe(expected.Count, listing);
        for (var i = 0; i < expected.Count; i++)
        {
            var parts = expected[i].Split(' ');
            $"{steps[i].Offset} {steps[i].OpcodeName}".ShouldBe($"{parts[0]} {parts[1]}", listing);
            if (parts[2].Length > 0)
            {
                steps[i].Number.ShouldBe(long.Parse(parts[2], CultureInfo.InvariantCulture), $"{listing}: {expected[i]}");
            }
        }
    }

    /// <returns>What Python had to complain about.</returns>
    private static async Task<string> WriteAsync(string folder)
    {
        var script = Path.Combine(folder, "write.py");
        await File.WriteAllTextAsync(script, Script);
        var start = new ProcessStartInfo(Python, ["-W", "ignore", script, folder]) { RedirectStandardError = true };
        using var python = Process.Start(start)!;
        var problem = await python.StandardError.ReadToEndAsync();
        await python.WaitForExitAsync();
        File.Delete(script);
        return python.ExitCode == 0 ? "" : problem;
    }
}

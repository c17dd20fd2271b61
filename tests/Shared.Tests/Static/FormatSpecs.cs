using System.IO.Compression;
using System.Text;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using static DynaHug.Shared.Tests.Static.Bytes;

namespace DynaHug.Shared.Tests.Static;

public sealed class FormatSpecs
{
    private static readonly byte[] Nothing = Of(0x80, 4, "N.");
    private static readonly string Numbers = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }\n";

    internal static byte[] Tar(params (string Name, byte[] Content)[] members)
    {
        using var buffer = new MemoryStream();
        using (var tar = new System.Formats.Tar.TarWriter(buffer, System.Formats.Tar.TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (name, content) in members)
            {
                tar.WriteEntry(new System.Formats.Tar.UstarTarEntry(System.Formats.Tar.TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }

        return buffer.ToArray();
    }

    internal static byte[] Gzip(byte[] content)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return buffer.ToArray();
    }

    private static byte[] Array(string header, int bytes) => Of(0x93, "NUMPY", 1, 0, header.Length, 0, header, new byte[bytes]);

    private static byte[] Safetensors(string header, int bytes) => [.. Int64((ulong)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[bytes]];

    /// <summary>A superblock of version 0 that says where the file ends, and some content.</summary>
    internal static byte[] Hdf5(string content) =>
        Of(0x89, "HDF\r\n", 0x1a, "\n", 0, 0, 0, 0, 0, 8, 8, 0, new byte[24], Int64((ulong)(96 + content.Length)), new byte[48], content);

    private static byte[] Legacy(byte[] tail) =>
        Of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, ".", 0x80, 2, "M", 0xe9, 3, ".", 0x80, 2, "}.", 0x80, 2, Text("s"), "Q.", 0x80, 2, "]", Text("s"), "a.", tail);

    public static TheoryData<string, byte[], string, Outcome?> Kinds => new()
    {
        { "torch zip", Zip(("m/data.pkl", Nothing), ("m/data/0", new byte[8])), FileFormat.TorchZip, null },
        { "TorchScript", Zip(("m/data.pkl", Nothing), ("m/constants.pkl", Nothing), ("m/code/a.py", Of("a"))), FileFormat.TorchScript, null },
        { "torch legacy", Legacy([.. Int64(1), 0, 0, 0, 0]), FileFormat.TorchLegacy, null },
        { "torch tar", Tar(("sys_info", Nothing), ("pickle", Nothing), ("storages", new byte[4])), FileFormat.TorchTar, null },
        { "pickle", Nothing, FileFormat.Pickle, null },
        { "pickle of protocol 0", Of("(dp0\nS'a'\nI1\ns."), FileFormat.Pickle, null },
        { "pickle cut short", Of(0x80, 4, 0x95), FileFormat.Pickle, null },
        { "joblib", Of(0x80, 3, "cjoblib.numpy_pickle\nNumpyArrayWrapper\n)", 0x81, "."), FileFormat.Joblib, null },
        { "compressed joblib", Gzip(Nothing), FileFormat.Joblib, null },
        { "gzip", Gzip(Of("plain text, and nothing else")), FileFormat.Gzip, null },
        { "tar.gz", Gzip(Tar(("a/model.pkl", Nothing))), FileFormat.Gzip, null },
        { "tar", Tar(("a/model.pkl", Nothing)), FileFormat.Tar, null },
        { "bzip2", Of("BZh91AY"), FileFormat.Bzip2, null },
        { "xz", Of(0xfd, "7zXZ", 0, 0, 0), FileFormat.Xz, null },
        { "7z", Of(0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0), FileFormat.SevenZip, null },
        { "lz4", Of(0x04, 0x22, 0x4d, 0x18, 0), FileFormat.Joblib, null },
        { "numbers", Array(Numbers, 24), FileFormat.Numpy, Outcome.NothingToExecute },
        { "numbers and more", Array(Numbers, 25), FileFormat.Numpy, null },
        { "objects", [.. Array("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n", 0), .. Nothing], FileFormat.Numpy, null },
        { "npz of numbers", Zip(("a.npy", Array(Numbers, 24))), FileFormat.NumpyZip, Outcome.NothingToExecute },
        { "npz of objects", Zip(("a.npy", [.. Array("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n", 0), .. Nothing])), FileFormat.NumpyZip, null },
        { "safetensors", Safetensors("""{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8), FileFormat.Safetensors, Outcome.NothingToExecute },
        { "safetensors with a tail", Safetensors("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9), FileFormat.Safetensors, Outcome.Corrupt },
        { "safetensors with a gap", Safetensors("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8), FileFormat.Safetensors, Outcome.Corrupt },
        { "safetensors of a broken header", Safetensors("""{"a":{"dtype""", 8), FileFormat.Safetensors, Outcome.Corrupt },
        { "safetensors whose length starts as a pickle", Safetensors("{" + new string(' ', 638) + "}", 0), FileFormat.Safetensors, Outcome.NothingToExecute },
        { "safetensors with a zip behind", [.. Safetensors("{}        ", 0), .. Zip(("m/data.pkl", Nothing))], FileFormat.TorchZip, null },
        { "GGUF", Of("GGUF", Int32(3), Int64(0), Int64(1), Int64(1), "a", Int32(8), Int64(2), "hi"), FileFormat.Gguf, Outcome.NothingToExecute },
        { "GGUF cut short", Of("GGUF", Int32(3), Int64(0), Int64(1), Int64(1), "a", Int32(8), Int64(9), "hi"), FileFormat.Gguf, Outcome.Corrupt },
        { "ONNX", Of(0x08, 8, 0x3a, 2, 0x0a, 0, 0x42, 2, 0x10, 1), FileFormat.Onnx, Outcome.NothingToExecute },
        { "ONNX with operators of others", Of(0x08, 8, 0x3a, 2, 0x0a, 0, 0x42, 6, 0x0a, 4, "acme"), FileFormat.Onnx, Outcome.Unsupported },
        { "ONNX with external data", Of(0x08, 8, 0x3a, 19, 0x2a, 17, 0x6a, 15, 0x0a, 8, "location", 0x12, 3, "w.b"), FileFormat.Onnx, Outcome.NothingToExecute },
        { "SentencePiece", Of(0x0a, 3, 0x0a, 1, "a", 0x0a, 3, 0x0a, 1, "b", 0x0a, 3, 0x0a, 1, "c", 0x12, 0), FileFormat.Sentencepiece, Outcome.NothingToExecute },
        { "HDF5", Hdf5("weights"), FileFormat.Hdf5, Outcome.NothingToExecute },
        { "HDF5 cut short", Hdf5("weights")[..^1], FileFormat.Hdf5, Outcome.Corrupt },
        { "HDF5 of PyTables", Hdf5("PYTABLES_FORMAT_VERSION"), FileFormat.Hdf5, Outcome.Unsupported },
        { "Keras without a configuration", Zip(("config.json", Of("{}")), ("metadata.json", Of("{}")), ("model.weights.h5", Of("x"))), FileFormat.Keras, Outcome.Unsupported },
        { "Keras", Zip(("config.json", Of("""{"class_name": "Sequential", "config": {"layers": []}}""")), ("metadata.json", Of("{}")), ("model.weights.h5", Hdf5("w"))), FileFormat.Keras, Outcome.NothingToExecute },
        { "plain zip", Zip(("a/pytorch_model.bin", Nothing)), FileFormat.Zip, null },
        { "zip cut short", Zip(("a", new byte[100]))[..80], FileFormat.Zip, Outcome.Corrupt },
        { "Python", Of("import os\nprint(os.sep)\n"), FileFormat.Python, Outcome.Unsupported },
        { "script", Of("#!/bin/sh\nid\n"), FileFormat.Text, Outcome.Unsupported },
        { "YAML that names objects", Of("a: !!python/object:acme.Config {}\n"), FileFormat.Text, Outcome.Unsupported },
        { "pointer of git-lfs", Of("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"), FileFormat.Text, Outcome.Unsupported },
        { "JSON", Of("""{"a": [1, 2]}"""), FileFormat.Text, Outcome.NothingToExecute },
        { "words", Of("the quick brown fox\n"), FileFormat.Text, Outcome.NothingToExecute },
        { "noise", Of(0xde, 0xad, 0, 1, 2, 3), FileFormat.Unknown, Outcome.Unsupported },
        { "nothing", [], FileFormat.Unknown, Outcome.Corrupt },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Tells_the_format_by_content_and_whether_it_has_to_run(string kind, byte[] content, string format, Outcome? outcome)
    {
        var report = Read(content);
        report.Format.ShouldBe(format, kind);
        report.Outcome.ShouldBe(outcome, kind);
        (report.Reason.Length > 0).ShouldBe(outcome is not null, kind);
        report.Structure.Bytes.ShouldBe(content.Length);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Says_nothing_dangerous_of_harmless_files(string kind, byte[] content, string format, Outcome? outcome) =>
        Read(content).Findings.ShouldNotContain(finding => finding.Severity == Severity.Dangerous, $"{kind} {format} {outcome}");

    [Fact]
    public void A_name_never_makes_a_pickle_harmless() => Read(Nothing, "model.safetensors").Outcome.ShouldBeNull();

    [Fact]
    public void Noise_by_the_name_of_a_known_format_is_corrupt() => Read(Of(0xde, 0xad, 0, 1), "model.pkl").Outcome.ShouldBe(Outcome.Corrupt);

    [Fact]
    public void Counts_what_a_load_scales_with()
    {
        var pickle = Of(0x80, 2, "(", Text("a"), "Q", Text("b"), "Q", Text("a"), "Qt.");
        var report = Read(Zip(("m/data.pkl", pickle), ("m/data/0", new byte[8]), ("m/data/1", new byte[8])));
        report.Structure.ShouldBe(report.Structure with { Members = 3, Pickles = 1, Opcodes = 10, Storages = 2 });
        report.OpcodeCounts["BINPERSID"].ShouldBe(3);
        report.OpcodeCounts.Values.Sum().ShouldBe(10);
    }

    [Fact]
    public void Says_what_is_wrong_with_a_zip()
    {
        var twice = Zip(("m/data.pkl", Nothing), ("m/data.pkl", Nothing), ("../evil", Of("x")));
        Read(twice).Findings.Select(finding => finding.Id).ShouldBe(["duplicate-member", "path-traversal"]);
        var contradicting = Zip(("m/data.pkl", Nothing));
        contradicting[30] = (byte)'n';
        Read(contradicting).Findings.Select(finding => finding.Id).ShouldBe(["contradicting-member"]);
    }

    [Fact]
    public void A_chat_template_that_reaches_for_the_interpreter_is_dangerous()
    {
        var template = "{{ ''.__class__.__base__.__subclasses__() }}";
        var report = Read(Of("GGUF", Int32(3), Int64(0), Int64(1), Int64(23), "tokenizer.chat_template", Int32(8), Int64((ulong)template.Length), template));
        report.Findings.ShouldHaveSingleItem().Id.ShouldBe("template-escape");
    }

    [Fact]
    public void Raw_arrays_of_joblib_are_passed_over_not_taken_for_opcodes()
    {
        var state = Of("}(", Text("shape"), "K", 3, 0x85, Text("dtype"), "cnumpy\ndtype\n", Text("f8"), 0x89, 0x88, 0x87, "R", Text("numpy_array_alignment_bytes"), "K", 16, "u");
        var report = Read(Of(0x80, 4, "cjoblib.numpy_pickle\nNumpyArrayWrapper\n)", 0x81, state, "b", 2, 0xff, 0xff, Encoding.Latin1.GetBytes("cos\nsystem\n(tR.........."), "."));
        report.Format.ShouldBe(FileFormat.Joblib);
        report.Findings.ShouldBeEmpty();
        report.Structure.Pickles.ShouldBe(1);
    }

    [Theory]
    [InlineData("pytorch_model.bin", true)]
    [InlineData("a/b/model.PKL", true)]
    [InlineData("weights", true)]
    [InlineData("modeling_x.py", true)]
    [InlineData("model.safetensors", true)]
    [InlineData("x.unheard-of", true)]
    [InlineData("README.md", false)]
    [InlineData("README", false)]
    [InlineData("LICENSE", false)]
    [InlineData("tokenizer.json", false)]
    [InlineData("a/tokenizer_config.json", true)]
    [InlineData("chat_template.jinja", true)]
    [InlineData("vocab.txt", false)]
    [InlineData("figure.PNG", false)]
    [InlineData(".gitattributes", false)]
    [InlineData("", false)]
    [InlineData("folder/", false)]
    public void Names_tell_which_files_are_read(string path, bool candidate) => ModelFiles.IsCandidate(path).ShouldBe(candidate);
}

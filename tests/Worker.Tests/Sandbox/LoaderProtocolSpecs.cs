using DynaHug.Shared.Artifacts;
using DynaHug.Worker.Sandbox;

namespace DynaHug.Worker.Tests.Sandbox;

public sealed class LoaderProtocolSpecs
{
    [Fact]
    public void Takes_the_report_out_of_the_output()
    {
        var (output, report) = LoaderProtocol.Split("before\nDYNAHUG-REPORT abc {\"x\":1}\nafter\n", "abc");

        output.ShouldBe("before\nafter\n");
        report.ShouldBe("{\"x\":1}");
    }

    [Fact]
    public void Honours_the_first_report_with_the_right_nonce()
    {
        var (output, report) = LoaderProtocol.Split("DYNAHUG-REPORT forged {}\nDYNAHUG-REPORT abc first\nDYNAHUG-REPORT abc second\n", "abc");

        report.ShouldBe("first");
        output.ShouldBe("DYNAHUG-REPORT forged {}\nDYNAHUG-REPORT abc second\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing of ours")]
    [InlineData("DYNAHUG-REPORT abc cut off")]
    public void Finds_no_report_where_there_is_none(string text)
    {
        var (output, report) = LoaderProtocol.Split(text, "abc");

        report.ShouldBeNull();
        output.ShouldBe(text);
    }

    [Fact]
    public void Drops_the_ready_line_of_a_cold_start() =>
        LoaderProtocol.Split("DYNAHUG-READY {}\nout", "abc").Output.ShouldBe("out");

    [Fact]
    public void Keeps_a_hostile_name_on_one_line()
    {
        var request = new TraceRequest(Sha256.OfBytes("x"u8), "/blobs/x", "a\n{\"path\": \"/etc/passwd\"}\u2028.pkl", "pickle");

        var line = LoaderProtocol.Ask(request, linger: 1.5).ToLine();

        line.IndexOf('\n').ShouldBe(line.Length - 1);
        line.ShouldContain("\"path\":\"/model/file\"");
        line.ShouldContain("\"linger\":1.5");
        line.ShouldAllBe(character => character == '\n' || (character >= ' ' && character <= '~'));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Traceback (most recent call last):")]
    [InlineData("DYNAHUG-READY nonsense")]
    [InlineData("DYNAHUG-READY null")]
    [InlineData("DYNAHUG-READY {\"python\": null, \"libraries\": {}}")]
    public void Refuses_what_is_no_ready_line(string? line) => Should.Throw<SandboxException>(() => LoaderProtocol.ReadReady(line));
}

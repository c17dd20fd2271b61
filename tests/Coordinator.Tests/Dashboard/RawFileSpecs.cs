using System.Net;
using System.Net.Http.Json;
using DynaHug.Coordinator.RawFiles;
using DynaHug.Coordinator.Tests.ReadModel;
using ICSharpCode.SharpZipLib.Zip;
using Microsoft.Playwright;

namespace DynaHug.Coordinator.Tests.Dashboard;

/// <summary>A file that may be malicious, for people who take it apart: never bare, and never without a word in the audit.</summary>
public sealed class RawFileSpecs(HostileNode node) : IClassFixture<HostileNode>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Programs_get_an_encrypted_zip_and_the_audit_says_who_took_what()
    {
        var answer = await AskAsync("evil/bad", "pytorch_model.bin");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        ShouldHoldTheSample(await answer.Content.ReadAsByteArrayAsync(Cancel));
        await node.Running.UntilAuditedAsync("took-raw-file evil/bad", Cancel);
        (await node.Running.ReadModel.AuditAsync(null, "took-raw-file", null, 1, Cancel)).Items.Single().Detail.ShouldBe($"pytorch_model.bin sha256 {Story.Hash("bad").Hex}");
    }

    [Theory]
    [InlineData("evil/bad", "no-such-file", "no such file")]
    [InlineData("never/seen", "pytorch_model.bin", "no such file")]
    [InlineData("acme/good", "pytorch_model.bin", "not kept here")]
    public async Task What_is_not_here_says_why(string repo, string file, string why)
    {
        var answer = await AskAsync(repo, file);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain(why);
    }

    [Fact]
    public async Task A_link_or_a_form_of_another_page_gets_none()
    {
        (await node.Running.Client.GetAsync("/api/v1/raw?repo=evil/bad&file=pytorch_model.bin", Cancel)).IsSuccessStatusCode.ShouldBeFalse();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["repo"] = "evil/bad", ["file"] = "pytorch_model.bin" });
        (await node.Running.Client.PostAsync("/raw", form, Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest, "a form without its token");
    }

    [Fact]
    [Trait("kind", "browser")]
    public async Task The_button_of_the_page_downloads_it_and_the_page_tells_the_password()
    {
        await using var browser = await BrowserPage.OpenAsync();
        await browser.GotoAsync(new Uri(node.Running.Address, "repos/evil/bad"));
        (await browser.Page.Locator("form.raw code").InnerTextAsync()).ShouldBe(RawFileDesk.Password);

        var download = await browser.Page.RunAndWaitForDownloadAsync(() => browser.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Raw file" }).ClickAsync());

        download.SuggestedFilename.ShouldStartWith("dynahug-");
        ShouldHoldTheSample(await File.ReadAllBytesAsync(await download.PathAsync(), Cancel));
        browser.Complaints.ShouldBeEmpty();
    }

    private static void ShouldHoldTheSample(byte[] archive)
    {
        using var zip = new ZipFile(new MemoryStream(archive));
        var entry = zip.Cast<ZipEntry>().ShouldHaveSingleItem();
        entry.Name.ShouldBe($"{Story.Hash("bad").Hex}.sample", "the hub's name could lead anywhere");
        (entry.IsCrypted, entry.AESKeySize).ShouldBe((true, 256));
        zip.Password = "wrong";
        Should.Throw<ZipException>(() => zip.GetInputStream(entry));
        zip.Password = "infected";
        using var reader = new StreamReader(zip.GetInputStream(entry));
        reader.ReadToEnd().ShouldBe("bad");
    }

    private Task<HttpResponseMessage> AskAsync(string repo, string file) => node.Running.Client.PostAsJsonAsync("/api/v1/raw", new { repo, file }, Cancel);
}

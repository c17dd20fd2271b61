using DynaHug.Shared.Hub;

namespace DynaHug.Shared.Tests.Hub;

public sealed class RepoIdSpecs
{
    [Theory]
    [InlineData("acme/demo")]
    [InlineData("gpt2")]
    [InlineData("Acme-1/de.mo_2")]
    public void Accepts_names_of_one_or_two_segments(string name) => RepoId.Parse(name).Value.ShouldBe(name);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("a/b/c")]
    [InlineData("../etc")]
    [InlineData("acme/..")]
    [InlineData("acme/de mo")]
    [InlineData("acme/<script>")]
    [InlineData("acme/de\u202emo")]
    public void Refuses_names_that_could_leave_a_folder_or_a_page(string name) => RepoId.TryParse(name, out _).ShouldBeFalse();

    [Theory]
    [InlineData("../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a\\b")]
    [InlineData("a/\u0000b")]
    public void Refuses_file_paths_that_could_leave_a_folder(string path) => HubPath.IsSafe(path).ShouldBeFalse();
}

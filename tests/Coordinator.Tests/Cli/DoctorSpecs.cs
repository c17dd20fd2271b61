using DynaHug.Coordinator.Blobs;
using DynaHug.Coordinator.Cli;
using DynaHug.Coordinator.Hosting;

namespace DynaHug.Coordinator.Tests.Cli;

/// <summary>What the doctor says of blob stores; sandboxes are examined by the specs of the worker.</summary>
public sealed class DoctorSpecs : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dynahug-doctor-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_folder_that_can_be_written_is_well_and_a_file_in_its_place_is_not()
    {
        (await ExamineAsync(Path.Combine(folder.FullName, "blobs"))).Ok.ShouldBeTrue();

        var file = Path.Combine(folder.FullName, "file");
        await File.WriteAllTextAsync(file, "no folder", TestContext.Current.CancellationToken);
        var check = await ExamineAsync(file);
        check.Ok.ShouldBeFalse();
        check.Remedy.ShouldContain(file);
    }

    [Fact]
    public async Task A_bucket_without_credentials_is_not_well_and_says_what_to_set()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("AWS_ACCESS_KEY_ID") is null, "this environment has credentials");

        var check = await DoctorCommand.ExamineBlobsAsync(
            new NodeOptions { DataFolder = folder.FullName, Bucket = BucketAddress.Parse("s3://models?endpoint=http://127.0.0.1:1") }, TestContext.Current.CancellationToken);

        check.Ok.ShouldBeFalse();
        check.Remedy.ShouldContain("AWS_ACCESS_KEY_ID");
    }

    private Task<Worker.Sandbox.DoctorCheck> ExamineAsync(string blobs) =>
        DoctorCommand.ExamineBlobsAsync(new NodeOptions { DataFolder = folder.FullName, SharedBlobs = blobs }, TestContext.Current.CancellationToken);
}

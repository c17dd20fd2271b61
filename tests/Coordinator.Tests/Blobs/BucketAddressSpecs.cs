using DynaHug.Coordinator.Blobs;
using DynaHug.Coordinator.Hosting;

namespace DynaHug.Coordinator.Tests.Blobs;

public sealed class BucketAddressSpecs
{
    [Theory]
    [InlineData("s3://models?region=eu-central-1", "models", "", null, "eu-central-1", "s3://models/ in eu-central-1")]
    [InlineData("s3://models/team/dynahug/?endpoint=https://s3.example:9000", "models", "team/dynahug/", "https://s3.example:9000/", "us-east-1", "s3://models/team/dynahug at s3.example:9000")]
    [InlineData("s3://models/a?endpoint=http://127.0.0.1:4568&region=x", "models", "a/", "http://127.0.0.1:4568/", "x", "s3://models/a at 127.0.0.1:4568")]
    public void Says_where_the_bucket_is(string place, string bucket, string prefix, string? endpoint, string region, string shown)
    {
        BucketAddress.Is(place).ShouldBeTrue();
        var address = BucketAddress.Parse(place);

        address.ShouldBe(new BucketAddress(bucket, prefix, endpoint is null ? null : new Uri(endpoint), region));
        address.ToString().ShouldBe(shown);
    }

    [Theory]
    [InlineData("s3://")]
    [InlineData("s3://no_such_name?region=x")]
    [InlineData("s3://id:secret@models?region=x")]
    [InlineData("s3://models:80?region=x")]
    [InlineData("s3://models")]
    [InlineData("s3://models?region=")]
    [InlineData("s3://models?region=x&endpoint=ftp://a")]
    [InlineData("s3://models?key=secret&region=x")]
    [InlineData("s3://models?endpoint=http://minio:9000")]
    public void Refuses_what_is_none_or_would_send_bytes_bare_and_repeats_no_secret(string place) =>
        Should.Throw<UsageException>(() => BucketAddress.Parse(place)).Message.ShouldNotContain("secret@");
}

using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DynaHug.Coordinator.Learning;

namespace DynaHug.Coordinator.Tests.Learning;

/// <summary>Files of profiles: former formats are read, and what is damaged or hostile is refused.</summary>
public sealed class ProfileFileSpecs
{
    private static readonly IReadOnlyList<Load> Training = Loads.Benign(60);
    private static readonly Profile Fitted = ProfileFitter.Fit("text-generation", "environment", Training, new FitOptions(), CancellationToken.None);

    /// <summary>Format 1, as released before: read, and decides as it did when it was written.</summary>
    [Fact]
    public void A_profile_of_format_1_decides_as_it_did()
    {
        using var file = File.OpenRead(RecordedLoads.PathOf("format-1.profile"));
        var profile = Profile.Load(file);
        var decided = JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(RecordedLoads.PathOf("format-1.decisions.json")))!;

        profile.Id.ShouldBe("b3120893021eed10517356c69899fdc569ef283f8ae46184c2155d8a8b855353");
        (profile.Training.Count, profile.Manifest, profile.Hyperparameters.Count).ShouldBe((155, null, 0));
        decided.Count.ShouldBe(185);
        foreach (var load in RecordedLoads.Benign.Concat(RecordedLoads.Malicious))
        {
            profile.Score(load).Value.ShouldBe(decided[load.Id], 1e-12);
        }
    }

    /// <summary>Format 2 is format 3 without the counts that a format is held to.</summary>
    [Fact]
    public void A_profile_of_format_2_is_read()
    {
        var content = Content();
        content["format"] = "dynahug-profile/2";
        content["state"]!.AsObject().Remove("knownCounts");
        foreach (var call in content["state"]!["calls"]!["formats"]!.AsArray().SelectMany(format => format!["sized"]!.AsArray()))
        {
            call!.AsObject().Remove("known");
        }

        var profile = Profile.Load(Packed(content.ToJsonString()));

        Training.ShouldAllBe(load => profile.Score(load).Outlier == Fitted.Score(load).Outlier);
        profile.Score(Training[0].With("socket")).Outlier.ShouldBeTrue();
    }

    [Fact]
    public void A_damaged_file_is_refused_as_such()
    {
        var bytes = Bytes(Fitted);
        var random = new Random(11);
        for (var turn = 0; turn < 200; turn++)
        {
            var damaged = turn % 2 == 0 ? bytes[..random.Next(bytes.Length)] : [.. bytes];
            if (turn % 2 == 1)
            {
                damaged[random.Next(10, damaged.Length)] ^= (byte)random.Next(1, 256);
            }

            var problem = Record.Exception(() => Profile.Load(new MemoryStream(damaged)));
            (problem is null or InvalidDataException).ShouldBeTrue($"turn {turn}: {problem}");
        }
    }

    [Theory]
    [InlineData("format", "\"dynahug-profile/5\"")]
    [InlineData("detector", "\"oracle\"")]
    [InlineData("taskCluster", "\"../../etc\"")]
    [InlineData("environment", "\"../../etc\"")]
    [InlineData("environment", "\"..\"")]
    [InlineData("calibration", "[]")]
    [InlineData("calibration", "[\"NaN\"]")]
    [InlineData("training", "[null]")]
    [InlineData("training", "null")]
    [InlineData("state", "{}")]
    [InlineData("state", "7")]
    [InlineData("state", "null")]
    public void A_hostile_file_is_refused(string member, string value)
    {
        var content = Content();
        content[member] = JsonNode.Parse(value);

        Should.Throw<InvalidDataException>(() => Profile.Load(Packed(content.ToJsonString())));
    }

    [Theory]
    [InlineData("rho", "0")]
    [InlineData("rho", "\"NaN\"")]
    [InlineData("width", "2000000000")]
    [InlineData("alpha", "[1]")]
    [InlineData("vectors", "[]")]
    [InlineData("vectors", "[null]")]
    [InlineData("vectors", "[{\"-1\":1}]")]
    [InlineData("kernel", "null")]
    public void A_hostile_model_is_refused(string member, string value)
    {
        var content = Content();
        content["state"]!["svm"]![member] = JsonNode.Parse(value);

        Should.Throw<InvalidDataException>(() => Profile.Load(Packed(content.ToJsonString())));
    }

    [Theory]
    [InlineData("schema", "\"all-calls/99\"")]
    [InlineData("called", "[-1]")]
    [InlineData("called", "[100000]")]
    [InlineData("formats", "[{\"format\":\"pickle\",\"sized\":[]},{\"format\":\"pickle\",\"sized\":[]}]")]
    [InlineData("formats", "[{\"format\":\"pickle\",\"sized\":[],\"apart\":-1}]")]
    public void A_hostile_model_of_calls_is_refused(string member, string value)
    {
        var content = Content();
        content["state"]!["calls"]![member] = JsonNode.Parse(value);

        Should.Throw<InvalidDataException>(() => Profile.Load(Packed(content.ToJsonString())));
    }

    [Fact]
    public void A_file_that_unfolds_without_end_is_refused()
    {
        var bomb = new MemoryStream();
        using (var packed = new GZipStream(bomb, CompressionLevel.Fastest, leaveOpen: true))
        {
            var spaces = new byte[1 << 20];
            Array.Fill(spaces, (byte)' ');
            for (var megabyte = 0; megabyte < 300; megabyte++)
            {
                packed.Write(spaces);
            }
        }

        bomb.Position = 0;
        Should.Throw<InvalidDataException>(() => Profile.Load(bomb)).Message.ShouldContain("larger than");
    }

    private static byte[] Bytes(Profile profile)
    {
        using var file = new MemoryStream();
        profile.Save(file);
        return file.ToArray();
    }

    private static JsonNode Content()
    {
        using var packed = new GZipStream(new MemoryStream(Bytes(Fitted)), CompressionMode.Decompress);
        return JsonNode.Parse(packed)!;
    }

    private static MemoryStream Packed(string text)
    {
        var file = new MemoryStream();
        using (var packed = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        {
            packed.Write(Encoding.UTF8.GetBytes(text));
        }

        file.Position = 0;
        return file;
    }
}

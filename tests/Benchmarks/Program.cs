using System.Globalization;
using BenchmarkDotNet.Running;
using DynaHug.Benchmarks;
using DynaHug.Benchmarks.Replay;
using DynaHug.Benchmarks.Sandbox;

switch (args)
{
    case ["crawler", .. var measure]:
        return await CrawlerMeasures.RunAsync(measure);
    case ["scan-costs", .. var rounds]:
        await ScanCosts.RunAsync(rounds is [var number] ? int.Parse(number, CultureInfo.InvariantCulture) : 5, CancellationToken.None);
        return 0;
    case ["receiver-costs"]:
        ReceiverCosts.Run();
        return 0;
    case ["learning"]:
        await LearningMeasures.RunAsync();
        return 0;
    case ["pages", var repos, .. var database]:
        await Pages.RunAsync(int.Parse(repos, CultureInfo.InvariantCulture), onPostgres: database is ["postgres"]);
        return 0;
    case ["replay", .. var measure]:
        return await ReplayMeasures.RunAsync(measure);
    case ["replay-node", .. var node]:
        await ReplayNode.Of(node).RunAsync();
        return 0;
    case ["rescoring", var count]:
        await Rescoring.RunAsync(int.Parse(count, CultureInfo.InvariantCulture));
        return 0;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(LearningMeasures).Assembly).Run(args);
        return 0;
}

using BenchmarkDotNet.Running;
using DynaHug.Benchmarks;

if (args is ["crawler", .. var measure])
{
    return await CrawlerMeasures.RunAsync(measure);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;

using System.CommandLine;
using DynaHug.Coordinator.Cli;

return await CommandLine.RunAsync(args);

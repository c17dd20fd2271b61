namespace DynaHug.Coordinator.Cli;

/// <summary>Exit codes, the same as modelscan's, so that pipelines can switch.</summary>
public static class ExitCode
{
    public const int Clean = 0;

    /// <summary>At least one file is suspicious or malicious.</summary>
    public const int Flagged = 1;

    /// <summary>The run could not be finished; the message says why.</summary>
    public const int Error = 2;

    /// <summary>Nothing was analysed: no file to load, or none could be.</summary>
    public const int NothingAnalysed = 3;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 4;
}

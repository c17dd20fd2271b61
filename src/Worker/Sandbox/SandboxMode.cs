namespace DynaHug.Worker.Sandbox;

/// <summary>How a sandbox comes to the point where it can load. Counts differ by a call or two, so traces of the two never mix.</summary>
public enum SandboxMode
{
    /// <summary>From a checkpoint made after the libraries were imported: about a quarter of the processor time.</summary>
    Restore,

    /// <summary>From nothing, importing the libraries each time.</summary>
    Cold,
}

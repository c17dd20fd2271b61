namespace DynaHug.Coordinator.Evaluation;

/// <summary>How <c>dynahug evaluate</c> prints its rows.</summary>
public enum EvaluateFormat
{
    Text,
    Json,
    Markdown,
}

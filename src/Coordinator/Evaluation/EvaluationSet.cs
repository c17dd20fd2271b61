using DynaHug.Coordinator.Learning;
using DynaHug.Shared.Profiles;

namespace DynaHug.Coordinator.Evaluation;

/// <summary>One task cluster of the paper's data: what is learnt from, and what is judged.</summary>
/// <param name="Cluster">Name of the task cluster.</param>
/// <param name="Training">Benign loads, in the order of likes.</param>
/// <param name="Benign">Benign loads to judge.</param>
/// <param name="Malicious">Malicious loads to judge: injected, then real ones.</param>
internal sealed record EvaluationSet(string Cluster, IReadOnlyList<Load> Training, IReadOnlyList<Load> Benign, IReadOnlyList<Load> Malicious)
{
    public const string TextGeneration = "text-generation";
    public const string TextClassification = "text-classification";

    public static IReadOnlyList<EvaluationSet> Read(PaperData data)
    {
        var generation = Of(data, TextGeneration, "tg");
        var classification = Of(data, TextClassification, "tc");
        var all = new EvaluationSet(
            TaskCluster.NotClustered,
            data.Read("all_train_benign"),
            [.. generation.Benign, .. classification.Benign],
            data.Read("all_malicious_injected"));
        return [generation, classification, all];
    }

    private static EvaluationSet Of(PaperData data, string cluster, string prefix) => new(
        cluster,
        data.Read($"{prefix}_train_benign"),
        data.Read($"{prefix}_eval_benign"),
        [.. data.Read($"{prefix}_malicious_injected"), .. data.ReadIfThere($"{prefix}_malicious_real")]);
}

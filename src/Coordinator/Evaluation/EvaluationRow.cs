namespace DynaHug.Coordinator.Evaluation;

/// <summary>What the paper (arXiv 2604.19438) prints for a row; null where it does not say.</summary>
/// <param name="Note">What differs from the rows at hand.</param>
internal sealed record Published(int? Fp, int? Fn, double? F1, string Note = "");

/// <summary>One row of a table by one recipe. Benign is negative, malicious positive.</summary>
/// <param name="Row">The row's name in the paper.</param>
/// <param name="Recipe"><c>paper</c>, <c>default</c>, a detector's name, or <c>none</c> where the public data cannot give the row.</param>
/// <param name="Fp">Benign loads taken for outliers; null like its neighbours where the row cannot be computed.</param>
internal sealed record EvaluationRow(
    int Table, string Row, string Cluster, string Recipe, int? Fp, int? Fn, int? Tp, int? Tn, double? F1, Published? Published, string Note = "")
{
    public static EvaluationRow Of(int table, string row, EvaluationSet set, string recipe, Confusion confusion, Published? published, string note = "") =>
        new(table, row, set.Cluster, recipe, confusion.Fp, confusion.Fn, confusion.Tp, confusion.Tn, Math.Round(confusion.F1, 4), published, note);

    /// <summary>A row that needs data which was not published.</summary>
    public static EvaluationRow Missing(int table, string row, string cluster, Published published, string why) =>
        new(table, row, cluster, "none", null, null, null, null, null, published, why);
}

/// <summary>Confusion counts.</summary>
internal sealed record Confusion(int Fp, int Fn, int Tp, int Tn)
{
    public double F1 => Tp == 0 ? 0 : 2.0 * Tp / ((2.0 * Tp) + Fp + Fn);
}

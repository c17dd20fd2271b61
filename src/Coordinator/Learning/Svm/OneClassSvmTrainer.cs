using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace DynaHug.Coordinator.Learning.Svm;

/// <summary>
/// ML.NET trainer of the one-class SVM that <see cref="OneClassSolver"/> solves.
/// <list type="table">
/// <item><term>Task</term><description>anomaly detection; trained on benign rows only, no label</description></item>
/// <item><term>Normalisation</term><description>needed: the RBF kernel knows one length scale for all columns</description></item>
/// <item><term>Input</term><description>one column, a vector of <see cref="double"/> of known size</description></item>
/// <item><term>Output</term><description><c>DecisionValue</c> (f(x), double), <c>Score</c> (−f(x), float, higher is farther out, as in ML.NET's anomaly detectors),
/// <c>PredictedLabel</c> (true: outlier)</description></item>
/// <item><term>Export</term><description>none; a profile has its own file format</description></item>
/// </list>
/// ML.NET's TrainerEstimatorBase cannot be subclassed outside ML.NET, hence the plain interface.
/// </summary>
public sealed class OneClassSvmTrainer : IEstimator<OneClassSvmTransformer>
{
    private readonly MLContext context;
    private readonly string featureColumn;
    private readonly OneClassSvmOptions options;

    /// <exception cref="ValidationException">An option is outside its range.</exception>
    public OneClassSvmTrainer(MLContext context, OneClassSvmOptions options, string featureColumn = "Features")
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        (this.context, this.options, this.featureColumn) = (context, options, featureColumn);
    }

    /// <exception cref="ArgumentException">The column is missing or no vector of double, or a row cannot be used.</exception>
    public OneClassSvmTransformer Fit(IDataView input)
    {
        var size = FeatureVectors.SizeOf(input.Schema, featureColumn);
        var model = OneClassSolver.Solve(FeatureVectors.Read(input, featureColumn), options);
        return new OneClassSvmTransformer(context, model, featureColumn, size);
    }

    /// <remarks>
    /// ML.NET keeps the constructor of a schema column to itself, so the shape of the output is found by fitting a mapping of the same
    /// shape on no rows; see <see cref="OneClassSvmTransformer.AddOutput"/>.
    /// </remarks>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        if (!inputSchema.Any(column => column.Name == featureColumn && column.Kind == SchemaShape.Column.VectorKind.Vector))
        {
            throw new ArgumentException($"column '{featureColumn}' is missing or no vector", nameof(inputSchema));
        }

        return OneClassSvmTransformer.AddOutput(context, inputSchema, featureColumn);
    }
}

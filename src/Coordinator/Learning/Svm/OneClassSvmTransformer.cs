using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace DynaHug.Coordinator.Learning.Svm;

/// <summary>A fitted one-class SVM as a step of an ML.NET pipeline; see <see cref="OneClassSvmTrainer"/> for its columns.</summary>
public sealed class OneClassSvmTransformer : ITransformer
{
    private readonly ITransformer mapping;

    internal OneClassSvmTransformer(MLContext context, OneClassModel model, string featureColumn, int size)
    {
        Model = model;
        var empty = context.Data.LoadFromEnumerable<Row>([], RowSchema(featureColumn, size));
        mapping = Mapping(context, model, featureColumn, size).Fit(empty);
    }

    public OneClassModel Model { get; }

    public bool IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => mapping.GetOutputSchema(inputSchema);

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => mapping.GetRowToRowMapper(inputSchema);

    public IDataView Transform(IDataView input) => mapping.Transform(input);

    /// <exception cref="NotSupportedException">Always: what is needed to write ML.NET's model files is internal to ML.NET.</exception>
    public void Save(ModelSaveContext ctx) =>
        throw new NotSupportedException("a one-class SVM cannot be written as an ML.NET model file: save the profile that holds it");

    internal static SchemaShape AddOutput(MLContext context, SchemaShape input, string featureColumn) =>
        Mapping(context, new OneClassModel(new Kernel(KernelKind.Linear), [[0]], [1], 0), featureColumn, 1).GetOutputSchema(input);

    private static CustomMappingEstimator<Row, Scored> Mapping(MLContext context, OneClassModel model, string featureColumn, int size) =>
        context.Transforms.CustomMapping<Row, Scored>(
            (row, scored) =>
            {
                scored.DecisionValue = model.Decide([.. row.Features.DenseValues()]);
                scored.Score = (float)-scored.DecisionValue;
                scored.PredictedLabel = scored.DecisionValue < 0;
            },
            contractName: null,
            RowSchema(featureColumn, size));

    private static SchemaDefinition RowSchema(string featureColumn, int size)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnName = featureColumn;
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Double, size);
        return schema;
    }

    private sealed class Row
    {
        public VBuffer<double> Features { get; set; }
    }

    private sealed class Scored
    {
        public double DecisionValue { get; set; }

        public float Score { get; set; }

        public bool PredictedLabel { get; set; }
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;

namespace DynaHug.Coordinator.Learning.Svm;

/// <summary>Reading a vector column of an ML.NET data view.</summary>
internal static class FeatureVectors
{
    public static int SizeOf(DataViewSchema schema, string column) =>
        schema.GetColumnOrNull(column)?.Type is VectorDataViewType { IsKnownSize: true } type && type.ItemType == NumberDataViewType.Double
            ? type.Size
            : throw new ArgumentException($"column '{column}' is missing or no vector of double of known size: convert it before the trainer", nameof(schema));

    public static IReadOnlyList<double[]> Read(IDataView data, string column)
    {
        var rows = new List<double[]>();
        var features = data.Schema[column];
        using var cursor = data.GetRowCursor([features]);
        var read = cursor.GetGetter<VBuffer<double>>(features);
        var buffer = default(VBuffer<double>);
        while (cursor.MoveNext())
        {
            read(ref buffer);
            rows.Add([.. buffer.DenseValues()]);
        }

        return rows;
    }
}

using DynaHug.Shared.Static;

namespace DynaHug.Shared.Tests.Static;

public sealed class LibrarySetSpecs
{
    [Theory]
    [InlineData(FileFormat.TorchZip, "torch._utils._rebuild_tensor_v2", LibrarySet.Tensors)]
    [InlineData(FileFormat.Pickle, "ultralytics.nn.tasks.DetectionModel", LibrarySet.Tensors)]
    [InlineData(FileFormat.Pickle, "posix.system", LibrarySet.Tensors)]
    [InlineData(FileFormat.Joblib, "sklearn.svm._classes.SVC", LibrarySet.All)]
    [InlineData(FileFormat.TorchZip, "scipy.sparse._csr.csr_matrix", LibrarySet.All)]
    [InlineData(FileFormat.Pickle, "pandas.core.frame.DataFrame", LibrarySet.All)]
    [InlineData(FileFormat.Zip, "torch._utils._rebuild_tensor_v2", LibrarySet.All)]
    [InlineData(FileFormat.Python, "torch.nn.Module", LibrarySet.All)]
    public void Takes_the_libraries_that_a_file_names(string format, string global, LibrarySet expected) => LibrarySets.Of(Report(format, [global])).ShouldBe(expected);

    [Fact]
    public void Takes_all_where_no_pickle_could_be_read() => LibrarySets.Of(Report(FileFormat.Joblib, [], pickles: 0)).ShouldBe(LibrarySet.All);

    [Fact]
    public void Takes_all_where_the_list_of_names_may_be_cut() =>
        LibrarySets.Of(Report(FileFormat.Pickle, [.. Enumerable.Range(0, 500).Select(number => $"torch.f{number}")])).ShouldBe(LibrarySet.All);

    private static StaticReport Report(string format, IReadOnlyList<string> globals, int pickles = 1) =>
        new(format, null, "", globals, [], new Dictionary<string, int>(), new FileStructure(1, Pickles: pickles));
}

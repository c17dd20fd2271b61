namespace DynaHug.Shared.Static;

/// <summary>Names of the content formats we tell apart. They appear in JSON, pages and trace jobs, and stay.</summary>
public static class FileFormat
{
    public const string TorchZip = "torch-zip";
    public const string TorchLegacy = "torch-legacy";
    public const string TorchTar = "torch-tar";
    public const string TorchScript = "torchscript";
    public const string Pickle = "pickle";
    public const string Joblib = "joblib";
    public const string Numpy = "numpy";
    public const string NumpyZip = "numpy-zip";
    public const string Safetensors = "safetensors";
    public const string Gguf = "gguf";
    public const string Onnx = "onnx";
    public const string Sentencepiece = "sentencepiece";
    public const string Keras = "keras";
    public const string Hdf5 = "hdf5";
    public const string SavedModel = "saved-model";
    public const string Zip = "zip";
    public const string Tar = "tar";
    public const string Gzip = "gzip";
    public const string Bzip2 = "bzip2";
    public const string Xz = "xz";
    public const string SevenZip = "7z";
    public const string Zstandard = "zstd";
    public const string Python = "python";
    public const string Text = "text";
    public const string Unknown = "unknown";
}

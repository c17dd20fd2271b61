using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using DynaHug.Shared;
using DynaHug.Shared.Artifacts;
using Microsoft.Win32.SafeHandles;

namespace DynaHug.Coordinator.Blobs;

/// <summary>
/// The few things that we ask of an S3-compatible object store, each within a time and with few retries. What fails on its side is a <see cref="BlobStoreException"/>;
/// what it does not have is a <see cref="FileNotFoundException"/>.
/// </summary>
internal sealed class Bucket : IDisposable
{
    /// <summary>Files above this are uploaded in parts of it; S3 takes ten thousand parts.</summary>
    private const long PartBytes = 16L << 20;

    private const int BufferBytes = 1 << 17;
    private const int Retries = 3;

    /// <summary>What an answer may take beside its bytes, and the slowest that bytes may come or go.</summary>
    private const double PatienceSeconds = 30;
    private const double LeastBytesPerSecond = 1 << 20;

    private const string HashHeader = "sha256";
    private const string Probe = "probe";

    private readonly BucketAddress address;
    private readonly AmazonS3Client client;

    public Bucket(BucketAddress address, AWSCredentials credentials)
    {
        this.address = address;
        var config = new AmazonS3Config
        {
            ForcePathStyle = address.Endpoint is not null,
            AuthenticationRegion = address.Region,
            IgnoreConfiguredEndpointUrls = true,
            MaxErrorRetry = Retries,
            // Hashes are checked here, of what arrives; other stores than AWS's do not know its checksums.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (address.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.AbsoluteUri;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(address.Region);
        }

        client = new AmazonS3Client(credentials, config);
    }

    /// <summary>What TLS carries unchanged need not be hashed once more to be signed.</summary>
    private bool TlsGuards => address.Endpoint?.Scheme != Uri.UriSchemeHttp;

    /// <summary>Lists and writes, as the store's users do.</summary>
    /// <exception cref="BlobStoreException">The bucket is not there, or does not let us.</exception>
    public async Task RequireAsync(CancellationToken cancel)
    {
        await AskAsync(0, token => client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = address.Bucket, Prefix = address.Prefix, MaxKeys = 1 }, token), cancel);
        await MarkAsync(Probe, cancel);
    }

    public async Task<bool> HasAsync(string key, CancellationToken cancel)
    {
        try
        {
            await AskAsync(0, token => client.GetObjectMetadataAsync(address.Bucket, address.Prefix + key, token), cancel);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Makes an empty object, or makes it young again.</summary>
    public Task MarkAsync(string key, CancellationToken cancel) =>
        AskAsync(0, token => client.PutObjectAsync(new PutObjectRequest { BucketName = address.Bucket, Key = address.Prefix + key, ContentBody = "" }, token), cancel);

    /// <summary>Uploads a file; the object appears when all of it has arrived.</summary>
    /// <param name="hash">Over the file's bytes; kept beside them.</param>
    public async Task PutAsync(string key, SafeFileHandle file, Sha256 hash, CancellationToken cancel)
    {
        using var shared = new SafeFileHandle(file.DangerousGetHandle(), ownsHandle: false);
        await using var bytes = new FileStream(shared, FileAccess.Read, bufferSize: 0) { Position = 0 };
        if (bytes.Length > PartBytes)
        {
            await PutPartsAsync(address.Prefix + key, bytes, hash, cancel);
            return;
        }

        var put = new PutObjectRequest
        {
            BucketName = address.Bucket,
            Key = address.Prefix + key,
            InputStream = bytes,
            AutoCloseStream = false,
            UseChunkEncoding = false,
            DisablePayloadSigning = TlsGuards,
            Metadata = { [HashHeader] = hash.Hex },
        };
        await AskAsync(bytes.Length, token => client.PutObjectAsync(put, token), cancel);
    }

    /// <summary>Downloads an object into a file that it makes; a download that is cut goes on where it was.</summary>
    /// <returns>The hash of what came, and the one that was kept beside it; null where none was.</returns>
    public async Task<(Sha256 Came, Sha256? Kept)> FetchAsync(string key, string place, CancellationToken cancel)
    {
        await using var file = new FileStream(place, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (length, kept) = (-1L, default(Sha256));
        while (file.Length != length)
        {
            var before = file.Length;
            try
            {
                var request = new GetObjectRequest { BucketName = address.Bucket, Key = address.Prefix + key, ByteRange = before > 0 ? new ByteRange($"bytes={before}-") : null };
                using var answer = await AskAsync(0, token => client.GetObjectAsync(request, token), cancel);
                (length, kept) = (before + answer.ContentLength, Sha256.TryParse(answer.Metadata[HashHeader]));
                var came = await AskAsync(answer.ContentLength, token => CopyAsync(answer.ResponseStream, file, hash, token), cancel);
                if (came == 0 && answer.ContentLength > 0)
                {
                    throw new BlobStoreException($"the blob store fails: {address} ends its answers before they begin");
                }
            }
            catch (BlobStoreException) when (file.Length > before)
            {
                // Cut after some bytes: the rest is asked for. All are here: whether they are the right ones, our hash says.
            }
        }

        return (Sha256.FromBytes(hash.GetHashAndReset()), kept);
    }

    /// <summary>Everything under a prefix, in the order of keys.</summary>
    public async IAsyncEnumerable<(string Key, long Bytes, DateTime WrittenAt)> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancel)
    {
        var request = new ListObjectsV2Request { BucketName = address.Bucket, Prefix = address.Prefix + prefix };
        do
        {
            var page = await AskAsync(0, token => client.ListObjectsV2Async(request, token), cancel);
            foreach (var found in page.S3Objects ?? [])
            {
                yield return (found.Key[address.Prefix.Length..], found.Size ?? 0, (found.LastModified ?? DateTime.MinValue).ToUniversalTime());
            }

            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    public Task DeleteAsync(string key, CancellationToken cancel) => AskAsync(0, token => client.DeleteObjectAsync(address.Bucket, address.Prefix + key, token), cancel);

    public void Dispose()
    {
        client.Dispose();
    }

    private async Task PutPartsAsync(string key, FileStream bytes, Sha256 hash, CancellationToken cancel)
    {
        var begin = new InitiateMultipartUploadRequest { BucketName = address.Bucket, Key = key, Metadata = { [HashHeader] = hash.Hex } };
        var upload = (await AskAsync(0, token => client.InitiateMultipartUploadAsync(begin, token), cancel)).UploadId;
        try
        {
            var parts = new List<PartETag>();
            for (var offset = 0L; offset < bytes.Length; offset += PartBytes)
            {
                bytes.Position = offset;
                var number = parts.Count + 1;
                var part = new UploadPartRequest
                {
                    BucketName = address.Bucket,
                    Key = key,
                    UploadId = upload,
                    PartNumber = number,
                    InputStream = bytes,
                    PartSize = Math.Min(PartBytes, bytes.Length - offset),
                    UseChunkEncoding = false,
                    DisablePayloadSigning = TlsGuards,
                };
                parts.Add(new PartETag(number, (await AskAsync(PartBytes, token => client.UploadPartAsync(part, token), cancel)).ETag));
            }

            var end = new CompleteMultipartUploadRequest { BucketName = address.Bucket, Key = key, UploadId = upload, PartETags = parts };
            await AskAsync(bytes.Length, token => client.CompleteMultipartUploadAsync(end, token), cancel);
        }
        catch (BlobStoreException)
        {
            // Parts that stay cost, until the bucket's rule for incomplete uploads takes them.
            await AskAsync(0, token => client.AbortMultipartUploadAsync(address.Bucket, key, upload, token), cancel).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }

    private static async Task<long> CopyAsync(Stream from, FileStream to, IncrementalHash hash, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var came = 0L;
            for (; await from.ReadAsync(buffer, cancel) is > 0 and var count; came += count)
            {
                await to.WriteAsync(buffer.AsMemory(0, count), cancel);
                hash.AppendData(buffer, 0, count);
            }

            return came;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <param name="bytes">Bytes that go or come with it.</param>
    private async Task<T> AskAsync<T>(long bytes, Func<CancellationToken, Task<T>> ask, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(PatienceSeconds + (bytes / LeastBytesPerSecond)));
        try
        {
            return await ask(patience.Token);
        }
        catch (AmazonS3Exception missing) when (missing.ErrorCode is "NoSuchKey" or "NotFound")
        {
            throw new FileNotFoundException($"{address} does not have it", missing);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new BlobStoreException($"the blob store fails: {address} does not answer in time");
        }
        catch (Exception failure) when (failure is AmazonServiceException or AmazonClientException or HttpRequestException or WebException or (IOException and not BlobStoreException))
        {
            throw new BlobStoreException($"the blob store fails: {address} {Explain(failure)}", failure);
        }
    }

    private static string Explain(Exception failure) => failure switch
    {
        AmazonS3Exception { ErrorCode: "NoSuchBucket" } => "is not there; make the bucket, or name another with --blobs",
        AmazonS3Exception { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } refused =>
            $"refuses us ({refused.ErrorCode}); are {BucketKeys.IdVariable} and {BucketKeys.SecretVariable} right, and may they list, read and write there?",
        AmazonServiceException answered => $"answers {(int)answered.StatusCode} {answered.ErrorCode}: {Printable.Of(answered.Message, 200)}",
        _ => $"cannot be reached: {Printable.Of(failure.Message, 200)}",
    };
}

namespace DynaHug.Worker.Sandbox;

/// <summary>
/// The made-up home and environment of whoever loads: credentials that open nothing and that no benign load touches. Every secret is
/// unique text, so that it is recognised wherever it turns up.
/// </summary>
public static class HoneyHome
{
    public const string Folder = "/home/user";

    private const string AwsSecret = "q7Jx0dYb3nCkV5sWmTz8RgLhPaEu2FoI9Dy4HvNt";
    private const string HubToken = "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";
    private const string GitToken = "ghp_7Kq2Wm9Zt4Xc6Vb1Nn8Ls3Pd5Rf0Hg2Jy4Ue";
    private const string DatabasePassword = "pgpass-9f3c1e77b2";
    private const string KubeToken = "kube-2b7e151628aed2a6abf71589";
    private const string SshKeyBody = "b3BlbnNzaC1rZXktdjEAAAAAhoneyhomeAAAABG5vbmUAAAAEbm9uZQAAAAAAAAAB";
    private const string BrowserSecret = "chrome-login-5d41402abc4b2a76";

    /// <summary>Path inside the home → content.</summary>
    public static readonly IReadOnlyDictionary<string, string> Files = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        [".aws/credentials"] = $"[default]\naws_access_key_id = AKIAQ3XZ5PLM7WNB2CVD\naws_secret_access_key = {AwsSecret}\n",
        [".cache/huggingface/token"] = HubToken + "\n",
        [".config/gcloud/application_default_credentials.json"] = "{\"client_id\": \"764086051850\", \"refresh_token\": \"1//0g-" + KubeToken + "\", \"type\": \"authorized_user\"}\n",
        [".config/google-chrome/Default/Login Data"] = BrowserSecret + "\n",
        [".docker/config.json"] = "{\"auths\": {\"registry.example.com\": {\"auth\": \"" + GitToken + "\"}}}\n",
        [".git-credentials"] = $"https://user:{GitToken}@example.com\n",
        [".kube/config"] = $"apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    token: {KubeToken}\n",
        [".netrc"] = $"machine example.com login user password {DatabasePassword}\n",
        [".pgpass"] = $"db.example.com:5432:*:app:{DatabasePassword}\n",
        [".ssh/id_rsa"] = $"-----BEGIN OPENSSH PRIVATE KEY-----\n{SshKeyBody}\n-----END OPENSSH PRIVATE KEY-----\n",
        [".ssh/known_hosts"] = "example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG\n",
        [".bash_history"] = "ls\ncd models\n",
        [".bashrc"] = "export EDITOR=vi\n",
    };

    /// <summary>Environment variables that hold planted secrets.</summary>
    public static readonly IReadOnlyDictionary<string, string> Variables = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["AWS_SECRET_ACCESS_KEY"] = AwsSecret,
        ["DATABASE_URL"] = $"postgres://app:{DatabasePassword}@db.example.com/app",
        ["GITHUB_TOKEN"] = GitToken,
        ["HF_TOKEN"] = HubToken,
    };

    /// <summary>Texts that exist nowhere else: one in an argument, a path or the output was passed on.</summary>
    public static readonly IReadOnlyList<string> Secrets = [AwsSecret, HubToken, GitToken, DatabasePassword, KubeToken, SshKeyBody, BrowserSecret];

    /// <summary>True for a path of the home that holds a credential.</summary>
    public static bool IsSecret(string path) =>
        path.StartsWith(Folder + "/", StringComparison.Ordinal)
        && Files.ContainsKey(path[(Folder.Length + 1)..])
        && !path.EndsWith("/.bashrc", StringComparison.Ordinal)
        && !path.EndsWith("/known_hosts", StringComparison.Ordinal);

    /// <summary>Writes the files under a folder of the host, from where the loader copies them into the sandbox's home.</summary>
    public static void WriteTo(string folder)
    {
        foreach (var (path, content) in Files)
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, content);
        }
    }
}

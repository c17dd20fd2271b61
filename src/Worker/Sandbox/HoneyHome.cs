using System.Collections.Frozen;

namespace DynaHug.Worker.Sandbox;

/// <summary>
/// The made-up person who lives in the sandbox: a home with credentials that open nothing, and environment variables likewise. No honest
/// load touches them, so a read is an indicator (ATT&amp;CK T1552), and their values turning up elsewhere is another.
/// </summary>
/// <remarks>Changing anything here changes the environment fingerprint: what is planted is part of what a load sees.</remarks>
public static class HoneyHome
{
    /// <summary>Home folder inside the sandbox.</summary>
    public const string Folder = "/home/user";

    /// <summary>Name of the made-up person.</summary>
    public const string User = "user";

    private const string AwsKey = "AKIA5Q7RXN2MVD4LTPZC";
    private const string AwsSecret = "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";
    private const string HubToken = "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";
    private const string GitToken = "ghp_7nWq2ZxLk9VbT4mRyPs8JdHf3GcUa6EoXi1K";
    private const string ApiKey = "sk-proj-Vx83LqTn7RbWm2KzYp5HdJs9GfCaEuXo";
    private const string NetrcPassword = "k7Rm-vZ2q-Xw9t-hB4n";
    private const string DatabasePassword = "t8Lq-pW3z-Yc6r-mK1v";
    private const string DockerAuth = "dXNlcjpkY2tyX3BhdF85WHo0Um1RdjJMdDdLd04xcEhzOA==";
    private const string KubeToken = "ZHluYS1ob25leS1rdWJlLTRUbVl4OVFyMlZ3N0x6";
    private const string CloudSecret = "GOCSPX-h4Zr8TqLm2XvWn6KyPb1JdSf9Gc";
    private const string SshKeyBody = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQ";
    private const string BrowserSecret = "v10kR7mZq2XtLw9YbHn4VpJs6GdCfTaE";

    /// <summary>Planted files: absolute path inside the sandbox → content. All of them are credentials; ordinary files are in <see cref="Furniture"/>.</summary>
    public static IReadOnlyDictionary<string, string> Files { get; } = new Dictionary<string, string>
    {
        [$"{Folder}/.aws/credentials"] = $"[default]\naws_access_key_id = {AwsKey}\naws_secret_access_key = {AwsSecret}\n",
        [$"{Folder}/.aws/config"] = "[default]\nregion = eu-central-1\noutput = json\n",
        [$"{Folder}/.ssh/id_rsa"] = PrivateKey(),
        [$"{Folder}/.ssh/id_ed25519"] = PrivateKey(),
        [$"{Folder}/.ssh/config"] = "Host build\n  HostName build.internal\n  User deploy\n  IdentityFile ~/.ssh/id_ed25519\n",
        [$"{Folder}/.ssh/known_hosts"] = "build.internal ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0pR7mZq2XtLw9YbHn4VpJs6GdCfTaEuRiOyVbWqSxK\n",
        [$"{Folder}/.netrc"] = $"machine artifacts.internal login user password {NetrcPassword}\n",
        [$"{Folder}/.git-credentials"] = $"https://user:{GitToken}@github.com\n",
        [$"{Folder}/.config/gcloud/application_default_credentials.json"] =
            $$"""{"client_id": "764086051850.apps.googleusercontent.com", "client_secret": "{{CloudSecret}}", "type": "authorized_user"}""" + "\n",
        [$"{Folder}/.config/gh/hosts.yml"] = $"github.com:\n    user: user\n    oauth_token: {GitToken}\n",
        [$"{Folder}/.azure/accessTokens.json"] = $$"""[{"tokenType": "Bearer", "accessToken": "{{CloudSecret}}"}]""" + "\n",
        [$"{Folder}/.huggingface/token"] = HubToken,
        [$"{Folder}/.cache/huggingface/token"] = HubToken,
        [$"{Folder}/.kube/config"] =
            $"apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    token: {KubeToken}\n",
        [$"{Folder}/.docker/config.json"] = $$"""{"auths": {"https://index.docker.io/v1/": {"auth": "{{DockerAuth}}" } } }""" + "\n",
        [$"{Folder}/.pypirc"] = $"[pypi]\nusername = __token__\npassword = pypi-{ApiKey}\n",
        [$"{Folder}/.pgpass"] = $"db.internal:5432:*:user:{DatabasePassword}\n",
        [$"{Folder}/.npmrc"] = $"//registry.npmjs.org/:_authToken={GitToken}\n",
        [$"{Folder}/.kaggle/kaggle.json"] = $$"""{"username": "user", "key": "{{ApiKey}}"}""" + "\n",
        [$"{Folder}/.env"] = $"OPENAI_API_KEY={ApiKey}\nDATABASE_URL=postgres://user:{DatabasePassword}@db.internal/app\n",
        [$"{Folder}/project/.env"] = $"AWS_SECRET_ACCESS_KEY={AwsSecret}\nHF_TOKEN={HubToken}\n",
        [$"{Folder}/.bash_history"] = $"ls\ngit pull\nexport HF_TOKEN={HubToken}\npsql -h db.internal\n",
        [$"{Folder}/.config/google-chrome/Default/Login Data"] = $"SQLite format 3 {BrowserSecret}\n",
        [$"{Folder}/.config/google-chrome/Default/Cookies"] = $"SQLite format 3 {BrowserSecret}\n",
        [$"{Folder}/.mozilla/firefox/k4x9r2ql.default-release/logins.json"] = $$"""{"logins": [{"encryptedPassword": "{{BrowserSecret}}"}]}""" + "\n",
        [$"{Folder}/.mozilla/firefox/k4x9r2ql.default-release/key4.db"] = $"SQLite format 3 {BrowserSecret}\n",
        [$"{Folder}/.ethereum/keystore/UTC--2024-03-11T09-12-44.118Z--7e5f4552091a69125d5dfcb7b8c2659029395bdf"] =
            $$"""{"address": "7e5f4552091a69125d5dfcb7b8c2659029395bdf", "crypto": {"mac": "{{BrowserSecret}}" } }""" + "\n",
    }.ToFrozenDictionary();

    /// <summary>What else a lived-in home has: read by shells and programs that mean no harm, and what persistence likes to write to.</summary>
    public static IReadOnlyDictionary<string, string> Furniture { get; } = new Dictionary<string, string>
    {
        [$"{Folder}/.bashrc"] = "export PATH=\"$HOME/.local/bin:$PATH\"\nalias ll='ls -l'\n",
        [$"{Folder}/.profile"] = "[ -n \"$BASH_VERSION\" ] && . \"$HOME/.bashrc\"\n",
        [$"{Folder}/.gitconfig"] = "[user]\n\tname = user\n\temail = user@example.org\n",
        [$"{Folder}/.ssh/authorized_keys"] = "",
        [$"{Folder}/project/README.md"] = "# Experiments\n",
        [$"{Folder}/Documents/notes.txt"] = "compare both checkpoints before Friday\n",
    }.ToFrozenDictionary();

    /// <summary>Planted environment variables of the loader.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>
    {
        ["AWS_ACCESS_KEY_ID"] = AwsKey,
        ["AWS_SECRET_ACCESS_KEY"] = AwsSecret,
        ["HF_TOKEN"] = HubToken,
        ["GITHUB_TOKEN"] = GitToken,
        ["OPENAI_API_KEY"] = ApiKey,
    }.ToFrozenDictionary();

    /// <summary>Values that exist nowhere but here: seen in an argument, a path or the output, they were passed on.</summary>
    public static IReadOnlyList<string> Secrets { get; } =
    [
        AwsKey, AwsSecret, HubToken, GitToken, ApiKey, NetrcPassword, DatabasePassword, DockerAuth, KubeToken, CloudSecret, SshKeyBody, BrowserSecret,
    ];

    private static string PrivateKey() => $"-----BEGIN OPENSSH PRIVATE KEY-----\n{SshKeyBody}\n-----END OPENSSH PRIVATE KEY-----\n";
}

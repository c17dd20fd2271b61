using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace DynaHug.Worker.Sandbox;

/// <summary>
/// The made-up person who lives in a sandbox: a home with credentials that open nothing, and environment variables likewise. No honest
/// load touches them, so a read is an indicator (ATT&amp;CK T1552), and their values turning up elsewhere is another.
/// </summary>
/// <remarks>
/// All names and values follow from a seed that every image draws for itself: nobody who has read this file or has been in one sandbox
/// knows the next one by them. Which files there are is the same everywhere, so that the same file makes the same calls.
/// </remarks>
public sealed class HoneyHome
{
    private const string Digits = "0123456789abcdef";
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly string[] Users = ["alex", "anna", "chen", "dana", "emma", "jana", "jonas", "kim", "laura", "lena", "leo", "liam", "maria", "marco", "mina", "nina", "noah", "omar", "paul", "priya", "sara", "sofia", "tom", "yuki"];
    private static readonly string[] Machines = ["workstation", "desktop", "dev", "devbox", "laptop", "ml-dev", "thinkpad", "tower"];
    private static readonly string[] Projects = ["assistant", "benchmarks", "demo-app", "embeddings", "experiments", "finetune", "inference", "notebooks", "research", "service"];

    private HoneyHome(string seed)
    {
        Seed = seed;
        User = Pick("user", Users);
        Machine = $"{Pick("machine", Machines)}-{Value("machine number", Digits, 2)}";
        var aws = $"AKIA{Value("aws", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)}";
        var awsSecret = Value("aws secret", Letters, 40);
        var hub = $"hf_{Value("hub", Letters, 34)}";
        var git = $"ghp_{Value("git", Letters, 36)}";
        var api = $"sk-proj-{Value("api", Letters, 40)}";
        var netrc = Value("netrc", Letters, 19);
        var database = Value("database", Letters, 19);
        var docker = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{User}:dckr_pat_{Value("docker", Letters, 27)}"));
        var kube = Value("kube", Letters, 40);
        var cloud = $"GOCSPX-{Value("cloud", Letters, 28)}";
        var ssh = $"b3BlbnNzaC1rZXktdjEAAAAA{Value("ssh", Letters, 64)}";
        var browser = $"v10{Value("browser", Letters, 29)}";
        var wallet = Value("wallet", Digits, 40);
        var project = Pick("project", Projects);
        var key = $"-----BEGIN OPENSSH PRIVATE KEY-----\n{ssh}\n-----END OPENSSH PRIVATE KEY-----\n";

        Secrets = [aws, awsSecret, hub, git, api, netrc, database, docker, kube, cloud, ssh, browser];
        Variables = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = aws,
            ["AWS_SECRET_ACCESS_KEY"] = awsSecret,
            ["HF_TOKEN"] = hub,
            ["GITHUB_TOKEN"] = git,
            ["OPENAI_API_KEY"] = api,
        }.ToFrozenDictionary();
        Files = InHome(new()
        {
            [".aws/credentials"] = $"[default]\naws_access_key_id = {aws}\naws_secret_access_key = {awsSecret}\n",
            [".aws/config"] = "[default]\nregion = eu-central-1\noutput = json\n",
            [".ssh/id_rsa"] = key,
            [".ssh/id_ed25519"] = key,
            [".ssh/config"] = "Host build\n  HostName build.internal\n  User deploy\n  IdentityFile ~/.ssh/id_ed25519\n",
            [".ssh/known_hosts"] = $"build.internal ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{Value("known host", Letters, 43)}\n",
            [".netrc"] = $"machine artifacts.internal login {User} password {netrc}\n",
            [".git-credentials"] = $"https://{User}:{git}@github.com\n",
            [".config/gcloud/application_default_credentials.json"] =
                $$"""{"client_id": "{{Value("client", "0123456789", 12)}}.apps.googleusercontent.com", "client_secret": "{{cloud}}", "type": "authorized_user"}""" + "\n",
            [".config/gh/hosts.yml"] = $"github.com:\n    user: {User}\n    oauth_token: {git}\n",
            [".azure/accessTokens.json"] = $$"""{"tokenType": "Bearer", "accessToken": "{{cloud}}"}""" + "\n",
            [".huggingface/token"] = hub,
            [".cache/huggingface/token"] = hub,
            [".kube/config"] = $"apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    token: {kube}\n",
            [".docker/config.json"] = $$"""{"auths": {"https://index.docker.io/v1/": {"auth": "{{docker}}" } } }""" + "\n",
            [".pypirc"] = $"[pypi]\nusername = __token__\npassword = pypi-{api}\n",
            [".pgpass"] = $"db.internal:5432:*:{User}:{database}\n",
            [".npmrc"] = $"//registry.npmjs.org/:_authToken={git}\n",
            [".kaggle/kaggle.json"] = $$"""{"username": "{{User}}", "key": "{{api}}"}""" + "\n",
            [".env"] = $"OPENAI_API_KEY={api}\nDATABASE_URL=postgres://{User}:{database}@db.internal/app\n",
            [$"{project}/.env"] = $"AWS_SECRET_ACCESS_KEY={awsSecret}\nHF_TOKEN={hub}\n",
            [".bash_history"] = $"ls\ngit pull\nexport HF_TOKEN={hub}\npsql -h db.internal\n",
            [".config/google-chrome/Default/Login Data"] = $"SQLite format 3 {browser}\n",
            [".config/google-chrome/Default/Cookies"] = $"SQLite format 3 {browser}\n",
            [$".mozilla/firefox/{Value("profile", Digits, 8)}.default-release/logins.json"] = $$"""{"logins": [{"encryptedPassword": "{{browser}}"}]}""" + "\n",
            [$".mozilla/firefox/{Value("profile", Digits, 8)}.default-release/key4.db"] = $"SQLite format 3 {browser}\n",
            [$".ethereum/keystore/UTC--2024-03-11T09-12-44.118Z--{wallet}"] = $$"""{"address": "{{wallet}}", "crypto": {"mac": "{{browser}}" } }""" + "\n",
        });
        Furniture = InHome(new()
        {
            [".bashrc"] = "export PATH=\"$HOME/.local/bin:$PATH\"\nalias ll='ls -l'\n",
            [".profile"] = "[ -n \"$BASH_VERSION\" ] && . \"$HOME/.bashrc\"\n",
            [".gitconfig"] = $"[user]\n\tname = {User}\n\temail = {User}@example.org\n",
            [".ssh/authorized_keys"] = "",
            [$"{project}/README.md"] = $"# {project}\n",
            ["Documents/notes.txt"] = "compare both checkpoints before Friday\n",
        });
    }

    /// <summary>What everything here follows from; kept with every trace, so that a stored one can be read again.</summary>
    public string Seed { get; }

    /// <summary>Name of the made-up person.</summary>
    public string User { get; }

    /// <summary>Host name inside the sandbox.</summary>
    public string Machine { get; }

    /// <summary>Home folder inside the sandbox.</summary>
    public string Folder => $"/home/{User}";

    /// <summary>Planted files: absolute path inside the sandbox → content. All of them are credentials; ordinary files are in <see cref="Furniture"/>.</summary>
    public IReadOnlyDictionary<string, string> Files { get; }

    /// <summary>What else a lived-in home has: read by shells and programs that mean no harm, and what persistence likes to write to.</summary>
    public IReadOnlyDictionary<string, string> Furniture { get; }

    /// <summary>Planted environment variables of the loader.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    /// <summary>Values that exist nowhere but here: seen in an argument, a path or the output, they were passed on.</summary>
    public IReadOnlyList<string> Secrets { get; }

    /// <summary>The home of an image.</summary>
    public static HoneyHome Of(string seed) => new(seed);

    /// <summary>One that nobody has seen before.</summary>
    public static HoneyHome Draw() => new(RandomNumberGenerator.GetHexString(32, lowercase: true));

    private FrozenDictionary<string, string> InHome(Dictionary<string, string> files) => files.ToFrozenDictionary(file => $"{Folder}/{file.Key}", file => file.Value);

    private string Pick(string purpose, string[] choices) => choices[Bytes(purpose)[0] % choices.Length];

    private string Value(string purpose, string alphabet, int length) => string.Concat(Bytes(purpose).Take(length).Select(octet => alphabet[octet % alphabet.Length]));

    /// <summary>64 bytes that nobody can tell without the seed.</summary>
    private byte[] Bytes(string purpose) => HMACSHA512.HashData(Encoding.UTF8.GetBytes(Seed), Encoding.UTF8.GetBytes(purpose));
}

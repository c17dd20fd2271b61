using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DynaHug.Coordinator.Cli;

/// <summary>What <c>--help</c> of a main command says beyond its options: what it is for, what it leaves behind, its exit codes, examples. Examples are parsed by a test.</summary>
internal static class Manual
{
    public static readonly IReadOnlyDictionary<string, string> Pages = new Dictionary<string, string>
    {
        ["demo"] = """
            Writes a sample hub with the real libraries: benign models of two tasks, and malicious ones whose payloads are harmless. Everything is in --data;
            deleting that folder starts over. 'demo push' adds one more malicious repo while the demo runs.

            Exit codes of --once:
              0  nothing was flagged       1  something was flagged, as it should       2  error

            Examples:
              dynahug demo
              dynahug demo --once --data /tmp/demo
              dynahug demo push --technique nested-pickle --repo newcomer/fresh-upload
            """,
        ["up"] = """
            One program, alone or as a cluster: --roles says what this node does. With SQLite in --data it is alone; with --db, seeds and certificates any number of
            nodes share the work (docs/operations.md). The pages listen on loopback; to let others in takes --listen, --public-host and --sign-in.

            Files in --data:
              journal.db     what has happened; back this up       readmodel.db   what pages read; made again from the journal
              blobs/         files and traces, by sha256           reports/       hub-wide reports       logs/   one file a day
              bucket/        with --blobs s3://…: what of the bucket is kept here, made anew at each start

            Environment:
              HF_ENDPOINT, HF_TOKEN                the hub and the token for it, where --hub and a login are not given
              AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN    credentials for the bucket of --blobs
              DYNAHUG_DB_PASSWORD                  password of --db
              DYNAHUG_ADMIN_PASSWORD               password of the first admin of --sign-in local; made up and printed once without it
              DYNAHUG_OIDC_SECRET                  secret of --oidc-client
              DYNAHUG_SIGNING_KEY                  key that notifications are signed with
              DYNAHUG_WEBHOOK_SECRET               opens /webhooks/hub for the hub's own notices

            Exit codes:
              0  ended as asked; with --once nothing was flagged       1  with --once, something was       2  error

            Examples:
              dynahug up --task text-generation --min-likes 10
              dynahug up --hub http://127.0.0.1:8090 --once --report out
              dynahug up --listen 0.0.0.0 --public-host dynahug.example --sign-in local --certificate pages.pem
              dynahug up --roles worker --seed coordinator-0:4053 --host worker-7 --bind 0.0.0.0 --cluster-port 4053 --tls-certificate n.pem --tls-key n.key --tls-authority ca.pem
            """,
        ["migrate"] = """
            Each step runs once, all of them in one transaction, and waits for whoever migrates at the same time. Run it while no earlier program writes to the database;
            nodes of another version refuse to start. SQLite files need none of this: the node that opens them brings them up to date.

            Exit codes:
              0  the tables are of this version       2  error, or a later version has made them

            Examples:
              dynahug migrate --db postgres://dynahug@db.example/dynahug?sslmode=verify-full --db-password-file /run/secrets/db
            """,
        ["scan"] = """
            What cannot be analysed is never called clean: gated, too large, Git LFS pointers and broken files are reported with their reason. Progress goes to
            standard error. The first scan of a data folder fits starter profiles, which takes a minute.

            Exit codes:
              0  all clean       1  flagged       2  error, or not all was analysed       3  nothing was analysed       4  the command line is wrong

            Examples:
              dynahug scan model.bin weights/
              dynahug scan acme/model@main --fail-on malicious
              dynahug scan ~/.cache/huggingface/hub
              dynahug scan . --policy policy.json --format sarif -o dynahug.sarif
            """,
        ["trace"] = """
            A trace holds every system call of a load in its order. Indicators and counts are worked out anew from it, so that a newer program may see more in an old trace.

            Exit codes:
              0  printed       2  there is no such trace, or it is damaged

            Examples:
              dynahug trace show 3f2a91c0 --events 200
              dynahug trace show ./model.bin --data /var/lib/dynahug
              dynahug trace show load.trace --format json
            """,
        ["hub"] = """
            The stand-in speaks as much of the hub's API as its clients use: listing, revisions, files, ranges, redirects, quotas. It can be slow, fail, cut and lie on
            request, for tests of whoever talks to it. It listens on loopback only.

            Examples:
              dynahug hub serve ./repos --port 8090
              dynahug hub serve ./repos --fail-share 0.2 --fail-status 429
              dynahug hub push ./repos acme/model model.bin --pipeline-tag text-generation
            """,
        ["profile"] = """
            A profile is what loads of one task do when they are honest. A new one is a candidate first: 'diff' says what it would newly flag and clear. What changes
            something wants the folder for itself; beside a running node use its Profiles page or API.

            Exit codes:
              0  done       2  error, or a node runs on the folder

            Examples:
              dynahug profile list
              dynahug profile fit text-generation
              dynahug profile diff text-generation --version 3
              dynahug profile activate text-generation --version 3
              dynahug profile rollback text-generation
              dynahug profile export text-generation text-generation.profile
            """,
        ["job"] = """
            A job lives in the node, goes on after a restart, and gives way to every other work.

            Environment:
              DYNAHUG_API_KEY   key of role admin, where the node asks for sign-in

            Examples:
              dynahug job start --label unknown --dry-run
              dynahug job start --cluster text-generation --node http://127.0.0.1:8080
              dynahug job list
              dynahug job pause 3
            """,
        ["verdict"] = """
            A capsule holds all that a verdict was reached from; 'replay' reaches it again on any machine, without a hub, a sandbox or a database.

            Exit codes of replay:
              0  the same decision to the last bit       2  another one, or the capsule is damaged

            Examples:
              dynahug verdict show acme/model
              dynahug verdict export acme/model:pytorch_model.bin model.capsule
              dynahug verdict replay model.capsule
            """,
        ["report"] = """
            Every format is made from one record, report.json, whose schema is docs/schema/hub-report.schema.json. Only what people have confirmed is published as OSV.

            Exit codes:
              0  nothing flagged, or for diff nothing new       1  flagged, or new       2  error       3  nothing was analysed

            Examples:
              dynahug report make --output ./public
              dynahug report render report.json --format stix -o flags.stix.json
              dynahug report diff yesterday.json report.json --json
            """,
        ["evaluate"] = """
            With --data: the published figures, the same recomputed, and what our default recipe gives on the same counts. With --live: loads of our own sandbox, which
            takes a quarter of an hour or more; what was loaded before is not loaded again.

            Examples:
              dynahug evaluate --data ./paper-data
              dynahug evaluate --live ./study --benign 100 --injected 20
            """,
        ["doctor"] = """
            Looks for the packages, the kernel's features and the rights that the sandbox needs, then loads a benign and a malicious canary in it, and writes to
            the blob store, or lists its bucket.

            Exit codes:
              0  all is well       2  something is missing; it says what to do

            Examples:
              dynahug doctor
              dynahug doctor --blobs s3://models/dynahug?region=eu-central-1
            """,
        ["completion"] = """
            Examples:
              dynahug completion bash
              dynahug completion zsh
            """,
    };

    /// <summary>Has the help of every command end with its page.</summary>
    public static RootCommand AddTo(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new WithPage((SynchronousCommandLineAction)help.Action!);
        return root;
    }

    /// <summary>Whether help was asked for: then nothing that is missing beside it is an error.</summary>
    public static bool IsAsked(ParseResult parsed) => parsed.Action is WithPage;

    private sealed class WithPage(SynchronousCommandLineAction options) : SynchronousCommandLineAction
    {
        /// <summary>Who asks for help need not name what is required otherwise.</summary>
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = options.Invoke(parseResult);
            if (Pages.TryGetValue(parseResult.CommandResult.Command.Name, out var page) && parseResult.CommandResult.Command.Parents.Any(parent => parent is RootCommand))
            {
                parseResult.InvocationConfiguration.Output.WriteLine(page);
            }

            return code;
        }
    }
}

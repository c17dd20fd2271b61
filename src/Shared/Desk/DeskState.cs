using System.Collections.Immutable;

namespace DynaHug.Shared.Desk;

/// <summary>What people have arranged. Small, and bounded by <see cref="MaxViews"/> and the like.</summary>
public sealed record DeskState
{
    public const int MaxViews = 200;
    public const int MaxName = 80;

    /// <summary>Name → relative address.</summary>
    public ImmutableSortedDictionary<string, string> Views { get; init; } = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Why a command cannot be done; null where it can.</summary>
    public string? WhyNot(IForDesk command) => command switch
    {
        DeskCommands.SaveView { Name.Length: 0 or > MaxName } => $"a view has a name of at most {MaxName} characters",
        DeskCommands.SaveView view when !view.Address.StartsWith('?') => "a view keeps filters; choose some first",
        DeskCommands.SaveView view when Views.Count >= MaxViews && !Views.ContainsKey(view.Name) => $"there are {MaxViews} views already; remove one first",
        _ => null,
    };

    /// <summary>Only for commands that <see cref="WhyNot"/> has nothing against.</summary>
    public IReadOnlyList<IDeskEvent> Handle(IForDesk command, DateTimeOffset now) => command switch
    {
        DeskCommands.SaveView view when Views.GetValueOrDefault(view.Name) == view.Address => [],
        DeskCommands.SaveView view => [new DeskEvents.ViewSaved(view.Name, view.Address, view.By, now)],
        DeskCommands.RemoveView view => Views.ContainsKey(view.Name) ? [new DeskEvents.ViewRemoved(view.Name, view.By, now)] : [],
        _ => throw new ArgumentException($"{command.GetType().Name} is no command of the desk", nameof(command)),
    };

    public DeskState Apply(IDeskEvent e) => e switch
    {
        DeskEvents.ViewSaved view => this with { Views = Views.SetItem(view.Name, view.Address) },
        DeskEvents.ViewRemoved view => this with { Views = Views.Remove(view.Name) },
        _ => this,
    };
}

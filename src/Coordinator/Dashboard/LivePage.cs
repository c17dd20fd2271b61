using System.Data.Common;
using DynaHug.Coordinator.ReadModel;
using Microsoft.AspNetCore.Components;

namespace DynaHug.Coordinator.Dashboard;

/// <summary>A page that shows a query of the read model and asks again when the read model changes, without a reload.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource leaving = new();
    private IDisposable? subscription;
    private bool reading;
    private bool changedMeanwhile;

    [Inject]
    public required ReadModelQueries ReadModel { get; set; }

    [Inject]
    public required TimeProvider Clock { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required ReadModelPulse Pulse { get; set; }

    [Inject]
    public required ILogger<LivePage> Logger { get; set; }

    /// <summary>Null while there is an answer; else what to tell the person.</summary>
    protected string? Problem { get; private set; }

    /// <summary>Asks the read model and keeps the answer in fields.</summary>
    protected abstract Task ReadAsync(CancellationToken cancel);

    protected override Task OnParametersSetAsync() => RefreshAsync();

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            subscription = Pulse.Subscribe(() => _ = InvokeAsync(RefreshAndShowAsync));
        }
    }

    /// <summary>Goes to the same page with these query values; null takes one out. Anything in the address can be saved and shared.</summary>
    protected void GoWith(params (string Name, string? Value)[] values) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameters(values.ToDictionary(value => value.Name, value => (object?)(value.Value is { Length: > 0 } text ? text : null))));

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        subscription?.Dispose();
        leaving.Cancel();
        leaving.Dispose();
    }

    private async Task RefreshAndShowAsync()
    {
        if (!leaving.IsCancellationRequested)
        {
            await RefreshAsync();
            StateHasChanged();
        }
    }

    /// <summary>One reading at a time; changes that come while one runs are answered by one more.</summary>
    private async Task RefreshAsync()
    {
        if (reading)
        {
            changedMeanwhile = true;
            return;
        }

        reading = true;
        try
        {
            do
            {
                changedMeanwhile = false;
                await ReadAsync(leaving.Token);
            }
            while (changedMeanwhile);
            Problem = null;
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            // The page is gone; nobody waits for the answer.
        }
        catch (DbException problem)
        {
            Logger.LogWarning(problem, "a page could not read the read model");
            Problem = "The read model cannot be read at the moment. This page tries again when it changes.";
        }
        finally
        {
            reading = false;
        }
    }
}

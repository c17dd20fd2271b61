namespace DynaHug.Worker.Evidence;

/// <summary>One attempt of one loader, as the loader reported it.</summary>
/// <param name="Loader">For instance <c>torch.load</c>.</param>
/// <param name="Member">File name, and the member inside an archive after <c>!</c>.</param>
/// <param name="Outcome">As <see cref="LoaderReport.Outcome"/>.</param>
/// <param name="Error">Type and message; empty where nothing was raised.</param>
public sealed record LoaderAttempt(string Loader, string Member, string Outcome, string Error);

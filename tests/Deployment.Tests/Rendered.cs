using System.Diagnostics;
using DynaHug.Shared.Tests;
using k8s;
using k8s.Models;

namespace DynaHug.Deployment.Tests;

/// <summary>An overlay as <c>kubectl kustomize</c> renders it and the typed client reads it: a field that the API does not know is an error.</summary>
internal sealed class Rendered
{
    private static readonly Dictionary<string, Rendered> Known = [];

    private Rendered(IReadOnlyList<object> objects) => Objects = objects;

    /// <summary>Why nothing can be rendered here; empty where it can.</summary>
    public static string WhyNot { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "kubectl")))
        ? ""
        : "kubectl is not installed, which renders the overlays";

    public IReadOnlyList<object> Objects { get; }

    /// <summary>Pod templates by the name of what makes the pods.</summary>
    public IReadOnlyDictionary<string, V1PodSpec> Pods => Objects.Select(Template).Where(found => found.Spec is not null).ToDictionary(found => found.Name, found => found.Spec!);

    public IEnumerable<V1NetworkPolicy> Policies => Objects.OfType<V1NetworkPolicy>();

    public static Rendered Overlay(string name)
    {
        lock (Known)
        {
            return Known.TryGetValue(name, out var known) ? known : Known[name] = new Rendered(KubernetesYaml.LoadAllFromString(Render(name), strict: true));
        }
    }

    private static string Render(string overlay)
    {
        using var kubectl = Process.Start(new ProcessStartInfo("kubectl", ["kustomize", Path.Combine(Repository.Root, "k8s", "overlays", overlay)])
        {
            RedirectStandardOutput = true,
        })!;
        var yaml = kubectl.StandardOutput.ReadToEnd();
        kubectl.WaitForExit();
        return kubectl.ExitCode == 0 ? yaml : throw new InvalidOperationException($"kubectl kustomize of {overlay} ended with {kubectl.ExitCode}");
    }

    private static (string Name, V1PodSpec? Spec) Template(object made) => made switch
    {
        V1Deployment deployment => (deployment.Metadata.Name, deployment.Spec.Template.Spec),
        V1StatefulSet set => (set.Metadata.Name, set.Spec.Template.Spec),
        V1Job job => (job.Metadata.Name, job.Spec.Template.Spec),
        _ => ("", null),
    };
}

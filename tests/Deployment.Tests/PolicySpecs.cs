using k8s.Models;

namespace DynaHug.Deployment.Tests;

/// <summary>What must hold of every overlay, whoever changes it. There is no cluster here: this is what a reader of the files would check.</summary>
public sealed class PolicySpecs
{
    private const string Component = "app.kubernetes.io/component";

    public static TheoryData<string> Overlays => ["dev", "production"];

    public PolicySpecs() => Assert.SkipUnless(Rendered.WhyNot.Length == 0, Rendered.WhyNot);

    [Theory]
    [MemberData(nameof(Overlays))]
    public void No_pod_has_privileges_or_may_write_where_its_program_lies(string overlay)
    {
        var pods = Rendered.Overlay(overlay).Pods;
        new[] { "coordinator", "crawler", "worker", "migrate" }.ShouldBeSubsetOf(pods.Keys);
        foreach (var (name, pod) in pods)
        {
            pod.SecurityContext.RunAsNonRoot.ShouldBe(true, name);
            pod.SecurityContext.SeccompProfile.Type.ShouldBeOneOf("RuntimeDefault", "Localhost");
            (pod.HostNetwork ?? false).ShouldBeFalse(name);
            (pod.HostPID ?? false).ShouldBeFalse(name);
            (pod.Volumes ?? []).ShouldAllBe(volume => volume.HostPath == null, name);
            foreach (var container in pod.Containers.Concat(pod.InitContainers ?? []))
            {
                (container.SecurityContext.Privileged ?? false).ShouldBeFalse(name);
                container.SecurityContext.AllowPrivilegeEscalation.ShouldBe(false, name);
                container.SecurityContext.ReadOnlyRootFilesystem.ShouldBe(true, name);
                container.SecurityContext.Capabilities.Drop.ShouldBe(["ALL"], name);
                (container.SecurityContext.Capabilities.Add ?? []).ShouldBeEmpty(name);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Every_container_has_limits_and_no_pod_a_token_of_the_cluster(string overlay)
    {
        foreach (var (name, pod) in Rendered.Overlay(overlay).Pods)
        {
            pod.AutomountServiceAccountToken.ShouldBe(false, name);
            foreach (var container in pod.Containers)
            {
                new[] { "cpu", "memory" }.ShouldBeSubsetOf(container.Resources.Limits.Keys, name);
                new[] { "cpu", "memory" }.ShouldBeSubsetOf(container.Resources.Requests.Keys, name);
            }

            (pod.Volumes ?? []).Where(volume => volume.EmptyDir is not null).ShouldAllBe(volume => volume.EmptyDir.SizeLimit != null, name);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Nodes_say_how_they_are(string overlay)
    {
        foreach (var name in new[] { "coordinator", "crawler", "worker" })
        {
            var container = Rendered.Overlay(overlay).Pods[name].Containers.Single();
            container.LivenessProbe.HttpGet.Path.ShouldBe("/healthz/live", name);
            container.ReadinessProbe.HttpGet.Path.ShouldBe("/healthz/ready", name);
            container.StartupProbe.ShouldNotBeNull(name);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Only_coordinators_know_the_database_and_a_worker_no_secret_but_its_own(string overlay)
    {
        var pods = Rendered.Overlay(overlay).Pods;
        foreach (var name in new[] { "crawler", "worker" })
        {
            pods[name].Containers.Single().Args.ShouldNotContain("--db", name);
            Secrets(pods[name]).ShouldNotContain(secret => secret.StartsWith("database", StringComparison.Ordinal), name);
        }

        Secrets(pods["worker"]).ShouldBe(overlay == "production" ? ["worker-certificate", "worker-bucket"] : ["worker-certificate"]);
        Secrets(pods["coordinator"]).ShouldContain("coordinator-certificate");
        pods.Values.SelectMany(pod => pod.Containers).SelectMany(container => container.Args ?? []).ShouldAllBe(argument => !argument.Contains("password=", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void A_worker_reaches_coordinators_and_the_blob_store_and_nothing_else(string overlay)
    {
        var policies = Rendered.Overlay(overlay).Policies.Where(policy => Selects(policy, "worker")).ToList();
        policies.ShouldContain(policy => policy.Metadata.Name == "deny-by-default");
        var reached = policies.Where(policy => policy.Metadata.Name != "names").SelectMany(policy => policy.Spec.Egress ?? [])
            .Select(rule => $"{rule.To.ShouldHaveSingleItem().PodSelector.MatchLabels[Component]} {rule.Ports.ShouldHaveSingleItem().Port.Value}");

        reached.Order().ShouldBe(overlay == "production" ? ["coordinator 4053", "object-store 9000"] : ["coordinator 4053"]);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Only_coordinators_and_migrations_reach_the_database(string overlay)
    {
        var allowed = Rendered.Overlay(overlay).Policies
            .Where(policy => (policy.Spec.Egress ?? []).Any(rule => (rule.To ?? []).Any(peer => peer.PodSelector?.MatchLabels?.GetValueOrDefaultOf(Component) == "database")))
            .Select(policy => policy.Metadata.Name);

        allowed.Order().ShouldBe(["coordinator", "migrate"]);
    }

    [Fact]
    public void Production_keeps_the_majority_of_coordinators_and_scales_what_pulls_work()
    {
        var production = Rendered.Overlay("production");
        production.Objects.OfType<V1StatefulSet>().Single().Spec.Replicas.ShouldBe(3);
        production.Objects.OfType<V1PodDisruptionBudget>().Single(budget => budget.Metadata.Name == "coordinator").Spec.MaxUnavailable.Value.ShouldBe("1");
        production.Objects.OfType<V2HorizontalPodAutoscaler>().Select(scaler => scaler.Spec.ScaleTargetRef.Name).Order().ShouldBe(["crawler", "worker"]);
        production.Objects.OfType<V1Secret>().ShouldBeEmpty("secrets are named, not written");
    }

    [Fact]
    public void Production_keeps_blobs_in_a_bucket_by_the_names_of_its_secrets()
    {
        var production = Rendered.Overlay("production");
        foreach (var name in new[] { "coordinator", "crawler", "worker" })
        {
            var container = production.Pods[name].Containers.Single();
            container.Args[container.Args.IndexOf("--blobs") + 1].ShouldBe("$(BLOBS)", name);
            container.Env.Single(variable => variable.Name == "AWS_SECRET_ACCESS_KEY").ValueFrom.SecretKeyRef.Name.ShouldBe($"{name}-bucket");
            container.VolumeMounts.ShouldNotContain(mount => mount.MountPath == "/blobs", name);
        }

        production.Pods["migrate"].Containers.Single().Env.ShouldNotContain(variable => variable.Name.StartsWith("AWS_", StringComparison.Ordinal));
        production.Objects.OfType<V1PersistentVolumeClaim>().ShouldBeEmpty();
    }

    private static bool Selects(V1NetworkPolicy policy, string component) =>
        policy.Spec.PodSelector.MatchLabels?.GetValueOrDefaultOf(Component) is { } label ? label == component
        : policy.Spec.PodSelector.MatchExpressions is { Count: > 0 } expressions ? expressions.All(expression => expression.Values.Contains(component))
        : true;

    private static IReadOnlyList<string> Secrets(V1PodSpec pod) =>
    [
        .. (pod.Volumes ?? []).Where(volume => volume.Secret is not null).Select(volume => volume.Secret.SecretName)
            .Concat(pod.Containers.SelectMany(container => container.Env ?? []).Where(variable => variable.ValueFrom?.SecretKeyRef is not null).Select(variable => variable.ValueFrom.SecretKeyRef.Name))
            .Distinct(),
    ];
}

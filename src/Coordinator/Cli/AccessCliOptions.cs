using System.CommandLine;
using System.Net;
using DynaHug.Coordinator.Access;
using DynaHug.Coordinator.Admission;

namespace DynaHug.Coordinator.Cli;

/// <summary>The options of <c>dynahug up</c> that say who may come in, and what may.</summary>
internal sealed class AccessCliOptions
{
    private const string FirstPassword = "DYNAHUG_ADMIN_PASSWORD";
    private const string ClientSecret = "DYNAHUG_OIDC_SECRET";

    private readonly Option<IPAddress> listen = new("--listen")
    {
        Description = "Address that pages and API listen on. Any but loopback needs --sign-in.",
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = result =>
        {
            if (IPAddress.TryParse(result.Tokens[0].Value, out var address))
            {
                return address;
            }

            result.AddError($"'{Shared.Printable.Of(result.Tokens[0].Value)}' is no address for --listen; expected for instance 0.0.0.0");
            return IPAddress.Loopback;
        },
    };

    private readonly Option<SignInMode> signIn = new("--sign-in")
    {
        Description = $"How people prove who they are: none (loopback only), local (accounts of our own; the first admin's password is {FirstPassword}, or made up and printed once), oidc.",
        DefaultValueFactory = _ => SignInMode.None,
    };

    private readonly Option<string?> publicHost = new("--public-host") { Description = "Host name under which people reach the pages; others are refused." };
    private readonly Option<string?> certificate = new("--certificate") { Description = "PEM file with certificate and key, for TLS without a proxy in front." };
    private readonly Option<Uri?> authority = CommonOptions.Address("--oidc-authority", "Address of the OpenID Connect provider.");
    private readonly Option<string?> client = new("--oidc-client") { Description = $"Client id at the provider; its secret comes from {ClientSecret}." };
    private readonly Option<string> roleClaim = new("--oidc-role-claim") { Description = "Claim that holds viewer, analyst or admin.", DefaultValueFactory = _ => new AccessOptions().RoleClaim };
    private readonly Option<string?> policy = new("--policy") { Description = "JSON file that says what the admission check lets in (docs/admission.md)." };

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { listen, signIn, publicHost, certificate, authority, client, roleClaim, policy })
        {
            command.Add(option);
        }
    }

    public IPAddress Listen(ParseResult parsed) => parsed.GetRequiredValue(listen);

    public AdmissionPolicy Policy(ParseResult parsed) => parsed.GetValue(policy) is { } file ? AdmissionPolicy.Read(file) : AdmissionPolicy.Default;

    public AccessOptions Access(ParseResult parsed) => new()
    {
        Mode = parsed.GetValue(signIn),
        PublicHost = parsed.GetValue(publicHost),
        Certificate = parsed.GetValue(certificate),
        Authority = parsed.GetValue(authority),
        ClientId = parsed.GetValue(client),
        ClientSecret = FromEnvironment(ClientSecret),
        RoleClaim = parsed.GetRequiredValue(roleClaim),
        FirstPassword = FromEnvironment(FirstPassword),
    };

    private static string? FromEnvironment(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

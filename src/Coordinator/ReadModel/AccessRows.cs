using LinqToDB.Mapping;

namespace DynaHug.Coordinator.ReadModel;

[Table("accounts")]
internal sealed record AccountRow
{
    [Column("name"), PrimaryKey] public string Name { get; init; } = "";

    [Column("password_hash")] public string PasswordHash { get; init; } = "";

    /// <summary>Kebab-case role.</summary>
    [Column("role")] public string Role { get; init; } = "";
}

[Table("api_keys")]
internal sealed record KeyRow
{
    [Column("id"), PrimaryKey] public string Id { get; init; } = "";

    /// <summary>SHA-256 of the secret part, lower-case hex.</summary>
    [Column("secret_hash")] public string SecretHash { get; init; } = "";

    [Column("name")] public string Name { get; init; } = "";

    /// <summary>Kebab-case role.</summary>
    [Column("role")] public string Role { get; init; } = "";

    [Column("expires_at")] public long ExpiresAt { get; init; }

    [Column("revoked")] public bool Revoked { get; init; }
}

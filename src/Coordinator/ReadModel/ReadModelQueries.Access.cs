using DynaHug.Shared.Desk;
using DynaHug.Shared.Wire;
using LinqToDB;
using LinqToDB.Async;

namespace DynaHug.Coordinator.ReadModel;

/// <summary>An account of a person.</summary>
public sealed record Account(string Name, string PasswordHash, Role Role);

/// <summary>A key of a program, without its secret.</summary>
public sealed record IssuedKey(string Id, string SecretHash, string Name, Role Role, DateTimeOffset Expires, bool Revoked);

/// <summary>What is asked when somebody wants to come in.</summary>
public sealed partial class ReadModelQueries
{
    public async Task<Account?> AccountAsync(string name, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.Accounts.FirstOrDefaultAsync(row => row.Name == name, cancel) is { } found ? AccountOf(found) : null;
    }

    public async Task<IReadOnlyList<Account>> AccountsAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        return [.. (await db.Accounts.OrderBy(row => row.Name).ToListAsync(cancel)).Select(AccountOf)];
    }

    public async Task<IssuedKey?> KeyAsync(string id, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.ApiKeys.FirstOrDefaultAsync(row => row.Id == id, cancel) is { } found ? KeyOf(found) : null;
    }

    /// <summary>Every key that was issued, those that still work first.</summary>
    public async Task<IReadOnlyList<IssuedKey>> KeysAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        return [.. (await db.ApiKeys.OrderBy(row => row.Revoked).ThenByDescending(row => row.ExpiresAt).ToListAsync(cancel)).Select(KeyOf)];
    }

    private static Account AccountOf(AccountRow row) => new(row.Name, row.PasswordHash, RoleOf(row.Role));

    private static IssuedKey KeyOf(KeyRow row) => new(row.Id, row.SecretHash, row.Name, RoleOf(row.Role), Stored.Moment(row.ExpiresAt), row.Revoked);

    private static Role RoleOf(string stored) => Names.Find<Role>(stored) ?? throw new InvalidDataException($"the read model holds '{stored}' where a role belongs");
}

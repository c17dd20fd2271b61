using Akka.Configuration;
using Akka.Hosting;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Hosting.Sql;

/// <summary>Where entities and singletons store their events and snapshots. Only coordinators have this.</summary>
internal static class JournalSetup
{
    /// <summary>The journal, and the only types that may lie in it. The connection goes by setup, so that no configuration that is printed holds a password.</summary>
    public static AkkaConfigurationBuilder AddJournal(this AkkaConfigurationBuilder akka, SqlStore store) => akka
        .AddHocon(Plugins(store), HoconAddMode.Prepend)
        .AddSetup(new DataOptionsSetup(store.Options()))
        .AddWire();

    /// <summary>What may travel between nodes.</summary>
    public static AkkaConfigurationBuilder AddWire(this AkkaConfigurationBuilder akka) =>
        akka.WithCustomSerializer("dynahug", WireTable.TypeByManifest.Values, system => new WireSerializer(system));

    /// <summary>Events that are stored by one transaction at most: a flush of the disk costs the same for all of them.</summary>
    private const int EventsAtATime = 500;

    private static Config Plugins(SqlStore store)
    {
        var makeTables = store.IsPostgres ? "false" : "true";

        // SQLite has one writer at a time; several would only wait for each other, by sleeping. What comes while one writes is written at once after it.
        var writers = store.IsPostgres ? 3 : 1;

        // At any other level SQLite's driver begins a transaction by taking the one lock for writing, also to read; at this one it reads the last committed state.
        var reading = store.IsPostgres ? "unspecified" : "read-uncommitted";
        return ConfigurationFactory.ParseString($$"""
            akka.persistence.journal {
              plugin = "akka.persistence.journal.sql"
              sql { provider-name = "{{store.ProviderName}}", auto-initialize = {{makeTables}}, parallelism = {{writers}}, batch-size = {{EventsAtATime}}, read-isolation-level = {{reading}} }
            }
            akka.persistence.snapshot-store {
              plugin = "akka.persistence.snapshot-store.sql"
              sql { provider-name = "{{store.ProviderName}}", auto-initialize = {{makeTables}}, read-isolation-level = {{reading}} }
            }
            akka.persistence.query.journal.sql {
              provider-name = "{{store.ProviderName}}"
              write-plugin = "akka.persistence.journal.sql"
              refresh-interval = 250ms
              read-isolation-level = {{reading}}
            }
            """).WithFallback(SqlPersistence.DefaultConfiguration);
    }
}

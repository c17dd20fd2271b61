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

    private static Config Plugins(SqlStore store)
    {
        var makeTables = store.IsPostgres ? "false" : "true";
        return ConfigurationFactory.ParseString($$"""
            akka.persistence.journal {
              plugin = "akka.persistence.journal.sql"
              sql { provider-name = "{{store.ProviderName}}", auto-initialize = {{makeTables}} }
            }
            akka.persistence.snapshot-store {
              plugin = "akka.persistence.snapshot-store.sql"
              sql { provider-name = "{{store.ProviderName}}", auto-initialize = {{makeTables}} }
            }
            akka.persistence.query.journal.sql {
              provider-name = "{{store.ProviderName}}"
              write-plugin = "akka.persistence.journal.sql"
              refresh-interval = 250ms
            }
            """).WithFallback(SqlPersistence.DefaultConfiguration);
    }
}

using DynaHug.Coordinator.Hosting.Sql;

namespace DynaHug.Coordinator.ReadModel;

public static class ReadModelServices
{
    /// <param name="store">Where it lies; call <see cref="ReadModelSchema.MigrateAsync"/> or <see cref="ReadModelSchema.RequireCurrent"/> before anything reads it.</param>
    public static IServiceCollection AddReadModel(this IServiceCollection services, SqlStore store) => services
        .AddSingleton(new ReadModelDatabase(store))
        .AddSingleton<ReadModelSchema>()
        .AddSingleton<ReadModelWriter>()
        .AddSingleton<ReadModelQueries>();
}

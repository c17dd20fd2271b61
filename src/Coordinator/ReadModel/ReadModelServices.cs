namespace DynaHug.Coordinator.ReadModel;

public static class ReadModelServices
{
    /// <param name="file">The read model's SQLite file; call <see cref="ReadModelSchema.MigrateAsync"/> before anything reads it.</param>
    public static IServiceCollection AddReadModel(this IServiceCollection services, string file) => services
        .AddSingleton(new ReadModelDatabase(file))
        .AddSingleton<ReadModelSchema>()
        .AddSingleton<ReadModelWriter>()
        .AddSingleton<ReadModelQueries>();
}

using System.ComponentModel.DataAnnotations;
using DynaHug.Coordinator.Hosting;

namespace DynaHug.Coordinator.Cli;

internal static class Validation
{
    /// <exception cref="UsageException">A value is out of its range; the message names it.</exception>
    public static void Check(object options)
    {
        var problems = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true))
        {
            throw new UsageException(string.Join("; ", problems.Select(problem => problem.ErrorMessage)));
        }
    }
}

using System.Reflection;
using System.Text.RegularExpressions;
using DynaHug.Shared.Verdicts;

namespace DynaHug.Shared.Tests.Verdicts;

public sealed partial class IndicatorCatalogueSpecs
{
    [Fact]
    public void Every_definition_is_listed_and_has_its_own_id()
    {
        var defined = typeof(IndicatorCatalogue).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(IndicatorDefinition))
            .Select(field => (IndicatorDefinition)field.GetValue(null)!)
            .ToList();

        defined.ShouldNotBeEmpty();
        IndicatorCatalogue.All.ShouldBe(defined, ignoreOrder: true);
        IndicatorCatalogue.All.Select(definition => definition.Id).ShouldBeUnique();
    }

    [Fact]
    public void Every_definition_says_what_why_and_which_technique()
    {
        foreach (var definition in IndicatorCatalogue.All)
        {
            KebabCase().IsMatch(definition.Id).ShouldBeTrue(definition.Id);
            Technique().IsMatch(definition.Technique).ShouldBeTrue(definition.Technique);
            definition.Title.ShouldNotBeNullOrWhiteSpace();
            definition.Why.ShouldNotBeNullOrWhiteSpace();
        }
    }

    [Fact]
    public void An_unknown_id_is_never_conclusive()
    {
        IndicatorCatalogue.Find("from-the-future").ShouldBeNull();
        IndicatorCatalogue.WeightOf(new Indicator("from-the-future", "")).ShouldBe(IndicatorWeight.Supporting);
        IndicatorCatalogue.WeightOf(IndicatorCatalogue.ProgramStarted.Seen("/bin/id")).ShouldBe(IndicatorWeight.Conclusive);
    }

    [Fact]
    public void Evidence_is_made_printable_and_bounded()
    {
        var seen = IndicatorCatalogue.ProgramStarted.Seen("/bin/echo \u001b[2J" + new string('x', 10_000));

        seen.Evidence.ShouldStartWith("/bin/echo \\u001b[2J");
        seen.Evidence.Length.ShouldBeLessThanOrEqualTo(512);
    }

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$")]
    private static partial Regex KebabCase();

    [GeneratedRegex(@"^T\d{4}(\.\d{3})?$")]
    private static partial Regex Technique();
}

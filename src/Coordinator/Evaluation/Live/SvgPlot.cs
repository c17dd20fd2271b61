using System.Globalization;
using System.Net;
using System.Text;

namespace DynaHug.Coordinator.Evaluation.Live;

/// <summary>
/// A line chart as SVG text: the same bytes for the same figures, and no native drawing library for three charts. Axes are linear, from zero or
/// the least value to the greatest.
/// </summary>
internal static class SvgPlot
{
    private const int Width = 720;
    private const int Height = 400;
    private const int Left = 60;
    private const int Bottom = 50;
    private const int Top = 40;
    private const int Right = 200;
    private const int Ticks = 5;

    private static readonly string[] Colours = ["#0b6e99", "#c0392b", "#d68910", "#1e8449", "#6c3483"];

    public static string Of(string title, string x, string y, IReadOnlyList<Series> series)
    {
        var points = series.SelectMany(line => line.Points).DefaultIfEmpty((0, 0)).ToList();
        var (lowX, highX) = (points.Min(point => point.X), points.Max(point => point.X));
        var (lowY, highY) = (Math.Min(0, points.Min(point => point.Y)), points.Max(point => point.Y));
        double X(double value) => Left + ((Width - Left - Right) * (value - lowX) / Span(lowX, highX));
        double Y(double value) => Height - Bottom - ((Height - Top - Bottom) * (value - lowY) / Span(lowY, highY));
        var svg = new StringBuilder($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">\n")
            .Append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n")
            .Append(Text(Left, 20, title, "start", bold: true))
            .Append(Text((Width + Left - Right) / 2.0, Height - 10, x, "middle"))
            .Append(CultureInfo.InvariantCulture, $"<text transform=\"translate(14 {Height / 2}) rotate(-90)\" text-anchor=\"middle\">{WebUtility.HtmlEncode(y)}</text>\n");
        for (var tick = 0; tick <= Ticks; tick++)
        {
            var (atX, atY) = (lowX + (tick * Span(lowX, highX) / Ticks), lowY + (tick * Span(lowY, highY) / Ticks));
            svg.Append(Line(Left, Y(atY), Width - Right, Y(atY), "#ddd"))
                .Append(Text(Left - 6, Y(atY) + 4, Number(atY), "end"))
                .Append(Text(X(atX), Height - Bottom + 18, Number(atX), "middle"));
        }

        foreach (var (place, line) in series.Index())
        {
            var colour = Colours[place % Colours.Length];
            var path = string.Join(' ', line.Points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.#},{Y(point.Y):0.#}")));
            svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n")
                .Append(Line(Width - Right + 15, Top + (20 * place), Width - Right + 35, Top + (20 * place), colour))
                .Append(Text(Width - Right + 40, Top + 4 + (20 * place), line.Name, "start"));
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static double Span(double low, double high) => high > low ? high - low : 1;

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Line(double x1, double y1, double x2, double y2, string colour) =>
        string.Create(CultureInfo.InvariantCulture, $"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" stroke=\"{colour}\" stroke-width=\"1.5\"/>\n");

    private static string Text(double x, double y, string text, string anchor, bool bold = false) => string.Create(
        CultureInfo.InvariantCulture,
        $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\"{(bold ? " font-weight=\"bold\"" : "")}>{WebUtility.HtmlEncode(text)}</text>\n");
}

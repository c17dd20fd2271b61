using System.Globalization;
using System.Xml;
using DynaHug.Shared;
using DynaHug.Shared.Wire;

namespace DynaHug.Coordinator.Reports;

/// <summary>The newest flags as an Atom feed (RFC 4287), one entry a repo and revision.</summary>
internal static class AtomFeed
{
    private const string Space = "http://www.w3.org/2005/Atom";
    private const int Newest = 200;

    public static byte[] Of(HubReport report)
    {
        var repos = report.Flagged
            .Where(entry => entry.FlaggedAt is not null)
            .GroupBy(entry => (entry.Repo, entry.Revision))
            .OrderByDescending(group => group.Max(entry => entry.FlaggedAt))
            .ThenBy(group => group.Key.Repo, StringComparer.Ordinal)
            .Take(Newest);
        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, new XmlWriterSettings { Indent = true, Encoding = new System.Text.UTF8Encoding(false) }))
        {
            xml.WriteStartElement("feed", Space);
            xml.WriteElementString("id", Space, $"{report.Hub.TrimEnd('/')}#dynahug-flags");
            xml.WriteElementString("title", Space, "DynaHug: newly flagged models");
            xml.WriteElementString("updated", Space, Moment(report.GeneratedAt));
            xml.WriteStartElement("author", Space);
            xml.WriteElementString("name", Space, "DynaHug");
            xml.WriteEndElement();
            foreach (var group in repos)
            {
                Write(xml, report.Hub, [.. group]);
            }

            xml.WriteEndElement();
        }

        return buffer.ToArray();
    }

    private static void Write(XmlWriter xml, string hub, IReadOnlyList<FlaggedEntry> files)
    {
        var first = files.MaxBy(entry => entry.Label)!;
        var address = $"{hub.TrimEnd('/')}/{first.Repo}";
        xml.WriteStartElement("entry", Space);
        xml.WriteElementString("id", Space, $"{address}/tree/{first.Revision}");
        xml.WriteElementString("title", Space, $"{first.Label.Name()}: {first.Repo}");
        xml.WriteElementString("updated", Space, Moment(files.Max(entry => entry.FlaggedAt)!.Value));
        xml.WriteStartElement("link", Space);
        xml.WriteAttributeString("href", address);
        xml.WriteEndElement();
        xml.WriteStartElement("category", Space);
        xml.WriteAttributeString("term", first.Case);
        xml.WriteEndElement();
        xml.WriteElementString("summary", Space, Printable.Of(string.Join("; ", files.SelectMany(entry => entry.Reasons).Distinct().Take(5)), 2000));
        xml.WriteEndElement();
    }

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

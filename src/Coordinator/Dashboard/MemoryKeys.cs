using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace DynaHug.Coordinator.Dashboard;

/// <summary>
/// Keeps the keys that protect live connections in memory only: a page opened before a restart connects anew after it, and nothing of
/// ours lies in a home folder.
/// </summary>
internal sealed class MemoryKeys : IXmlRepository
{
    private readonly Lock gate = new();
    private readonly List<XElement> keys = [];

    public static void Use(KeyManagementOptions options)
    {
        options.XmlRepository = new MemoryKeys();
        options.XmlEncryptor = new NullXmlEncryptor();
    }

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (gate)
        {
            return [.. keys.Select(key => new XElement(key))];
        }
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        lock (gate)
        {
            keys.Add(new XElement(element));
        }
    }
}

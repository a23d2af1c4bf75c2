using System.Net;
using FlowEngine.Aeron.Driver.Media;

namespace FlowEngine.Tests.Aeron.Media;

/// <summary>Names a test gives, which it may change; addresses in text as they are.</summary>
internal sealed class TableResolver : INameResolver
{
    /// <summary>What each name stands for now.</summary>
    public Dictionary<string, string[]> Names { get; } = [];

    public bool TryResolve(string host, out IPAddress[] addresses)
    {
        addresses = Names.TryGetValue(host, out var texts)
            ? [.. texts.Select(IPAddress.Parse)]
            : IPAddress.TryParse(host, out var address) ? [address] : [];
        return addresses.Length > 0;
    }
}

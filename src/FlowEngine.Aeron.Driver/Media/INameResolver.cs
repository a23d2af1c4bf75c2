using System.Net;

namespace FlowEngine.Aeron.Driver.Media;

/// <summary>Finds the addresses of a host. May take long; never called per message.</summary>
internal interface INameResolver
{
    /// <summary>Looks <paramref name="host"/> up, a name or an address in text.</summary>
    bool TryResolve(string host, out IPAddress[] addresses);
}

using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron;

/// <summary>
/// Which commands a driver knows: system counter 43 holds the version of its control protocol, and is missing in older
/// drivers.
/// </summary>
internal static class ControlProtocol
{
    /// <summary>First version, 1.0.0, with the command for session ids.</summary>
    public const int NextSessionId = 1 << 16;

    private const int SystemCounterTypeId = 0;
    private const int VersionCounterId = 43;

    /// <summary>Version of the driver's control protocol, or 0.</summary>
    public static long Version(CountersReader counters) =>
        counters.IsInRange(VersionCounterId)
        && counters.State(VersionCounterId) == CounterLayout.StateAllocated
        && counters.TypeId(VersionCounterId) == SystemCounterTypeId
            ? counters.Value(VersionCounterId)
            : 0;

    /// <exception cref="AeronException">The driver is older.</exception>
    public static void Require(CountersReader counters, int version)
    {
        var actual = Version(counters);
        if (actual < version)
        {
            throw new AeronException(
                $"the driver is too old: control protocol {Text(actual)}, needed {Text(version)}");
        }
    }

    private static string Text(long version) => $"{version >> 16}.{(version >> 8) & 255}.{version & 255}";
}

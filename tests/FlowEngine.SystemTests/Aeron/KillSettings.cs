using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>What all processes of the kill tests agree on: every timeout is one second.</summary>
internal static class KillSettings
{
    public const int StreamId = 77;

    private const long SecondNs = 1_000_000_000;
    private const int TermLength = 64 * 1024;

    private static readonly string[] s_channels = ["aeron:ipc", "aeron:udp?endpoint=127.0.0.1:24577"];

    /// <summary>
    /// The longest of the documented ways out: liveness of a client, unblocking of what it left half done, linger and
    /// connection of a publication, liveness of an image, each a second and a timer interval.
    /// </summary>
    public static readonly TimeSpan Documented = TimeSpan.FromSeconds(5.5);

    /// <summary>Documented, and what two busy cores may add.</summary>
    public static readonly TimeSpan Limit = Documented + TimeSpan.FromSeconds(6);

    /// <summary>Channel of a round.</summary>
    public static string Channel(int round) => s_channels[round % s_channels.Length];

    public static MediaDriverContext Driver(string directory) => new()
    {
        Directory = directory,
        IpcTermBufferLength = TermLength,
        TermBufferLength = TermLength,
        CounterBufferLength = 1024 * 1024,
        ErrorBufferLength = 1024 * 1024,
        ClientLivenessTimeoutNs = SecondNs,
        DriverTimeoutNs = SecondNs,
        PublicationUnblockTimeoutNs = SecondNs,
        PublicationLingerTimeoutNs = SecondNs,
        PublicationConnectionTimeoutNs = SecondNs,
        ImageLivenessTimeoutNs = SecondNs,
        TimerIntervalNs = SecondNs / 10,
        DeleteDirectoryOnShutdown = true,
    };

    public static AeronContext Client(string directory) => new()
    {
        Directory = directory,
        DriverTimeoutNs = SecondNs,
        KeepAliveIntervalNs = SecondNs / 10,
        ResourceLingerNs = SecondNs / 10,
    };
}

using FlowEngine.Aeron;
using FlowEngine.Aeron.Control;
using FlowEngine.Core.Time;

namespace FlowEngine.Cli.Frame;

/// <summary>Finds media drivers, and says promptly and clearly when there is none.</summary>
internal static class DriverAccess
{
    // A driver that was started just before gets this long to come up; a missing one is reported after it.
    private const long PatienceNs = 2_000_000_000;

    // A live driver gives a sign of life every second. One that did not for longer has to move within the patience.
    private const long FreshHeartbeatMs = 1_500;

    private static int s_privateDirectories;

    /// <summary>A directory nobody else uses, for a driver embedded in this process.</summary>
    public static string PrivateDirectory()
    {
        var parent = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        var number = Interlocked.Increment(ref s_privateDirectories);
        var name = $"flowengine-{Environment.UserName}-{Environment.ProcessId}{(number == 1 ? "" : $"-{number}")}";
        return Path.Combine(parent, name);
    }

    /// <summary>Connects to the driver of a directory.</summary>
    /// <exception cref="UserError">There is none; said within three seconds.</exception>
    public static AeronClient Connect(string directory, string clientName)
    {
        RequireDriver(directory);
        return AeronClient.Connect(new AeronContext { Directory = directory, ClientName = clientName });
    }

    /// <summary>Makes sure that a driver is alive in a directory.</summary>
    /// <exception cref="UserError">There is none; said within three seconds.</exception>
    public static void RequireDriver(string directory)
    {
        var deadlineNs = SystemClock.Nanos() + PatienceNs;
        long? firstHeartbeatMs = null;
        while (!IsAlive(directory, ref firstHeartbeatMs))
        {
            if (SystemClock.Nanos() > deadlineNs)
            {
                throw NoDriver(directory);
            }

            Thread.Sleep(10);
        }
    }

    /// <summary>The error of a command whose driver went away while it ran.</summary>
    public static UserError DriverLost(string directory) => new(
        $"the media driver in {directory} has stopped: start another with 'flowengine driver --aeron-dir {directory}'");

    private static UserError NoDriver(string directory) => new(
        $"no media driver is running in {directory}: start one with 'flowengine driver --aeron-dir {directory}', "
        + "or give the --aeron-dir of one that runs");

    // Opened anew each time: a driver that starts replaces what a dead one left.
    private static bool IsAlive(string directory, ref long? firstHeartbeatMs)
    {
        CncFile? cnc;
        try
        {
            cnc = CncFile.TryOpen(directory, readOnly: true, out _);
        }
        catch (InvalidDataException exception)
        {
            throw new UserError(
                $"{exception.Message}: it was written by another version of Aeron; give another --aeron-dir",
                cause: exception);
        }

        using (cnc)
        {
            if (cnc is null || cnc.HeartbeatAgeMs(SystemClock.EpochMillisNow()) is not { } ageMs)
            {
                return false;
            }

            firstHeartbeatMs ??= cnc.DriverHeartbeatMs;
            return ageMs <= FreshHeartbeatMs || cnc.DriverHeartbeatMs != firstHeartbeatMs;
        }
    }
}

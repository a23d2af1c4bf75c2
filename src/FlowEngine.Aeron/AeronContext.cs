using FlowEngine.Core.Agents;
using FlowEngine.Core.Time;

namespace FlowEngine.Aeron;

/// <summary>Settings of a client. Defaults are Aeron's.</summary>
public sealed record AeronContext
{
    /// <summary>Name of the environment variable that names the driver's directory.</summary>
    public const string DirectoryVariable = "AERON_DIR";

    /// <summary>Directory of the driver.</summary>
    public string Directory { get; init; } = DefaultDirectory;

    /// <summary>Longest <see cref="ClientName"/>.</summary>
    public const int MaxClientNameLength = 100;

    /// <summary>Name shown on the client's heartbeat counter, at most 100 characters.</summary>
    public string ClientName
    {
        get;
        init => field = value.Length <= MaxClientNameLength
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), value, $"a client name has at most {MaxClientNameLength} characters");
    } = "";

    /// <summary>How long to wait for a driver and for its answers, and how old its heartbeat may grow.</summary>
    public long DriverTimeoutNs { get; init; } = 10_000_000_000;

    /// <summary>How often the client tells the driver that it lives.</summary>
    public long KeepAliveIntervalNs { get; init; } = 500_000_000;

    /// <summary>How long the log of a gone image stays mapped at least.</summary>
    public long ResourceLingerNs { get; init; } = 3_000_000_000;

    /// <summary>
    /// Whether the caller steps <see cref="AeronClient.ConductorAgent"/>; otherwise the client has a thread for it.
    /// </summary>
    public bool UseInvoker { get; init; }

    /// <summary>
    /// Conductor of an embedded driver without a thread, in the same thread as this client: stepped while the
    /// client waits.
    /// </summary>
    public IAgent? DriverAgent { get; init; }

    /// <summary>Clock of the conductor.</summary>
    public IClock Clock { get; init; } = SystemClock.Instance;

    /// <summary>Called on the conductor's thread for errors that no caller is there to get.</summary>
    public Action<Exception>? ErrorHandler { get; init; }

    /// <summary>
    /// Whether the pages of a log are touched when it is mapped: adding takes longer, the first message less.
    /// </summary>
    public bool PreTouchMappedMemory { get; init; }

    /// <summary>Image handlers for subscriptions that bring none.</summary>
    public Action<Image>? OnAvailableImage { get; init; }

    /// <summary>Image handlers for subscriptions that bring none.</summary>
    public Action<Image>? OnUnavailableImage { get; init; }

    /// <summary>Told of each new counter of any client.</summary>
    public CounterHandler? OnAvailableCounter { get; init; }

    /// <summary>Told of each counter that went away.</summary>
    public CounterHandler? OnUnavailableCounter { get; init; }

    /// <summary>Told what receivers say about this client's publications, such as that they reject a stream.</summary>
    public Action<PublicationErrorFrame>? OnPublicationError { get; init; }

    /// <summary>Told when the client is closed, for whatever reason.</summary>
    public Action? OnClose { get; init; }

    /// <summary>
    /// <c>AERON_DIR</c>, or <c>/dev/shm/aeron-user</c> on Linux, or the temporary directory elsewhere.
    /// </summary>
    public static string DefaultDirectory
    {
        get
        {
            if (Environment.GetEnvironmentVariable(DirectoryVariable) is { Length: > 0 } directory)
            {
                return directory;
            }

            var parent = OperatingSystem.IsLinux() ? "/dev/shm" : Path.GetTempPath();
            return Path.Combine(parent, $"aeron-{Environment.UserName}");
        }
    }
}

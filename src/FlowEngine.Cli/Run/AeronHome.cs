using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Cli.Frame;

namespace FlowEngine.Cli.Run;

/// <summary>A client, and the media driver behind it where the command brings its own.</summary>
internal sealed class AeronHome : IDisposable
{
    private readonly MediaDriver? _driver;

    private AeronHome(MediaDriver? driver, AeronClient client)
    {
        _driver = driver;
        Client = client;
    }

    /// <summary>The client.</summary>
    public AeronClient Client { get; }

    /// <summary>Directory of the driver.</summary>
    public string Directory => Client.Context.Directory;

    /// <summary>Whether the driver is this process's own.</summary>
    public bool IsEmbedded => _driver is not null;

    /// <summary>What ended driver or client, in words; null while both live.</summary>
    public string? Fault => _driver?.Failure is { } failure
        ? $"the embedded media driver has ended: {failure.Message}"
        : Client.IsClosed ? "the connection to the media driver was lost" : null;

    /// <summary>Starts a driver in <paramref name="directory"/> and connects to it.</summary>
    /// <exception cref="UserError">A driver runs there already.</exception>
    public static AeronHome Embed(string directory, string clientName)
    {
        MediaDriver driver;
        try
        {
            driver = MediaDriver.Launch(
                new MediaDriverContext { Directory = directory, DeleteDirectoryOnShutdown = true });
        }
        catch (ActiveDriverException exception)
        {
            throw new UserError(
                $"a media driver is already running in {directory}: attach to it with --aeron-dir {directory}, "
                + "or stop it",
                cause: exception);
        }

        return new AeronHome(driver, DriverAccess.Connect(directory, clientName));
    }

    /// <summary>Connects to a driver that runs already.</summary>
    /// <exception cref="UserError">None does.</exception>
    public static AeronHome Attach(string directory, string clientName) =>
        new(null, DriverAccess.Connect(directory, clientName));

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        _driver?.Dispose();
    }
}

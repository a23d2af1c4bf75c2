using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>Aeron's own C driver in a directory of its own, and our clients on it. Needs AERONMD.</summary>
internal sealed class NativeDriver : IDisposable
{
    private readonly List<AeronClient> _clients = [];
    private NativeProcess? _process;

    public string Directory { get; } = Wait.NewDirectory();

    /// <summary>What the driver printed.</summary>
    public string Output => _process?.Output ?? "";

    /// <summary>Starts the driver at the first call, and a client.</summary>
    public async Task<AeronClient> Connect(Func<AeronContext, AeronContext>? configure = null)
    {
        if (_process is null)
        {
            _process = NativeProcess.Start(
                NativeProcess.DriverPath(),
                [],
                ("AERON_DIR", Directory),
                ("AERON_THREADING_MODE", "SHARED"),
                ("AERON_SHARED_IDLE_STRATEGY", "backoff"),
                ("AERON_COUNTERS_BUFFER_LENGTH", "1m"),
                ("AERON_IPC_TERM_BUFFER_LENGTH", "64k"),
                ("AERON_TERM_BUFFER_LENGTH", "64k"),
                ("AERON_PUBLICATION_LINGER_TIMEOUT", "200ms"),
                ("AERON_IMAGE_LIVENESS_TIMEOUT", "2s"),
                ("AERON_DIR_DELETE_ON_SHUTDOWN", "true"));
            await Wait.Until(() => MediaDriver.IsActive(Directory), () => _process.Output);
        }

        var context = new AeronContext { Directory = Directory, ClientName = "flow-test" };
        var client = AeronClient.Connect(configure?.Invoke(context) ?? context);
        _clients.Add(client);
        return client;
    }

    /// <summary>Ends the driver, politely.</summary>
    public void Interrupt() => _process?.Interrupt();

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        _process?.Dispose();
        if (System.IO.Directory.Exists(Directory))
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }
}

using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Testing;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>Our driver and Aeron's own C driver, each with a client of ours. Needs AERONMD.</summary>
internal sealed class DriverPair : IDisposable
{
    private const int TermLength = 64 * 1024;

    private readonly NativeProcess _process;

    private DriverPair(MediaDriver ours, string theirDirectory, NativeProcess process)
    {
        _process = process;
        Ours = ours;
        TheirDirectory = theirDirectory;
        OurClient = Connect(ours.Directory);
        TheirClient = Connect(theirDirectory);
    }

    public MediaDriver Ours { get; }

    public string TheirDirectory { get; }

    /// <summary>A client on our driver.</summary>
    public AeronClient OurClient { get; }

    /// <summary>A client on the C driver.</summary>
    public AeronClient TheirClient { get; }

    public List<PublicationErrorFrame> PublicationErrors { get; } = [];

    public static async Task<DriverPair> Start(
        Func<MediaDriverContext, MediaDriverContext>? configure = null,
        params (string Key, string Value)[] environment)
    {
        var path = NativeProcess.DriverPath();
        var context = new MediaDriverContext
        {
            Directory = Wait.NewDirectory(),
            TermBufferLength = TermLength,
            IpcTermBufferLength = TermLength,
            CounterBufferLength = 1024 * 1024,
            ImageLivenessTimeoutNs = 2_000_000_000,
            PublicationLingerTimeoutNs = 200_000_000,
            DeleteDirectoryOnShutdown = true,
        };
        var ours = MediaDriver.Launch(configure?.Invoke(context) ?? context);
        var directory = Wait.NewDirectory();
        var process = NativeProcess.Start(
            path,
            [],
            [
                ("AERON_DIR", directory),
                ("AERON_THREADING_MODE", "SHARED"),
                ("AERON_SHARED_IDLE_STRATEGY", "backoff"),
                ("AERON_COUNTERS_BUFFER_LENGTH", "1m"),
                ("AERON_IPC_TERM_BUFFER_LENGTH", "64k"),
                ("AERON_TERM_BUFFER_LENGTH", "64k"),
                ("AERON_PUBLICATION_LINGER_TIMEOUT", "200ms"),
                ("AERON_IMAGE_LIVENESS_TIMEOUT", "2s"),
                ("AERON_DIR_DELETE_ON_SHUTDOWN", "true"),
                .. environment,
            ]);
        try
        {
            await Wait.Until(() => MediaDriver.IsActive(directory), () => process.Output);
            return new DriverPair(ours, directory, process);
        }
        catch (Exception)
        {
            process.Dispose();
            ours.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Sends numbered messages of up to 5000 bytes and checks that each comes once, whole, in its turn.
    /// </summary>
    public async Task Exchange(Offering offer, int count, params Subscription[] subscriptions)
    {
        var stream = new NumberedStream(offer, maxLength: 5000);
        var readers = Array.ConvertAll(subscriptions, subscription => new NumberedReader(subscription));
        await Wait.Until(
            () =>
            {
                var isDone = stream.Advance(count);
                foreach (var reader in readers)
                {
                    isDone &= reader.Poll() == count;
                }

                return isDone;
            },
            () => $"{stream.Count} of {count} sent, {string.Join(", ", readers.Select(r => r.Count))} came\n"
                + Report());
    }

    /// <summary>Counters and errors of both.</summary>
    public string Report() =>
        Report("ours", OurClient, Ours.Directory) + Report("theirs", TheirClient, TheirDirectory) + _process.Output;

    /// <summary>A system counter of our driver.</summary>
    public long Counter(int id) => Ours.CountersReader.Value(id);

    public void Dispose()
    {
        OurClient.Dispose();
        TheirClient.Dispose();
        _process.Dispose();
        Ours.Dispose();
        if (Directory.Exists(TheirDirectory))
        {
            Directory.Delete(TheirDirectory, recursive: true);
        }
    }

    private static string Report(string name, AeronClient client, string directory)
    {
        using var cnc = FlowEngine.Aeron.Control.CncFile.Open(directory, readOnly: true);
        var lines = client.CountersReader.Scan().Where(c => c.Value != 0).Select(c => $"{name}: {c.Value} {c.Label}")
            .Concat(cnc.ReadErrors().Select(e => $"{name}: {e.Text}"));
        return string.Join('\n', lines) + "\n";
    }

    private AeronClient Connect(string directory) => AeronClient.Connect(new AeronContext
    {
        Directory = directory,
        OnPublicationError = PublicationErrors.Add,
    });
}

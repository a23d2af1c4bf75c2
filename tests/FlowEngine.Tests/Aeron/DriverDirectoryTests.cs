using FlowEngine.Aeron;
using FlowEngine.Aeron.Control;
using FlowEngine.Aeron.Driver;
using Xunit;

namespace FlowEngine.Tests.Aeron;

public sealed class DriverDirectoryTests : IDisposable
{
    private readonly string _directory = EmbeddedDriver.NewDirectory();
    private readonly EmbeddedDriver.VirtualClock _clock = new();

    [Fact]
    public void A_second_driver_is_refused_while_the_first_lives()
    {
        using var driver = Launch();
        var refusal = Assert.Throws<ActiveDriverException>(() => Launch());
        Assert.Contains(_directory, refusal.Message);
        Assert.Contains("active media driver detected", refusal.Message);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void A_dead_drivers_files_are_cleared_and_its_errors_kept()
    {
        var dead = Launch();
        var client = AeronClient.Connect(Client(dead));
        client.AddPublication("aeron:ipc?term-length=64k", 1);
        Assert.Throws<RegistrationException>(() => client.AddPublication("bad", 1));
        _clock.AdvanceMs(11_000);
        using var next = Launch();
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_directory, "publications")));
        var saved = Assert.Single(Directory.EnumerateFiles(
            Path.GetDirectoryName(_directory)!, $"{Path.GetFileName(_directory)}-*-error.log"));
        Assert.Contains("channel must start with", File.ReadAllText(saved));
        File.Delete(saved);
        var second = AeronClient.Connect(Client(next));
        Assert.Equal(1, second.ClientId);
        second.Dispose();
    }

    [Fact]
    public void What_a_driver_did_not_make_is_never_deleted()
    {
        Directory.CreateDirectory(_directory);
        var foreign = Path.Combine(_directory, "mine.txt");
        File.WriteAllText(foreign, "precious");
        using (Launch())
        {
        }

        Assert.Equal("precious", File.ReadAllText(foreign));
        Assert.False(File.Exists(CncFile.PathIn(_directory)));
    }

    [Fact]
    public void After_an_orderly_end_the_next_driver_starts_at_once()
    {
        Launch(deleteOnShutdown: false).Dispose();
        Assert.True(File.Exists(CncFile.PathIn(_directory)));
        using (var cnc = CncFile.Open(_directory, readOnly: true))
        {
            Assert.Equal(-1, cnc.DriverHeartbeatMs);
            Assert.Null(cnc.HeartbeatAgeMs(0));
        }

        using var next = Launch();
    }

    [Fact]
    public void A_client_without_a_driver_says_where_it_looked()
    {
        var exception = Assert.Throws<DriverTimeoutException>(
            () => AeronClient.Connect(new AeronContext { Directory = _directory, DriverTimeoutNs = 20_000_000 }));
        Assert.Contains(_directory, exception.Message);
        Assert.False(MediaDriver.IsActive(_directory));
    }

    [Fact]
    public void A_driver_is_seen_as_active_by_its_heartbeat()
    {
        using var driver = MediaDriver.Launch(
            new MediaDriverContext { Directory = _directory, DeleteDirectoryOnShutdown = true });
        Assert.True(MediaDriver.IsActive(_directory));
        using var cnc = CncFile.Open(_directory, readOnly: true);
        Assert.Equal(Environment.ProcessId, cnc.DriverPid);
        Assert.InRange(cnc.HeartbeatAgeMs(FlowEngine.Core.Time.SystemClock.EpochMillisNow())!.Value, 0, 9_000);
        Assert.Equal((48_238_592, 0x200), (cnc.Length, cnc.Version));
    }

    [Fact]
    public void A_file_with_impossible_lengths_is_no_cnc_file()
    {
        Directory.CreateDirectory(_directory);
        var bytes = new byte[4096];
        bytes[1] = 2;
        bytes[7] = 0x7F;
        File.WriteAllBytes(CncFile.PathIn(_directory), bytes);
        Assert.Throws<InvalidDataException>(() => CncFile.Open(_directory));
        bytes[2] = 9;
        File.WriteAllBytes(CncFile.PathIn(_directory), bytes);
        var exception = Assert.Throws<InvalidDataException>(() => CncFile.Open(_directory));
        Assert.Contains("layout version 9", exception.Message);
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private AeronContext Client(MediaDriver driver) => new()
    {
        Directory = _directory,
        UseInvoker = true,
        DriverAgent = driver.ConductorAgent,
        Clock = _clock,
    };

    private MediaDriver Launch(bool deleteOnShutdown = true) => MediaDriver.Launch(new MediaDriverContext
    {
        Directory = _directory,
        CounterBufferLength = 1024 * 1024,
        UseInvoker = true,
        DeleteDirectoryOnShutdown = deleteOnShutdown,
        Clock = _clock,
    });
}

using System.Diagnostics;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>A driver whose directory is on a disk that gets full.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("flow-test-").FullName;
    private bool _isMounted;

    public void Dispose()
    {
        if (_isMounted)
        {
            Run("umount", "-l", _directory);
        }

        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void A_driver_that_finds_no_room_for_its_files_does_not_start()
    {
        MountTmpfs("4m");

        var error = Assert.Throws<IOException>(() => MediaDriver.Launch(Context()).Dispose());

        Assert.Contains("No space left on device", error.Message);
    }

    [Fact]
    public void A_log_that_does_not_fit_refuses_its_publication_and_those_that_fit_go_on()
    {
        MountTmpfs("12m");
        using var driver = new EmbeddedDriver(c => c with { Directory = Context().Directory });
        var client = driver.Connect(c => c with { Directory = Context().Directory });
        var fits = client.AddPublication("aeron:ipc", 7);

        var error = Assert.Throws<RegistrationException>(
            () => client.AddPublication("aeron:ipc?term-length=16m", 8));

        Assert.Equal(ErrorCode.StorageSpace, error.Code);
        Assert.False(fits.IsClosed);
    }

    private static int Run(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardError = true });
        process!.WaitForExit();
        return process.ExitCode;
    }

    private MediaDriverContext Context() => new()
    {
        Directory = Path.Combine(_directory, "driver"),
        IpcTermBufferLength = 64 * 1024,
        CounterBufferLength = 1024 * 1024,
        ErrorBufferLength = 1024 * 1024,
        UseInvoker = true,
    };

    private void MountTmpfs(string size)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            Assert.Skip("only root on Linux can mount a small tmpfs");
        }

        if (Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", _directory) != 0)
        {
            Assert.Skip("this container may not mount a tmpfs");
        }

        _isMounted = true;
    }
}

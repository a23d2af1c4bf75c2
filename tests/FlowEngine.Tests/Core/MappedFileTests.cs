using System.Diagnostics;
using FlowEngine.Core.Memory;
using Xunit;

namespace FlowEngine.Tests.Core;

/// <summary>Files of zeros, and what a full disk does to them.</summary>
public sealed unsafe class MappedFileTests : IDisposable
{
    private const long Length = 1024 * 1024;

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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_new_file_is_zeros_of_its_length_and_shared(bool reserve)
    {
        var path = Path.Combine(_directory, "file");
        using var file = MappedFile.Create(path, Length, reserve);
        using var other = MappedFile.Open(path);

        Assert.Equal((Length, Length), (file.Length, new FileInfo(path).Length));
        Assert.False(new ReadOnlySpan<byte>(file.Pointer, (int)Length).ContainsAnyExcept((byte)0));
        file.Pointer[Length - 1] = 7;
        Assert.Equal(7, other.Pointer[Length - 1]);
        Assert.Throws<IOException>(() => MappedFile.Create(path, Length, reserve));
        Assert.Equal(7, other.Pointer[Length - 1]);
        Assert.True(File.Exists(path));
    }

    [Fact]
    public void A_reserved_file_takes_its_space_at_once_and_a_sparse_one_none()
    {
        MountTmpfs("8m");
        var free = new DriveInfo(_directory).AvailableFreeSpace;
        using var sparse = MappedFile.Create(Path.Combine(_directory, "sparse"), 2 * Length);
        var afterSparse = new DriveInfo(_directory).AvailableFreeSpace;
        using var reserved = MappedFile.Create(Path.Combine(_directory, "reserved"), 2 * Length, reserve: true);
        var afterReserved = new DriveInfo(_directory).AvailableFreeSpace;

        Assert.Equal(free, afterSparse);
        Assert.Equal(free - (2 * Length), afterReserved);
    }

    [Fact]
    public void A_full_disk_is_an_exception_at_creation_and_leaves_no_file()
    {
        MountTmpfs("1m");
        var path = Path.Combine(_directory, "file");

        var error = Assert.Throws<IOException>(() => MappedFile.Create(path, 4 * Length, reserve: true));

        Assert.Contains($"cannot reserve {4 * Length} bytes for {path}: No space left on device", error.Message);
        Assert.False(File.Exists(path));
        using var fits = MappedFile.Create(path, Length / 2, reserve: true);
        fits.Pointer[(Length / 2) - 1] = 1;
    }

    private static int Run(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardError = true });
        process!.WaitForExit();
        return process.ExitCode;
    }

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

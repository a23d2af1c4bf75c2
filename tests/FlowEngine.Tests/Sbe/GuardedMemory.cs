using System.Runtime.InteropServices;
using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>
/// Memory that ends where an unreadable page begins: a read beyond a message that lies at its end is no wrong value
/// that a test might miss, it kills the process.
/// </summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private const int PageLength = 65_536;

    private readonly byte* _start;
    private readonly int _length;

    public GuardedMemory(int length)
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("The guard page is asked of Linux.");
        _length = (length + PageLength - 1) / PageLength * PageLength;
        var start = mmap(0, (nuint)(_length + PageLength), ReadWrite, PrivateAnonymous, -1, 0);
        Assert.NotEqual(-1, start);
        Assert.Equal(0, mprotect(start + _length, PageLength, 0));
        _start = (byte*)start;
    }

    /// <summary>Copies the bytes so that they end at the guard page.</summary>
    public ReadOnlySpan<byte> Place(ReadOnlySpan<byte> bytes)
    {
        var target = new Span<byte>(_start + _length - bytes.Length, bytes.Length);
        bytes.CopyTo(target);
        return target;
    }

    public void Dispose() => _ = munmap((nint)_start, (nuint)(_length + PageLength));

    [LibraryImport("libc")]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc")]
    private static partial int mprotect(nint address, nuint length, int protection);

    [LibraryImport("libc")]
    private static partial int munmap(nint address, nuint length);
}

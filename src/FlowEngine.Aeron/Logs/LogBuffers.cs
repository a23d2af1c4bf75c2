using System.Numerics;
using System.Runtime.CompilerServices;
using FlowEngine.Core.Memory;
using Microsoft.Win32.SafeHandles;

namespace FlowEngine.Aeron.Logs;

/// <summary>
/// A mapped log buffer file. Unmapped by <see cref="Dispose"/> where one thread owns it, otherwise by the
/// finalizer: then no publication, image or claim can reach it any more, so nobody can touch unmapped memory.
/// </summary>
public sealed unsafe class LogBuffers : IDisposable
{
    private readonly MappedFile _file;
    private readonly byte* _pointer;
    private SafeFileHandle? _handle;
    private int _references;

    private LogBuffers(MappedFile file, int termLength)
    {
        _file = file;
        _pointer = file.Pointer;
        TermLength = termLength;
        Metadata = _pointer + file.Length - LogBufferDescriptor.MetadataLength;
        PositionBitsToShift = BitOperations.TrailingZeroCount(termLength);
    }

    ~LogBuffers() => _file.Dispose();

    /// <summary>File path.</summary>
    public string Path => _file.Path;

    /// <summary>Mapped bytes.</summary>
    public long Length => _file.Length;

    /// <summary>Bytes of one term.</summary>
    public int TermLength { get; }

    /// <summary>log2 of the term length.</summary>
    public int PositionBitsToShift { get; }

    /// <summary>Whether it was unmapped.</summary>
    internal bool IsDisposed { get; private set; }

    /// <summary>First byte of term 0; the others follow.</summary>
    public byte* Terms => _pointer;

    /// <summary>First byte of the metadata page.</summary>
    public byte* Metadata { get; }

    /// <summary>Term id of the first term of the stream.</summary>
    public int InitialTermId => Int32(LogBufferDescriptor.InitialTermIdOffset);

    /// <summary>Longest frame.</summary>
    public int MtuLength => Int32(LogBufferDescriptor.MtuLengthOffset);

    /// <summary>Registration id of the publication, or correlation id of the image.</summary>
    public long CorrelationId => Int64(LogBufferDescriptor.CorrelationIdOffset);

    /// <summary>Whether the publication has subscribers.</summary>
    public bool IsConnected
    {
        // Pairs with the setter in the driver.
        get => Kept(Volatile.Read(ref Int32(LogBufferDescriptor.IsConnectedOffset))) == 1;
        set => Volatile.Write(ref Int32(LogBufferDescriptor.IsConnectedOffset), value ? 1 : 0);
    }

    /// <summary>Where the stream ends; <see cref="LogBufferDescriptor.NoEndOfStream"/> while it goes on.</summary>
    public long EndOfStreamPosition
    {
        // Pairs with the setter in the driver.
        get => Kept(Volatile.Read(ref Int64(LogBufferDescriptor.EndOfStreamPositionOffset)));
        set => Volatile.Write(ref Int64(LogBufferDescriptor.EndOfStreamPositionOffset), value);
    }

    /// <summary>Whether the publisher withdrew the stream without waiting for its readers.</summary>
    public bool IsRevoked
    {
        // Pairs with the setter in the driver.
        get => Kept(Volatile.Read(ref Byte(LogBufferDescriptor.IsRevokedOffset))) == 1;
        set => Volatile.Write(ref Byte(LogBufferDescriptor.IsRevokedOffset), value ? (byte)1 : (byte)0);
    }

    /// <summary>Terms since the first, the one being written; pairs with <see cref="Rotate"/>.</summary>
    public int ActiveTermCount
    {
        get => Volatile.Read(ref Int32(LogBufferDescriptor.ActiveTermCountOffset));
        set => Volatile.Write(ref Int32(LogBufferDescriptor.ActiveTermCountOffset), value);
    }

    /// <summary>Creates a log of zeroed terms; <paramref name="reserve"/> takes its space now.</summary>
    /// <exception cref="IOException">The file exists or the disk is full; no file is left then.</exception>
    public static LogBuffers Create(string path, int termLength, int pageSize, bool reserve = false)
    {
        var file = MappedFile.Create(path, LogBufferDescriptor.FileLength(termLength, pageSize), reserve);
        var log = new LogBuffers(file, termLength);
        log.Int32(LogBufferDescriptor.TermLengthOffset) = termLength;
        log.Int32(LogBufferDescriptor.PageSizeOffset) = pageSize;
        return log;
    }

    /// <summary>Maps an existing log.</summary>
    /// <exception cref="InvalidDataException">The file is no log buffer.</exception>
    public static LogBuffers Open(string path, bool readOnly = false)
    {
        var file = MappedFile.Open(path, readOnly);
        var termLength = 0;
        var pageSize = 0;
        if (file.Length >= LogBufferDescriptor.MetadataLength)
        {
            var metadata = file.Pointer + file.Length - LogBufferDescriptor.MetadataLength;
            termLength = *(int*)(metadata + LogBufferDescriptor.TermLengthOffset);
            pageSize = *(int*)(metadata + LogBufferDescriptor.PageSizeOffset);
        }

        if (!LogBufferDescriptor.IsTermLength(termLength)
            || pageSize < LogBufferDescriptor.MetadataLength
            || !BitOperations.IsPow2(pageSize)
            || file.Length != LogBufferDescriptor.FileLength(termLength, pageSize))
        {
            var length = file.Length;
            file.Dispose();
            throw new InvalidDataException(
                $"{path} is no log buffer: {length} bytes, term length {termLength}, page size {pageSize}");
        }

        return new LogBuffers(file, termLength);
    }

    /// <summary>First byte of a partition.</summary>
    public byte* Term(int partition) => _pointer + ((long)partition * TermLength);

    /// <summary>Raw tail of a partition.</summary>
    public long* Tail(int partition) => (long*)(Metadata + LogBufferDescriptor.TailsOffset) + partition;

    /// <summary>Position where the next frame will be written: the driver's and tools' view of the publisher.</summary>
    public long ProducerPosition()
    {
        var count = ActiveTermCount;

        // Pairs with the fetch-and-add or release of the publisher.
        var rawTail = Volatile.Read(ref *Tail(count % LogBufferDescriptor.PartitionCount));
        var offset = Math.Min(LogBufferDescriptor.RawOffset(rawTail), TermLength);
        return Kept(LogBufferDescriptor.Position(
            LogBufferDescriptor.TermId(rawTail), offset, PositionBitsToShift, InitialTermId));
    }

    /// <summary>
    /// Moves a concurrent log from term number <paramref name="termCount"/> to the next; any thread may, one wins.
    /// </summary>
    public void Rotate(int termCount, int termId)
    {
        var nextTermId = unchecked(termId + 1);
        var next = Tail((termCount + 1) % LogBufferDescriptor.PartitionCount);
        var expectedTermId = unchecked(nextTermId - LogBufferDescriptor.PartitionCount);
        long rawTail;
        do
        {
            rawTail = Volatile.Read(ref *next);
            if (LogBufferDescriptor.TermId(rawTail) != expectedTermId)
            {
                break;
            }
        }
        while (Interlocked.CompareExchange(ref *next, LogBufferDescriptor.PackTail(nextTermId, 0), rawTail) != rawTail);

        // Pairs with ActiveTermCount of publishers and driver.
        Interlocked.CompareExchange(
            ref Int32(LogBufferDescriptor.ActiveTermCountOffset), termCount + 1, termCount);
    }

    /// <summary>A metadata field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref int Int32(int offset) => ref *(int*)(Metadata + offset);

    /// <summary>A metadata field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref long Int64(int offset) => ref *(long*)(Metadata + offset);

    /// <summary>A metadata field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref byte Byte(int offset) => ref Metadata[offset];

    /// <summary>
    /// Touches every page, so that none is missing when it matters. Changes nothing, in use or not.
    /// </summary>
    public void PreTouch()
    {
        for (long offset = 0; offset < Length; offset += Environment.SystemPageSize)
        {
            // An atomic exchange of 0 for 0: a write for the kernel, none for other processes.
            Interlocked.CompareExchange(ref *(int*)(_pointer + offset), 0, 0);
        }

        GC.KeepAlive(this);
    }

    /// <summary>The file, opened at the first call. One thread at a time.</summary>
    /// <exception cref="IOException">The driver has removed it.</exception>
    public SafeFileHandle OpenFile() => _handle ??= File.OpenHandle(
        Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Counts one more user of this mapping. Under the conductor's lock.</summary>
    internal void Acquire() => _references++;

    /// <summary>
    /// Counts one user less, and unmaps after the last. Publications never call it, as any thread may be in one: with
    /// them the mapping lasts until nothing can reach it. Under the conductor's lock.
    /// </summary>
    internal void Release()
    {
        if (--_references <= 0)
        {
            Dispose();
        }
    }

    /// <summary>Unmaps. Only where no other thread can be using the log.</summary>
    public void Dispose()
    {
        IsDisposed = true;
        _handle?.Dispose();
        _file.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Keeps the finalizer away until the value has been read.</summary>
    private T Kept<T>(T value)
    {
        GC.KeepAlive(this);
        return value;
    }
}

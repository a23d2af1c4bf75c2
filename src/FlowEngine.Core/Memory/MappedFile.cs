using System.IO.MemoryMappedFiles;

namespace FlowEngine.Core.Memory;

/// <summary>
/// A file mapped whole, shared with other processes. Set-up code; the pointer is what the hot path keeps.
/// </summary>
public sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private byte* _pointer;

    private MappedFile(string path, long length, MemoryMappedFile map, MemoryMappedFileAccess access)
    {
        Path = path;
        Length = length;
        _map = map;
        _view = map.CreateViewAccessor(0, length, access);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _pointer);
        _pointer += _view.PointerOffset;
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>Mapped bytes: the whole file.</summary>
    public long Length { get; }

    /// <summary>First byte; null after <see cref="Dispose"/>.</summary>
    public byte* Pointer => _pointer;

    /// <summary>Creates a new sparse file of zeros and maps it for reading and writing.</summary>
    /// <exception cref="IOException">The file exists or the disk is full.</exception>
    public static MappedFile Create(string path, long length)
    {
        using var stream = new FileStream(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        stream.SetLength(length);
        return Map(path, stream, length, MemoryMappedFileAccess.ReadWrite);
    }

    /// <summary>Maps an existing file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static MappedFile Open(string path, bool readOnly = false)
    {
        using var stream = new FileStream(
            path,
            FileMode.Open,
            readOnly ? FileAccess.Read : FileAccess.ReadWrite,
            FileShare.ReadWrite | FileShare.Delete);
        var access = readOnly ? MemoryMappedFileAccess.Read : MemoryMappedFileAccess.ReadWrite;
        return Map(path, stream, stream.Length, access);
    }

    /// <summary>Unmaps; pointers taken before are dead.</summary>
    public void Dispose()
    {
        if (_pointer == null)
        {
            return;
        }

        _pointer = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }

    private static MappedFile Map(string path, FileStream stream, long length, MemoryMappedFileAccess access)
    {
        var map = MemoryMappedFile.CreateFromFile(
            stream, null, length, access, HandleInheritability.None, leaveOpen: true);
        return new MappedFile(System.IO.Path.GetFullPath(path), length, map, access);
    }
}

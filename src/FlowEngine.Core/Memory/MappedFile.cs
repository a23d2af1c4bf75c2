using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace FlowEngine.Core.Memory;

/// <summary>
/// A file mapped whole, shared with other processes. Set-up code; the pointer is what the hot path keeps.
/// </summary>
public sealed unsafe partial class MappedFile : IDisposable
{
    private const int Interrupted = 4;
    private const int NoSpace = 28;
    private const int FileTooBig = 27;

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

    /// <summary>Creates a new file of zeros and maps it for reading and writing.</summary>
    /// <param name="path">Where; nothing may be there yet.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="reserve">
    /// Takes the space now, so that a full disk (or /dev/shm) is an exception here; a sparse file takes it when pages
    /// are first written, and a full disk then ends the process by a bus error.
    /// </param>
    /// <exception cref="IOException">The file exists or the disk is full; no file is left then.</exception>
    public static MappedFile Create(string path, long length, bool reserve = false)
    {
        using var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
            PreallocationSize = reserve && !OperatingSystem.IsLinux() ? length : 0,
        });
        try
        {
            if (reserve && OperatingSystem.IsLinux())
            {
                Reserve(stream, length);
            }

            stream.SetLength(length);
            return Map(path, stream, length, MemoryMappedFileAccess.ReadWrite);
        }
        catch (IOException)
        {
            File.Delete(path);
            throw;
        }
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

    private static void Reserve(FileStream stream, long length)
    {
        int error;
        do
        {
            error = Allocate((int)stream.SafeFileHandle.DangerousGetHandle(), 0, length);
        }
        while (error == Interrupted);

        if (error is NoSpace or FileTooBig)
        {
            throw new IOException(
                $"cannot reserve {length} bytes for {stream.Name}: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        // Anything else means a file system that cannot reserve: the file stays sparse, as it would be elsewhere.
    }

    // Gives the error itself, not errno.
    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int Allocate(int file, long offset, long length);

    private static MappedFile Map(string path, FileStream stream, long length, MemoryMappedFileAccess access)
    {
        var map = MemoryMappedFile.CreateFromFile(
            stream, null, length, access, HandleInheritability.None, leaveOpen: true);
        return new MappedFile(System.IO.Path.GetFullPath(path), length, map, access);
    }
}

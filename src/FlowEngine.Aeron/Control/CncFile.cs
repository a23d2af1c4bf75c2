using FlowEngine.Core.Counters;
using FlowEngine.Core.Errors;
using FlowEngine.Core.Memory;

namespace FlowEngine.Aeron.Control;

/// <summary>
/// The command and control file, <c>cnc.dat</c>: how clients and tools find a driver and talk to it.
/// <code>
///  0 version i32, stored last | 4 to-driver length i32 | 8 to-clients length i32 | 12 counter metadata length i32
/// 16 counter values length i32 | 20 error log length i32 | 24 client liveness timeout ns i64
/// 32 driver start, epoch ms, i64 | 40 driver pid i64 | 48 page size i32
/// 128 to-driver ring | to-clients broadcast | counter metadata | counter values | error log
/// </code>
/// The mapping is released when nothing can reach it any more: rings, readers and counters keep it alive.
/// </summary>
public sealed unsafe class CncFile : IDisposable
{
    /// <summary>Name of the file in the driver's directory.</summary>
    public const string FileName = "cnc.dat";

    /// <summary>Bytes before the first section.</summary>
    public const int HeaderLength = 128;

    /// <summary>Layout version 0.2.0; the major part must match.</summary>
    public const int CurrentVersion = 0x000200;

    private const int ToDriverLengthOffset = 4;
    private const int ToClientsLengthOffset = 8;
    private const int CounterMetadataLengthOffset = 12;
    private const int CounterValuesLengthOffset = 16;
    private const int ErrorLogLengthOffset = 20;
    private const int ClientLivenessOffset = 24;
    private const int StartOffset = 32;
    private const int PidOffset = 40;
    private const int PageSizeOffset = 48;

    private readonly MappedFile _file;
    private readonly byte* _pointer;
    private readonly byte* _toClients;
    private readonly int _toClientsLength;
    private readonly byte* _errorLog;

    private CncFile(MappedFile file)
    {
        _file = file;
        _pointer = file.Pointer;
        var toDriver = _pointer + HeaderLength;
        var toDriverLength = Int32(ToDriverLengthOffset);
        _toClients = toDriver + toDriverLength;
        _toClientsLength = Int32(ToClientsLengthOffset);
        var metadata = _toClients + _toClientsLength;
        var metadataLength = Int32(CounterMetadataLengthOffset);
        var values = metadata + metadataLength;
        var valuesLength = Int32(CounterValuesLengthOffset);
        _errorLog = values + valuesLength;
        ErrorLogLength = Int32(ErrorLogLengthOffset);
        ToDriver = new ManyToOneRing(toDriver, toDriverLength, this);
        Counters = new CountersReader(metadata, metadataLength, values, valuesLength, this);
    }

    ~CncFile() => _file.Dispose();

    /// <summary>Path of the file.</summary>
    public string Path => _file.Path;

    /// <summary>Mapped bytes.</summary>
    public long Length => _file.Length;

    /// <summary>Layout version, major in bits 16 and up.</summary>
    public int Version => VersionOf(_file);

    /// <summary>Process id of the driver.</summary>
    public long DriverPid => Int64(PidOffset);

    /// <summary>When the driver started, epoch ms.</summary>
    public long DriverStartMs => Int64(StartOffset);

    /// <summary>How long a client may be silent before the driver drops it.</summary>
    public long ClientLivenessTimeoutNs => Int64(ClientLivenessOffset);

    /// <summary>Bytes of the error log.</summary>
    public int ErrorLogLength { get; }

    /// <summary>Commands to the driver.</summary>
    public ManyToOneRing ToDriver { get; }

    /// <summary>All counters.</summary>
    public CountersReader Counters { get; }

    /// <summary>Last sign of life of the driver, epoch ms; -1 after an orderly shutdown.</summary>
    public long DriverHeartbeatMs => ToDriver.ConsumerHeartbeatMs;

    /// <summary>Path of the CnC file of a driver's directory.</summary>
    public static string PathIn(string directory) => System.IO.Path.Combine(directory, FileName);

    /// <summary>
    /// Creates the file, zeroed but for the header; the version stays 0 until <see cref="SignalReady"/>. With
    /// <paramref name="reserve"/> its space is taken now.
    /// </summary>
    /// <exception cref="IOException">The file exists or the disk is full; no file is left then.</exception>
    public static CncFile Create(
        string directory,
        in CncLengths lengths,
        long clientLivenessTimeoutNs,
        long startMs,
        long pid,
        bool reserve = false)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengths.FileLength, int.MaxValue, nameof(lengths));
        var file = MappedFile.Create(PathIn(directory), lengths.FileLength, reserve);
        var header = file.Pointer;
        *(int*)(header + ToDriverLengthOffset) = lengths.ToDriver;
        *(int*)(header + ToClientsLengthOffset) = lengths.ToClients;
        *(int*)(header + CounterMetadataLengthOffset) = lengths.CounterMetadata;
        *(int*)(header + CounterValuesLengthOffset) = lengths.CounterValues;
        *(int*)(header + ErrorLogLengthOffset) = lengths.ErrorLog;
        *(long*)(header + ClientLivenessOffset) = clientLivenessTimeoutNs;
        *(long*)(header + StartOffset) = startMs;
        *(long*)(header + PidOffset) = pid;
        *(int*)(header + PageSizeOffset) = lengths.FilePageSize;
        return new CncFile(file);
    }

    /// <summary>Opens the CnC file of a driver's directory.</summary>
    /// <exception cref="FileNotFoundException">No driver was ever there.</exception>
    /// <exception cref="InvalidDataException">The driver is still starting, or the file is none of ours.</exception>
    public static CncFile Open(string directory, bool readOnly = false)
    {
        var cnc = TryOpen(directory, readOnly, out var reason);
        if (cnc is not null)
        {
            return cnc;
        }

        var path = PathIn(directory);
        throw File.Exists(path)
            ? new InvalidDataException($"{path}: {reason}")
            : new FileNotFoundException($"no Aeron driver in {directory}: {FileName} is missing", path);
    }

    /// <summary>Opens the CnC file if it is complete.</summary>
    /// <param name="directory">Driver's directory.</param>
    /// <param name="readOnly">For tools.</param>
    /// <param name="reason">Why not.</param>
    /// <exception cref="InvalidDataException">
    /// The layout version is one we do not know: waiting will not help.
    /// </exception>
    public static CncFile? TryOpen(string directory, bool readOnly, out string reason)
    {
        var path = PathIn(directory);
        var info = new FileInfo(path);
        if (!info.Exists || info.Length <= HeaderLength)
        {
            reason = "missing or being created";
            return null;
        }

        MappedFile file;
        try
        {
            file = MappedFile.Open(path, readOnly);
        }
        catch (FileNotFoundException)
        {
            reason = "missing or being created";
            return null;
        }

        reason = Validate(file, out var isForeign);
        if (reason.Length == 0)
        {
            return new CncFile(file);
        }

        file.Dispose();
        return isForeign ? throw new InvalidDataException($"{path}: {reason}") : null;
    }

    /// <summary>Stores the version: from now on clients may connect.</summary>
    public void SignalReady() => Volatile.Write(ref *(int*)_pointer, CurrentVersion);

    /// <summary>The driver's end of the responses.</summary>
    public BroadcastTransmitter CreateTransmitter() => new(_toClients, _toClientsLength, this);

    /// <summary>A client's end of the responses.</summary>
    public BroadcastReceiver CreateReceiver() => new(_toClients, _toClientsLength, this);

    /// <summary>The driver's end of the error log.</summary>
    public DistinctErrorLog CreateErrorLog() => new(_errorLog, ErrorLogLength, this);

    /// <summary>Errors the driver has logged.</summary>
    public List<ErrorObservation> ReadErrors(long sinceMs = 0)
    {
        var errors = ErrorLogReader.Read(_errorLog, ErrorLogLength, sinceMs);
        GC.KeepAlive(this);
        return errors;
    }

    /// <summary>
    /// Milliseconds since the driver's last sign of life, or null after an orderly shutdown or before its start.
    /// </summary>
    public long? HeartbeatAgeMs(long nowMs)
    {
        var heartbeat = DriverHeartbeatMs;
        return heartbeat <= 0 ? null : nowMs - heartbeat;
    }

    /// <summary>Unmaps at once: only where nothing taken from this file is used any more, as in tools.</summary>
    public void Dispose()
    {
        _file.Dispose();
        GC.SuppressFinalize(this);
    }

    private static string Validate(MappedFile file, out bool isForeign)
    {
        isForeign = false;
        if (file.Length <= HeaderLength)
        {
            return "being created";
        }

        var version = VersionOf(file);
        if (version == 0)
        {
            return "created but not ready: its driver is starting, or died while starting";
        }

        if (version >> 16 != CurrentVersion >> 16)
        {
            isForeign = true;
            return $"layout version {version >> 16}.{(version >> 8) & 255}.{version & 255} is not 0.x";
        }

        long sum = HeaderLength;
        for (var offset = ToDriverLengthOffset; offset <= ErrorLogLengthOffset; offset += sizeof(int))
        {
            var length = *(int*)(file.Pointer + offset);
            if (length <= 0 || (length & 7) != 0)
            {
                isForeign = true;
                return $"section length {length} at {offset} is impossible";
            }

            sum += length;
        }

        return sum > file.Length ? $"{file.Length} bytes, but its sections need {sum}" : "";
    }

    private static int VersionOf(MappedFile file)
    {
        // Pairs with SignalReady: whoever sees the version sees the header and the initialised sections.
        return Volatile.Read(ref *(int*)file.Pointer);
    }

    private int Int32(int offset) => *(int*)(_pointer + offset);

    private long Int64(int offset)
    {
        var value = *(long*)(_pointer + offset);
        GC.KeepAlive(this);
        return value;
    }
}

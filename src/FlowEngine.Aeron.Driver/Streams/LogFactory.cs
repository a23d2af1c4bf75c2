using FlowEngine.Aeron.Logs;

namespace FlowEngine.Aeron.Driver;

/// <summary>Creates and initialises log files of publications.</summary>
internal sealed unsafe class LogFactory(MediaDriverContext context)
{
    private readonly int _osSendBuffer = ReadOsDefault("/proc/sys/net/core/wmem_default");
    private readonly int _osReceiveBuffer = ReadOsDefault("/proc/sys/net/core/rmem_default");

    /// <summary>Creates the log of an IPC publication, named after its registration.</summary>
    /// <exception cref="CommandException">There is no space.</exception>
    public LogBuffers CreateIpc(
        IpcParameters parameters, long registrationId, int sessionId, int streamId, int initialTermId, bool isExclusive)
    {
        var path = Path.Combine(
            Path.GetFullPath(context.Directory), DriverDirectory.Publications, $"{registrationId}.logbuffer");
        var length = LogBufferDescriptor.FileLength(parameters.TermLength, context.FilePageSize);
        var free = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(path)! : context.Directory)
            .AvailableFreeSpace;
        if (free < length)
        {
            throw new CommandException(
                ErrorCode.StorageSpace,
                $"a log of {length} bytes does not fit: {free} bytes are free in {context.Directory}");
        }

        var log = LogBuffers.Create(path, parameters.TermLength, context.FilePageSize);
        log.Int64(LogBufferDescriptor.CorrelationIdOffset) = registrationId;
        log.Int32(LogBufferDescriptor.InitialTermIdOffset) = initialTermId;
        log.Int32(LogBufferDescriptor.HeaderLengthOffset) = DataFrame.HeaderLength;
        log.Int32(LogBufferDescriptor.MtuLengthOffset) = parameters.MtuLength;
        log.Int32(LogBufferDescriptor.PublicationWindowLengthOffset) = parameters.WindowLength;
        log.Int32(LogBufferDescriptor.OsDefaultSendBufferLengthOffset) = _osSendBuffer;
        log.Int32(LogBufferDescriptor.OsDefaultReceiveBufferLengthOffset) = _osReceiveBuffer;
        log.Int64(LogBufferDescriptor.EntityTagOffset) = -1;
        log.Int64(LogBufferDescriptor.ResponseCorrelationIdOffset) = -1;
        log.Int64(LogBufferDescriptor.LingerNsOffset) = parameters.LingerNs;
        log.Int64(LogBufferDescriptor.UntetheredWindowLimitNsOffset) = parameters.Subscription.UntetheredWindowLimitNs;
        log.Int64(LogBufferDescriptor.UntetheredRestingNsOffset) = parameters.Subscription.UntetheredRestingNs;
        log.Int64(LogBufferDescriptor.UntetheredLingerNsOffset) = parameters.Subscription.UntetheredLingerNs;
        log.Byte(LogBufferDescriptor.SparseOffset) = parameters.IsSparse ? (byte)1 : (byte)0;
        log.Byte(LogBufferDescriptor.SignalEosOffset) = parameters.SignalsEos ? (byte)1 : (byte)0;
        log.Byte(LogBufferDescriptor.LogTypeOffset) =
            (byte)(isExclusive ? LogType.ExclusivePublication : LogType.ConcurrentPublication);
        log.EndOfStreamPosition = LogBufferDescriptor.NoEndOfStream;
        WriteDefaultHeader(
            log.Metadata + LogBufferDescriptor.DefaultFrameHeaderOffset, sessionId, streamId, initialTermId);
        WriteTails(log, parameters.Start?.TermId ?? initialTermId, parameters.Start?.TermOffset ?? 0, initialTermId);
        if (!parameters.IsSparse)
        {
            Touch(log);
        }

        return log;
    }

    private static void WriteDefaultHeader(byte* header, int sessionId, int streamId, int termId)
    {
        header[DataFrame.FlagsOffset] = DataFrame.Unfragmented;
        *(ushort*)(header + DataFrame.TypeOffset) = DataFrame.TypeData;
        *(int*)(header + DataFrame.SessionIdOffset) = sessionId;
        *(int*)(header + DataFrame.StreamIdOffset) = streamId;
        *(int*)(header + DataFrame.TermIdOffset) = termId;
    }

    private static void WriteTails(LogBuffers log, int termId, int termOffset, int initialTermId)
    {
        var count = unchecked(termId - initialTermId);
        *log.Tail(count % LogBufferDescriptor.PartitionCount) = LogBufferDescriptor.PackTail(termId, termOffset);
        for (var i = 1; i < LogBufferDescriptor.PartitionCount; i++)
        {
            // Three terms back: what rotation expects to find.
            var expected = unchecked(termId + i - LogBufferDescriptor.PartitionCount);
            *log.Tail((int)(((long)count + i) % LogBufferDescriptor.PartitionCount)) =
                LogBufferDescriptor.PackTail(expected, 0);
        }

        log.ActiveTermCount = count;
    }

    private void Touch(LogBuffers log)
    {
        for (long offset = 0; offset < log.Length; offset += context.FilePageSize)
        {
            Volatile.Write(ref log.Terms[offset], log.Terms[offset]);
        }
    }

    private static int ReadOsDefault(string path)
    {
        try
        {
            return int.TryParse(File.ReadAllText(path), out var value) ? value : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}

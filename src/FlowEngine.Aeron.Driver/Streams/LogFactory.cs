using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Logs;

namespace FlowEngine.Aeron.Driver;

/// <summary>Creates and initialises log files of publications and images.</summary>
internal sealed unsafe class LogFactory(MediaDriverContext context)
{
    private readonly int _osSendBuffer = ReadOsDefault("/proc/sys/net/core/wmem_default");
    private readonly int _osReceiveBuffer = ReadOsDefault("/proc/sys/net/core/rmem_default");

    /// <summary>Creates the log of an IPC publication, named after its registration.</summary>
    /// <exception cref="CommandException">There is no space.</exception>
    public LogBuffers CreateIpc(
        PublicationParameters parameters,
        long registrationId,
        int sessionId,
        int streamId,
        int initialTermId,
        bool isExclusive)
    {
        var log = Create(DriverDirectory.Publications, registrationId, parameters.TermLength, parameters.IsSparse);
        Describe(log, parameters, registrationId, sessionId, streamId, initialTermId, isExclusive);
        return log;
    }

    /// <summary>Creates the log of a UDP publication, named after its registration.</summary>
    /// <exception cref="CommandException">There is no space.</exception>
    public LogBuffers CreateNetwork(
        PublicationParameters parameters,
        UdpChannel channel,
        long registrationId,
        int sessionId,
        int streamId,
        int initialTermId,
        bool isExclusive,
        bool isGroup)
    {
        var log = Create(DriverDirectory.Publications, registrationId, parameters.TermLength, parameters.IsSparse);
        Describe(log, parameters, registrationId, sessionId, streamId, initialTermId, isExclusive);
        log.Int32(LogBufferDescriptor.SendBufferLengthOffset) = channel.SendBufferLength;
        log.Int32(LogBufferDescriptor.ReceiveBufferLengthOffset) = channel.ReceiveBufferLength;
        log.Int32(LogBufferDescriptor.MaxResendOffset) = parameters.MaxResend;
        log.Byte(LogBufferDescriptor.GroupOffset) = Flag(isGroup);
        log.Byte(LogBufferDescriptor.SpiesSimulateConnectionOffset) = Flag(parameters.SpiesSimulateConnection);
        return log;
    }

    /// <summary>Creates the log of an image, named after its correlation id. Its subscribers use no tails.</summary>
    /// <exception cref="CommandException">There is no space.</exception>
    public LogBuffers CreateImage(in ImageLog image)
    {
        var log = Create(DriverDirectory.Images, image.CorrelationId, image.TermLength, image.IsSparse);
        var parameters = image.Parameters;
        Describe(log, image.CorrelationId, image.SessionId, image.StreamId, image.InitialTermId, image.MtuLength);
        log.Int32(LogBufferDescriptor.ReceiverWindowLengthOffset) = image.WindowLength;
        log.Int32(LogBufferDescriptor.SendBufferLengthOffset) = image.Channel.SendBufferLength;
        log.Int32(LogBufferDescriptor.ReceiveBufferLengthOffset) = image.Channel.ReceiveBufferLength;
        DescribeTimeouts(log, parameters);
        log.Byte(LogBufferDescriptor.GroupOffset) = Flag(image.IsGroup);
        log.Byte(LogBufferDescriptor.IsResponseOffset) = Flag(parameters.IsResponse);
        log.Byte(LogBufferDescriptor.RejoinOffset) = Flag(parameters.IsRejoin);
        log.Byte(LogBufferDescriptor.ReliableOffset) = Flag(image.IsReliable);
        log.Byte(LogBufferDescriptor.SparseOffset) = Flag(image.IsSparse);
        log.Byte(LogBufferDescriptor.TetherOffset) = Flag(parameters.IsTether);
        log.Byte(LogBufferDescriptor.LogTypeOffset) = (byte)LogType.Image;
        return log;
    }

    private LogBuffers Create(string folder, long id, int termLength, bool isSparse)
    {
        var path = Path.Combine(Path.GetFullPath(context.Directory), folder, $"{id}.logbuffer");
        var length = LogBufferDescriptor.FileLength(termLength, context.FilePageSize);
        var free = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(path)! : context.Directory)
            .AvailableFreeSpace;
        if (free < length)
        {
            throw new CommandException(
                ErrorCode.StorageSpace,
                $"a log of {length} bytes does not fit: {free} bytes are free in {context.Directory}");
        }

        try
        {
            var log = LogBuffers.Create(path, termLength, context.FilePageSize, context.ReserveFiles || !isSparse);
            if (!isSparse)
            {
                Touch(log);
            }

            return log;
        }
        catch (IOException e)
        {
            // Somebody else was quicker than the look at the free space.
            throw new CommandException(ErrorCode.StorageSpace, e.Message);
        }
    }

    private void Describe(
        LogBuffers log,
        PublicationParameters parameters,
        long registrationId,
        int sessionId,
        int streamId,
        int initialTermId,
        bool isExclusive)
    {
        Describe(log, registrationId, sessionId, streamId, initialTermId, parameters.MtuLength);
        log.Int32(LogBufferDescriptor.PublicationWindowLengthOffset) = parameters.WindowLength;
        log.Int64(LogBufferDescriptor.EntityTagOffset) = parameters.EntityTag;
        log.Int64(LogBufferDescriptor.ResponseCorrelationIdOffset) = parameters.ResponseCorrelationId;
        log.Int64(LogBufferDescriptor.LingerNsOffset) = parameters.LingerNs;
        DescribeTimeouts(log, parameters.Subscription);
        log.Byte(LogBufferDescriptor.IsResponseOffset) = Flag(parameters.IsResponse);
        log.Byte(LogBufferDescriptor.SparseOffset) = Flag(parameters.IsSparse);
        log.Byte(LogBufferDescriptor.SignalEosOffset) = Flag(parameters.SignalsEos);
        log.Byte(LogBufferDescriptor.LogTypeOffset) =
            (byte)(isExclusive ? LogType.ExclusivePublication : LogType.ConcurrentPublication);
        WriteTails(log, parameters.Start?.TermId ?? initialTermId, parameters.Start?.TermOffset ?? 0, initialTermId);
    }

    private void Describe(
        LogBuffers log, long correlationId, int sessionId, int streamId, int initialTermId, int mtuLength)
    {
        log.Int64(LogBufferDescriptor.CorrelationIdOffset) = correlationId;
        log.Int32(LogBufferDescriptor.InitialTermIdOffset) = initialTermId;
        log.Int32(LogBufferDescriptor.HeaderLengthOffset) = DataFrame.HeaderLength;
        log.Int32(LogBufferDescriptor.MtuLengthOffset) = mtuLength;
        log.Int32(LogBufferDescriptor.OsDefaultSendBufferLengthOffset) = _osSendBuffer;
        log.Int32(LogBufferDescriptor.OsDefaultReceiveBufferLengthOffset) = _osReceiveBuffer;
        log.EndOfStreamPosition = LogBufferDescriptor.NoEndOfStream;
        WriteDefaultHeader(
            log.Metadata + LogBufferDescriptor.DefaultFrameHeaderOffset, sessionId, streamId, initialTermId);
    }

    private static void DescribeTimeouts(LogBuffers log, SubscriptionParameters parameters)
    {
        log.Int64(LogBufferDescriptor.UntetheredWindowLimitNsOffset) = parameters.UntetheredWindowLimitNs;
        log.Int64(LogBufferDescriptor.UntetheredRestingNsOffset) = parameters.UntetheredRestingNs;
        log.Int64(LogBufferDescriptor.UntetheredLingerNsOffset) = parameters.UntetheredLingerNs;
    }

    private static byte Flag(bool value) => value ? (byte)1 : (byte)0;

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

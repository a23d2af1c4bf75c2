using System.Buffers.Binary;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// The driver's own counters under Aeron's ids and labels: counter id, registration id and key are all the system
/// counter id.
/// </summary>
internal sealed class SystemCounters
{
    /// <summary>Type of system counters.</summary>
    public const int TypeId = 0;

    private const int ErrorsId = 15;
    private const int FailedFreesId = 17;
    private const int UnblockedPublicationsId = 19;
    private const int UnblockedCommandsId = 20;
    private const int ClientTimeoutsId = 24;
    private const int ConductorMaxCycleId = 26;
    private const int ConductorExceededId = 27;
    private const int AeronVersionId = 34;
    private const int BytesMappedId = 35;
    private const int PublicationsRevokedId = 40;
    private const int ImagesRevokedId = 41;
    private const int ControlProtocolId = 43;

    private readonly CountersManager _counters;
    private readonly long _cycleThresholdNs;

    public SystemCounters(CountersManager counters, MediaDriverContext? context = null)
    {
        context ??= new MediaDriverContext();
        _counters = counters;
        _cycleThresholdNs = context.CycleThresholdNs;
        var labels = Labels(Name(context.EffectiveThreadingMode), Duration(_cycleThresholdNs));
        Span<byte> key = stackalloc byte[sizeof(int)];
        for (var id = 0; id < labels.Length; id++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(key, id);
            counters.Allocate(TypeId, key, labels[id], registrationId: id, ownerId: -1);
        }

        counters.Counter(AeronVersionId).Set(DriverVersion.Semantic);
        counters.Counter(ControlProtocolId).Set(DriverVersion.ControlProtocol);
    }

    public AtomicCounter Errors => _counters.Counter(ErrorsId);

    public AtomicCounter FailedFrees => _counters.Counter(FailedFreesId);

    public AtomicCounter UnblockedPublications => _counters.Counter(UnblockedPublicationsId);

    public AtomicCounter UnblockedCommands => _counters.Counter(UnblockedCommandsId);

    public AtomicCounter ClientTimeouts => _counters.Counter(ClientTimeoutsId);

    public AtomicCounter BytesMapped => _counters.Counter(BytesMappedId);

    public AtomicCounter PublicationsRevoked => _counters.Counter(PublicationsRevokedId);

    public AtomicCounter ImagesRevoked => _counters.Counter(ImagesRevokedId);

    /// <summary>
    /// A counter by its id. Those that several agents write are added to with <see cref="AtomicCounter.AddShared"/>.
    /// </summary>
    public AtomicCounter this[SystemCounter id] => _counters.Counter((int)id);

    /// <summary>Records how long a duty cycle took.</summary>
    public void OnCycle(long durationNs)
    {
        _counters.Counter(ConductorMaxCycleId).ProposeMax(durationNs);
        if (durationNs > _cycleThresholdNs)
        {
            _counters.Counter(ConductorExceededId).Increment();
        }
    }

    private static string[] Labels(string mode, string threshold) =>
    [
        "Bytes sent",
        "Bytes received",
        "Failed offers to ReceiverProxy",
        "Failed offers to SenderProxy",
        "Failed offers to DriverConductorProxy",
        "NAKs sent",
        "NAKs received",
        "Status Messages sent",
        "Status Messages received",
        "Heartbeats sent",
        "Heartbeats received",
        "Retransmits sent",
        "Flow control under runs",
        "Flow control over runs",
        "Invalid packets",
        $"Errors: version={DriverVersion.Text} commit={DriverVersion.Commit}",
        "Short sends",
        "Failed attempts to free log buffers",
        "Sender flow control limits, i.e. back-pressure events",
        "Unblocked Publications",
        "Unblocked Control Commands",
        "Possible TTL Asymmetry",
        "ControllableIdleStrategy status",
        "Loss gap fills",
        "Client liveness timeouts",
        "Resolution changes: driverName=",
        $"Conductor max cycle time doing its work in ns: {mode}",
        $"Conductor work cycle exceeded threshold count: threshold={threshold} {mode}",
        $"Sender max cycle time doing its work in ns: {mode}",
        $"Sender work cycle exceeded threshold count: threshold={threshold} {mode}",
        $"Receiver max cycle time doing its work in ns: {mode}",
        $"Receiver work cycle exceeded threshold count: threshold={threshold} {mode}",
        "NameResolver max time in ns",
        "NameResolver exceeded threshold count: threshold=5s",
        $"Aeron software: version={DriverVersion.Text} commit={DriverVersion.Commit}",
        "Bytes currently mapped",
        "Retransmitted bytes",
        "Retransmit Pool Overflow count",
        "Error Frames received",
        "Error Frames sent",
        "Publications Revoked",
        "Publication Images Revoked",
        "Images rejected",
        "Control protocol version",
        "Status Messages rejected",
        "Failed offers to NativeResourceAgentProxy",
    ];

    private static string Name(ThreadingMode mode) => mode switch
    {
        ThreadingMode.Dedicated => "DEDICATED",
        ThreadingMode.SharedNetwork => "SHARED_NETWORK",
        ThreadingMode.Invoker => "INVOKER",
        _ => "SHARED",
    };

    /// <summary>A duration in the largest unit that has it whole, as Aeron writes it.</summary>
    private static string Duration(long ns) => ns switch
    {
        > 0 when ns % 1_000_000_000 == 0 => $"{ns / 1_000_000_000}s",
        > 0 when ns % 1_000_000 == 0 => $"{ns / 1_000_000}ms",
        > 0 when ns % 1_000 == 0 => $"{ns / 1_000}us",
        _ => $"{ns}ns",
    };
}

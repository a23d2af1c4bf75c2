using FlowEngine.Core.Agents;
using FlowEngine.Feeds;

namespace FlowEngine.Engine;

/// <summary>The ingress thread's duty cycle in a replay: packets from a file, as fast as the ring takes them.</summary>
public sealed class ReplayAgent<TSource> : IAgent
    where TSource : IPacketSource
{
    private const int PacketsPerCycle = 16;

    private readonly Ingress _ingress;
    private readonly byte[] _packet;
    private TSource _source;
    private int _length;
    private bool _done;

    /// <summary>An agent that feeds <paramref name="ingress"/> from <paramref name="source"/>.</summary>
    public ReplayAgent(Ingress ingress, TSource source)
    {
        _ingress = ingress;
        _source = source;
        _packet = new byte[source.MaxPacketLength];
    }

    /// <inheritdoc/>
    public string Name => "flowengine-ingress";

    /// <summary>Every packet is in the ring. Any thread.</summary>
    public bool IsDone => Volatile.Read(ref _done); // pairs with the write in DoWork

    /// <summary>What this thread allocates while decoding; reading the file is not counted.</summary>
    public AllocationMeter Allocations { get; } = new();

    /// <inheritdoc/>
    public int DoWork(long nowNs)
    {
        for (var i = 0; i < PacketsPerCycle; i++)
        {
            if (_length == 0 && !_done)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                _length = _source.NextPacket(_packet, out _);
                _ingress.SetUpBytes += GC.GetAllocatedBytesForCurrentThread() - before;
            }

            if (_length == 0)
            {
                Allocations.Sample(_ingress.SetUpBytes, _ingress.Events);
                Volatile.Write(ref _done, true); // pairs with the read in IsDone
                return i;
            }

            if (!_ingress.TryAccept(_packet.AsSpan(0, _length)))
            {
                return i;
            }

            _length = 0;
        }

        Allocations.Sample(_ingress.SetUpBytes, _ingress.Events);
        return PacketsPerCycle;
    }
}

using FlowEngine.Core.Memory;

namespace FlowEngine.Aeron.Driver.Media;

/// <summary>Room for a few received datagrams and where they came from. Owned by the thread that polls.</summary>
internal sealed unsafe class DatagramBatch : IDisposable
{
    /// <summary>Room for one datagram: the longest there is, rounded up to whole cache lines.</summary>
    public const int SlotLength = 65536;

    private readonly NativeBlock _block;
    private readonly UdpAddress[] _sources;
    private readonly int[] _lengths;

    public DatagramBatch(int capacity)
    {
        Capacity = capacity;
        _block = new NativeBlock(capacity * SlotLength);
        _sources = new UdpAddress[capacity];
        _lengths = new int[capacity];
    }

    /// <summary>How many it can hold.</summary>
    public int Capacity { get; }

    /// <summary>How many it holds.</summary>
    public int Count { get; set; }

    /// <summary>Bytes of datagram <paramref name="index"/>.</summary>
    public byte* Pointer(int index) => _block.Pointer + ((long)index * SlotLength);

    /// <summary>Length of datagram <paramref name="index"/>.</summary>
    public ref int Length(int index) => ref _lengths[index];

    /// <summary>Sender of datagram <paramref name="index"/>.</summary>
    public ref UdpAddress Source(int index) => ref _sources[index];

    /// <summary>Content of datagram <paramref name="index"/>.</summary>
    public ReadOnlySpan<byte> Bytes(int index) => new(Pointer(index), _lengths[index]);

    public void Dispose() => _block.Dispose();
}

using System.Runtime.CompilerServices;
using FlowEngine.Core;
using FlowEngine.Core.Memory;

namespace FlowEngine.Aeron.Driver.Media;

/// <summary>
/// Room for a few received datagrams and where they came from, with the message headers Linux fills in one call.
/// Owned by the thread that polls.
/// </summary>
internal sealed unsafe class DatagramBatch : IDisposable
{
    /// <summary>Room for one datagram: the longest there is, rounded up to whole cache lines.</summary>
    public const int SlotLength = 65536;

    private readonly NativeBlock _block;
    private readonly UdpAddress[] _sources;
    private readonly IoVector[] _vectors;
    private readonly MessageHeader[] _headers;
    private readonly int[] _lengths;

    public DatagramBatch(int capacity)
    {
        Capacity = capacity;
        _block = new NativeBlock((long)capacity * SlotLength);
        _lengths = new int[capacity];

        // Pinned: the kernel writes sources, and the headers point to each other.
        _sources = GC.AllocateArray<UdpAddress>(capacity, pinned: true);
        _vectors = GC.AllocateArray<IoVector>(capacity, pinned: true);
        _headers = GC.AllocateArray<MessageHeader>(capacity, pinned: true);
        for (var i = 0; i < capacity; i++)
        {
            _vectors[i] = new IoVector { Pointer = Pointer(i), Length = SlotLength };
            _headers[i].Message.Name = (UdpAddress*)Unsafe.AsPointer(ref _sources[i]);
            _headers[i].Message.Vectors = (IoVector*)Unsafe.AsPointer(ref _vectors[i]);
            _headers[i].Message.VectorCount = 1;
        }
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

    /// <summary>Headers of all slots, ready for the kernel; valid as long as this object.</summary>
    [Hot]
    internal MessageHeader* PrepareHeaders()
    {
        // The kernel overwrites the room for the address by the length of the one it wrote.
        foreach (ref var header in _headers.AsSpan())
        {
            header.Message.NameLength = UdpAddress.SizeV6;
        }

        return (MessageHeader*)Unsafe.AsPointer(ref _headers[0]);
    }

    /// <summary>Takes over the lengths that the kernel wrote into the headers.</summary>
    [Hot]
    internal void Take(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _lengths[i] = (int)_headers[i].DatagramLength;
        }

        Count = count;
    }
}

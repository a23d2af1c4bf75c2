using FlowEngine.Core.Memory;

namespace FlowEngine.Aeron.Driver.Media;

/// <summary>
/// Copies of datagrams that a fault layer holds back until some others have passed, or until it was polled often
/// enough for there to be none. One thread.
/// </summary>
internal sealed unsafe class HeldDatagrams : IDisposable
{
    private const int Capacity = 16;
    private const int MaxPolls = 16;

    private readonly NativeBlock _block = new((long)Capacity * DatagramBatch.SlotLength);
    private readonly Held[] _held = new Held[Capacity];

    /// <summary>How many are held.</summary>
    public int Count { get; private set; }

    /// <summary>Whether there is room for one more.</summary>
    public bool HasRoom => Count < Capacity;

    /// <summary>Copies a datagram, to be let go when <paramref name="delay"/> others have passed.</summary>
    public void Add(ReadOnlySpan<byte> datagram, in UdpAddress address, int delay)
    {
        var slot = Array.FindIndex(_held, held => !held.IsUsed);
        datagram.CopyTo(new Span<byte>(Pointer(slot), DatagramBatch.SlotLength));
        _held[slot] = new Held
        {
            IsUsed = true,
            Length = datagram.Length,
            Address = address,
            Passing = delay,
            Polls = MaxPolls,
        };
        Count++;
    }

    /// <summary>Notes that a datagram has passed.</summary>
    public void OnPassed()
    {
        foreach (ref var held in _held.AsSpan())
        {
            held.Passing--;
        }
    }

    /// <summary>Notes that the transport was polled.</summary>
    public void OnPoll()
    {
        foreach (ref var held in _held.AsSpan())
        {
            held.Polls--;
        }
    }

    /// <summary>One that is due; valid until the next addition.</summary>
    public bool TryTake(out Datagram datagram, out UdpAddress address)
    {
        for (var i = 0; i < Capacity; i++)
        {
            ref var held = ref _held[i];
            if (held.IsUsed && (held.Passing <= 0 || held.Polls <= 0))
            {
                held.IsUsed = false;
                Count--;
                datagram = new Datagram(Pointer(i), held.Length);
                address = held.Address;
                return true;
            }
        }

        datagram = default;
        address = default;
        return false;
    }

    public void Dispose() => _block.Dispose();

    private byte* Pointer(int slot) => _block.Pointer + ((long)slot * DatagramBatch.SlotLength);

    private struct Held
    {
        public bool IsUsed;
        public int Length;
        public UdpAddress Address;
        public int Passing;
        public int Polls;
    }
}

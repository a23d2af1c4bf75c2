using System.Text;
using FlowEngine.Core.Memory;
using FlowEngine.Core.Time;

namespace FlowEngine.Core.Counters;

/// <summary>
/// Allocates and frees counters in Aeron's layout. One thread. A freed id is used again only after the reuse
/// timeout, so that a late reader of another process sees "reclaimed" rather than somebody else's counter.
/// </summary>
public sealed unsafe class CountersManager
{
    /// <summary>Aeron's default rest of a freed id.</summary>
    public const long DefaultReuseTimeoutMs = 1000;

    private readonly Func<long> _epochMs;
    private readonly long _reuseTimeoutMs;
    private readonly List<int> _free = [];
    private int _highWater = -1;

    /// <summary>
    /// Manages the counters <paramref name="reader"/> reads; the regions must be zeroed and writable.
    /// </summary>
    /// <param name="reader">The regions.</param>
    /// <param name="epochMs">Milliseconds since 1970, for the reuse deadline.</param>
    /// <param name="reuseTimeoutMs">How long a freed id rests.</param>
    public CountersManager(CountersReader reader, Func<long> epochMs, long reuseTimeoutMs = DefaultReuseTimeoutMs)
    {
        Reader = reader;
        _epochMs = epochMs;
        _reuseTimeoutMs = reuseTimeoutMs;
    }

    /// <summary>Reads the same counters.</summary>
    public CountersReader Reader { get; }

    /// <summary>Counters in memory of this process only: for tests, and for engines without a driver.</summary>
    public static CountersManager InPrivateMemory(
        int maxCounters, IClock? clock = null, long reuseTimeoutMs = DefaultReuseTimeoutMs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCounters, 1);
        var metadataLength = (long)maxCounters * CounterLayout.MetadataLength;
        var valuesLength = (long)maxCounters * CounterLayout.ValueLength;
        var block = new NativeBlock(metadataLength + valuesLength);
        var reader = new CountersReader(
            block.Pointer, metadataLength, block.Pointer + metadataLength, valuesLength, block);
        Func<long> epochMs = clock is null ? SystemClock.EpochMillisNow : () => clock.EpochNanos / 1_000_000;
        return new CountersManager(reader, epochMs, reuseTimeoutMs);
    }

    /// <summary>Allocates a counter with value 0.</summary>
    /// <param name="typeId">Type, 0 or more.</param>
    /// <param name="key">At most 112 bytes; longer keys are cut.</param>
    /// <param name="label">At most 380 ASCII characters; longer labels are cut.</param>
    /// <returns>Id, or -1 when there is no room.</returns>
    public int Allocate(int typeId, ReadOnlySpan<byte> key, string label)
    {
        var id = NextId();
        if (id == CounterLayout.NullCounterId)
        {
            return id;
        }

        var metadata = Reader.Metadata(id);
        *(int*)(metadata + CounterLayout.TypeIdOffset) = typeId;
        *(long*)(metadata + CounterLayout.FreeForReuseDeadlineOffset) = CounterLayout.NotFreeForReuse;
        var keyRoom = new Span<byte>(metadata + CounterLayout.KeyOffset, CounterLayout.MaxKeyLength);
        keyRoom.Clear();
        key[..Math.Min(key.Length, keyRoom.Length)].CopyTo(keyRoom);
        WriteLabel(metadata, label);

        // Pairs with CountersReader.State: whoever sees ALLOCATED sees type, key and label.
        Volatile.Write(ref *(int*)metadata, CounterLayout.StateAllocated);
        return id;
    }

    /// <summary>Allocates a counter and stores its ids.</summary>
    public int Allocate(
        int typeId, ReadOnlySpan<byte> key, string label, long registrationId, long ownerId, long referenceId = 0)
    {
        var id = Allocate(typeId, key, label);
        if (id != CounterLayout.NullCounterId)
        {
            SetIds(id, registrationId, ownerId, referenceId);
        }

        return id;
    }

    /// <summary>Stores the ids of a counter; the registration id last, as readers check it.</summary>
    public void SetIds(int counterId, long registrationId, long ownerId, long referenceId = 0)
    {
        var slot = Reader.Slot(counterId);
        *(long*)(slot + CounterLayout.OwnerIdOffset) = ownerId;
        *(long*)(slot + CounterLayout.ReferenceIdOffset) = referenceId;

        // Pairs with CountersReader.RegistrationId.
        Volatile.Write(ref *(long*)(slot + CounterLayout.RegistrationIdOffset), registrationId);
    }

    /// <summary>A handle on the value.</summary>
    public AtomicCounter Counter(int counterId) => Reader.Counter(counterId);

    /// <summary>Replaces the label.</summary>
    public void SetLabel(int counterId, string label) => WriteLabel(Reader.Metadata(counterId), label);

    /// <summary>Frees a counter; freeing a counter that is not allocated does nothing.</summary>
    public void Free(int counterId)
    {
        if (!Reader.IsInRange(counterId) || Reader.State(counterId) != CounterLayout.StateAllocated)
        {
            return;
        }

        var metadata = Reader.Metadata(counterId);

        // Pairs with CountersReader.State: first no reader takes it for alive, then its parts go.
        Volatile.Write(ref *(int*)metadata, CounterLayout.StateReclaimed);
        new Span<byte>(metadata + CounterLayout.KeyOffset, CounterLayout.MaxKeyLength).Clear();
        *(long*)(metadata + CounterLayout.FreeForReuseDeadlineOffset) = _epochMs() + _reuseTimeoutMs;
        _free.Add(counterId);
    }

    private int NextId()
    {
        if (_free.Count > 0)
        {
            var nowMs = _epochMs();
            for (var i = 0; i < _free.Count; i++)
            {
                var id = _free[i];
                var metadata = Reader.Metadata(id);
                if (*(long*)(metadata + CounterLayout.FreeForReuseDeadlineOffset) <= nowMs)
                {
                    _free.RemoveAt(i);
                    ResetSlot(id);
                    return id;
                }
            }
        }

        return _highWater < Reader.MaxCounterId ? ++_highWater : CounterLayout.NullCounterId;
    }

    private void ResetSlot(int id)
    {
        var slot = Reader.Slot(id);

        // Pairs with readers that re-check the registration id after the value.
        Volatile.Write(ref *(long*)(slot + CounterLayout.RegistrationIdOffset), 0);
        *(long*)(slot + CounterLayout.OwnerIdOffset) = 0;
        *(long*)(slot + CounterLayout.ReferenceIdOffset) = 0;
        Volatile.Write(ref *(long*)slot, 0);
    }

    private static void WriteLabel(byte* metadata, string label)
    {
        var room = new Span<byte>(metadata + CounterLayout.LabelOffset, CounterLayout.MaxLabelLength);
        var length = Encoding.Latin1.GetBytes(label.AsSpan(0, Math.Min(label.Length, room.Length)), room);

        // Pairs with CountersReader.Label.
        Volatile.Write(ref *(int*)(metadata + CounterLayout.LabelLengthOffset), length);
    }
}

using System.Text;

namespace FlowEngine.Core.Counters;

/// <summary>
/// Reads the counters of a driver, or of <see cref="CountersManager.InPrivateMemory"/>. Any thread, any process. A
/// counter that one does not own may be freed and used again at any time: re-check <see cref="RegistrationId"/>
/// after reading a value.
/// </summary>
public sealed unsafe class CountersReader
{
    private readonly byte* _metadata;
    private readonly byte* _values;
    private readonly object? _owner;

    /// <summary>A reader over the two regions.</summary>
    /// <param name="metadata">Metadata region, 512 bytes a counter.</param>
    /// <param name="metadataLength">Bytes.</param>
    /// <param name="values">Values region, 128 bytes a counter.</param>
    /// <param name="valuesLength">Bytes.</param>
    /// <param name="owner">Kept reachable, so that the regions stay mapped.</param>
    public CountersReader(byte* metadata, long metadataLength, byte* values, long valuesLength, object? owner)
    {
        _metadata = metadata;
        _values = values;
        _owner = owner;
        var slots = Math.Min(metadataLength / CounterLayout.MetadataLength, valuesLength / CounterLayout.ValueLength);
        MaxCounterId = (int)slots - 1;
    }

    /// <summary>Highest id there is room for.</summary>
    public int MaxCounterId { get; }

    /// <summary>Whether <paramref name="counterId"/> has a slot.</summary>
    public bool IsInRange(int counterId) => (uint)counterId <= (uint)MaxCounterId;

    /// <summary>One of the <see cref="CounterLayout"/> states; pairs with the release at allocation.</summary>
    public int State(int counterId) => Volatile.Read(ref *(int*)Metadata(counterId));

    /// <summary>Type id of an allocated counter.</summary>
    public int TypeId(int counterId) => *(int*)(Metadata(counterId) + CounterLayout.TypeIdOffset);

    /// <summary>Value; pairs with the release of its writer.</summary>
    public long Value(int counterId)
    {
        var value = Volatile.Read(ref *(long*)Slot(counterId));
        GC.KeepAlive(_owner);
        return value;
    }

    /// <summary>Registration id; stored with release after the state became allocated.</summary>
    public long RegistrationId(int counterId) =>
        Volatile.Read(ref *(long*)(Slot(counterId) + CounterLayout.RegistrationIdOffset));

    /// <summary>Owner, a client id or -1.</summary>
    public long OwnerId(int counterId) => *(long*)(Slot(counterId) + CounterLayout.OwnerIdOffset);

    /// <summary>Reference id, type specific.</summary>
    public long ReferenceId(int counterId) => *(long*)(Slot(counterId) + CounterLayout.ReferenceIdOffset);

    /// <summary>The 112 key bytes. A C driver leaves garbage after the used part.</summary>
    public ReadOnlySpan<byte> Key(int counterId) =>
        new(Metadata(counterId) + CounterLayout.KeyOffset, CounterLayout.MaxKeyLength);

    /// <summary>Label text.</summary>
    public string Label(int counterId)
    {
        var metadata = Metadata(counterId);

        // Pairs with the release that appends to a label; the clamp guards against a foreign or torn length.
        var length = Volatile.Read(ref *(int*)(metadata + CounterLayout.LabelLengthOffset));
        length = Math.Clamp(length, 0, CounterLayout.MaxLabelLength);
        var label = Encoding.Latin1.GetString(metadata + CounterLayout.LabelOffset, length);
        GC.KeepAlive(_owner);
        return label;
    }

    /// <summary>
    /// Appends to a label what there is room for; only the counter's user may, and only in a writable mapping.
    /// </summary>
    public void AppendToLabel(int counterId, string text)
    {
        var metadata = Metadata(counterId);
        var length = *(int*)(metadata + CounterLayout.LabelLengthOffset);
        if ((uint)length > CounterLayout.MaxLabelLength)
        {
            return;
        }

        var room = new Span<byte>(metadata + CounterLayout.LabelOffset, CounterLayout.MaxLabelLength)[length..];
        length += Encoding.Latin1.GetBytes(text.AsSpan(0, Math.Min(text.Length, room.Length)), room);

        // Pairs with Label.
        Volatile.Write(ref *(int*)(metadata + CounterLayout.LabelLengthOffset), length);
    }

    /// <summary>A handle on the value.</summary>
    public AtomicCounter Counter(int counterId) => new((long*)Slot(counterId), counterId, _owner ?? this);

    /// <summary>Id of the allocated counter of this type and registration, or -1. O(counters).</summary>
    public int Find(int typeId, long registrationId)
    {
        for (var id = 0; id <= MaxCounterId; id++)
        {
            var state = State(id);
            if (state == CounterLayout.StateUnused)
            {
                break;
            }

            if (state == CounterLayout.StateAllocated && TypeId(id) == typeId && RegistrationId(id) == registrationId)
            {
                return id;
            }
        }

        return CounterLayout.NullCounterId;
    }

    /// <summary>Copies of all allocated counters in order of id.</summary>
    public List<CounterEntry> Scan()
    {
        var found = new List<CounterEntry>();
        for (var id = 0; id <= MaxCounterId; id++)
        {
            var state = State(id);
            if (state == CounterLayout.StateUnused)
            {
                break;
            }

            if (state == CounterLayout.StateAllocated)
            {
                found.Add(new CounterEntry(
                    id, TypeId(id), RegistrationId(id), OwnerId(id), ReferenceId(id), Value(id), Label(id)));
            }
        }

        return found;
    }

    internal byte* Metadata(int counterId)
    {
        CheckRange(counterId);
        return _metadata + ((long)counterId * CounterLayout.MetadataLength);
    }

    internal byte* Slot(int counterId)
    {
        CheckRange(counterId);
        return _values + ((long)counterId * CounterLayout.ValueLength);
    }

    private void CheckRange(int counterId) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)counterId, (uint)MaxCounterId, nameof(counterId));
}

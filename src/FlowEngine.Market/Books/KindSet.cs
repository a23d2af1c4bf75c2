using System.Runtime.CompilerServices;

namespace FlowEngine.Market;

/// <summary>Some of the kinds of event, a bit each: one test instead of a jump that depends on the kind.</summary>
internal readonly record struct KindSet(uint Bits)
{
    private const uint LevelBits =
        (1u << (int)EventKind.LevelSet) | (1u << (int)EventKind.LevelDelta) | (1u << (int)EventKind.LevelDelete);

    private const uint OrderBits = (1u << (int)EventKind.OrderAdd) | (1u << (int)EventKind.OrderModify)
        | (1u << (int)EventKind.OrderDelete) | (1u << (int)EventKind.OrderExecute);

    /// <summary>Changes of levels.</summary>
    public static KindSet Levels => new(LevelBits);

    /// <summary>Changes of orders.</summary>
    public static KindSet Orders => new(OrderBits);

    /// <summary>All that changes a book in the sequence of its venue.</summary>
    public static KindSet Increments => new(LevelBits | OrderBits | (1u << (int)EventKind.Clear));

    /// <summary>Whether a kind, also one that does not exist, is among them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(EventKind kind) => kind <= (EventKind)31 && ((Bits >> (int)kind) & 1) != 0;
}

using FlowEngine.Market;

namespace FlowEngine.Tests.Market;

/// <summary>
/// The obvious model of one side: every level of the venue in a sorted dictionary, and, beside it, the price from which
/// on a book of so many levels has lost track.
/// </summary>
internal sealed class ModelSide(Side side, int capacity)
{
    private readonly SortedDictionary<long, long> _all = new(
        side == Side.Bid ? Comparer<long>.Create((left, right) => right.CompareTo(left)) : Comparer<long>.Default);

    private long? _horizon;

    public int Unknown { get; private set; }

    public int Refused { get; private set; }

    public int Negative { get; private set; }

    public bool IsTruncated => _horizon is not null;

    /// <summary>What the book must hold, best first.</summary>
    public PriceLevel[] Held => [.. Known().Select(pair => new PriceLevel(pair.Key, pair.Value))];

    public void Set(long price, long lots)
    {
        if (lots <= 0)
        {
            Refused++;
            return;
        }

        _all[price] = lots;
        Cut();
    }

    public void Add(long price, long lots)
    {
        bool exists = _all.TryGetValue(price, out long held);
        var result = (Int128)held + lots;
        if (result > long.MaxValue)
        {
            Refused++;
            return;
        }

        if (result > 0)
        {
            _all[price] = (long)result;
            Cut();
            return;
        }

        _all.Remove(price);
        Negative += result < 0 ? 1 : 0;
        Unknown += result == 0 && !exists ? 1 : 0;
    }

    public void Delete(long price) => Unknown += _all.Remove(price) ? 0 : 1;

    public void Clear()
    {
        _all.Clear();
        _horizon = null;
    }

    private void Cut()
    {
        var known = Known().ToArray();
        if (known.Length > capacity)
        {
            _horizon = known[capacity].Key;
        }
    }

    private IEnumerable<KeyValuePair<long, long>> Known() =>
        _all.TakeWhile(pair => _horizon is not { } horizon || _all.Comparer.Compare(pair.Key, horizon) < 0);
}

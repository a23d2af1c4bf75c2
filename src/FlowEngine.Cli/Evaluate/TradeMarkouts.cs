using FlowEngine.Signals;

namespace FlowEngine.Cli.Evaluate;

/// <summary>
/// V2: the mid some time after each trade against the mid before it and against its price; ticks, + is the aggressor
/// right.
/// </summary>
internal sealed class TradeMarkouts
{
    private const int Capacity = 1 << 17;
    private const long NsPerMillisecond = 1_000_000;
    private const double Half = 0.5;

    private readonly Sums[] _sums = new Sums[Horizons.Count];
    private readonly double _tickQuanta;

    // Files may tell of hundreds of instruments that never trade.
    private MarkoutRing? _ring;

    /// <summary>No trade yet.</summary>
    public TradeMarkouts(int tickQuanta) => _tickQuanta = Math.Max(1, tickQuanta);

    /// <summary>Names of the horizons.</summary>
    public static IReadOnlyList<string> Horizons { get; } = ["10ms", "100ms", "1s", "10s", "60s"];

    /// <summary>Trades that found no room to wait.</summary>
    public long Dropped => _ring?.Dropped ?? 0;

    /// <summary>A trade of sign 1 or -1, with the touch before its event.</summary>
    public void Add(int sign, long price, long lots, in TouchState before, long nowNs)
    {
        if (sign != 0 && before.HasBoth)
        {
            _ring ??= new MarkoutRing(
                Capacity, 10 * NsPerMillisecond, 100 * NsPerMillisecond, 1000 * NsPerMillisecond,
                10_000 * NsPerMillisecond, 60_000 * NsPerMillisecond);
            _ring.Add(new Markout(sign, price, lots, before.Mid2, before.Mid2, nowNs));
        }
    }

    /// <summary>Holds what fell due before now against the mid that stood until now.</summary>
    public void Settle(in TouchState stood, long nowNs)
    {
        for (var horizon = 0; _ring is not null && horizon < _sums.Length; horizon++)
        {
            while (_ring.TrySettle(horizon, nowNs, out var trade))
            {
                if (stood.HasBoth)
                {
                    _sums[horizon].Add(trade, stood.Mid2, Half / _tickQuanta);
                }
            }
        }
    }

    /// <summary>The means.</summary>
    public List<MarkoutResult> Read() => [.. _sums.Select((sums, i) => sums.Read(Horizons[i]))];

    private struct Sums
    {
        private long _count;
        private long _right;
        private long _moved;
        private double _lots;
        private double _mid;
        private double _price;
        private double _midLots;

        public void Add(in Markout trade, long mid2, double ticksPerHalfQuantum)
        {
            var mid = trade.Sign * (double)(mid2 - trade.MidBefore2) * ticksPerHalfQuantum;
            var price = trade.Sign * (mid2 - (2.0 * trade.Price)) * ticksPerHalfQuantum;
            _count++;
            _moved += mid != 0 ? 1 : 0;
            _right += mid > 0 ? 1 : 0;
            _lots += trade.Lots;
            _mid += mid;
            _price += price;
            _midLots += mid * trade.Lots;
        }

        public readonly MarkoutResult Read(string horizon) => new(
            horizon,
            _count,
            _count > 0 ? _mid / _count : null,
            _count > 0 ? _price / _count : null,
            _lots > 0 ? _midLots / _lots : null,
            _moved > 0 ? (double)_right / _moved : null);
    }
}

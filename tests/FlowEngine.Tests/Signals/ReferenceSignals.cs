using System.Numerics;
using FlowEngine.Market;

namespace FlowEngine.Tests.Signals;

/// <summary>
/// The definitions of signals.md, slow and obvious: the whole history is kept, and every value is computed from it
/// anew, in decimals and fractions, with <see cref="Math.Pow"/> for decay. Shares no code with the engine but the event
/// records.
/// </summary>
internal sealed class ReferenceSignals
{
    private const long NsPerDay = 86_400_000_000_000;

    private readonly List<(long Time, long Lots)> _ofi = [];
    private readonly List<(long From, long? To, decimal Value)> _depths = [];
    private readonly List<(long From, long? To, decimal Value)> _spreads = [];
    private readonly List<(long Time, long BidDown, long AskDown, long BidUp, long AskUp)> _steps = [];
    private readonly List<(long Time, int Sign, long Lots)> _signed = [];
    private readonly List<(long Time, int Direction, long Lots)> _ticks = [];
    private (long Bid, long BidLots, long Ask, long AskLots)? _before;
    private bool _frozen = true;
    private bool _evaluated;
    private ValidityFlags _phase;
    private (BigInteger Notional, BigInteger Lots)? _lastMerged;
    private int _mergedDirection;
    private long? _lastPrint;
    private int _printDirection;

    public long Now { get; private set; }

    public long Clamps { get; private set; }

    public bool Warmup { get; private set; }

    public bool Frozen => _frozen;

    public long OfiEvent { get; private set; }

    public long OfiSum => _ofi.Sum(x => x.Lots);

    public int Prints { get; private set; }

    public int Inferred { get; private set; }

    public long Longs { get; private set; }

    public long Shorts { get; private set; }

    public void Take(VenueEvent e, DictionaryBook bookAfter, DictionaryBook bookBefore, long timeNs)
    {
        var onBook = new List<Trade>();
        foreach (Trade trade in e.Trades)
        {
            Advance(timeNs);
            Prints++;
            CountForced(trade);
            if ((trade.Flags & EventFlags.OffBook) == 0)
            {
                onBook.Add(trade);
                _signed.Add((Now, Sign(trade, bookBefore), trade.Lots));
            }
        }

        Advance(timeNs);
        bool crossed = bookAfter.Bids.Count > 0 && bookAfter.Asks.Count > 0
            && bookAfter.Bids.Keys.Max() > bookAfter.Asks.Keys.Min();
        ValidityFlags phase = e.Book & (ValidityFlags.Gap | ValidityFlags.Halted);
        bool restart = e.Reprime || phase != _phase;
        _phase = phase;
        Merge(onBook, restart);
        Move(bookAfter, crossed || phase.HasFlag(ValidityFlags.Gap), restart);
        _evaluated = true;
    }

    public double OfiDecayed(long halfLife) => _ofi.Sum(x => x.Lots * Decay(x.Time, halfLife));

    public double AverageDepth(long halfLife) => Mean(_depths, halfLife);

    public double Spread(long halfLife) => Mean(_spreads, halfLife);

    public double[] Steps(long h) =>
    [
        _steps.Sum(x => x.BidDown * Decay(x.Time, h)), _steps.Sum(x => x.AskDown * Decay(x.Time, h)),
        _steps.Sum(x => x.BidUp * Decay(x.Time, h)), _steps.Sum(x => x.AskUp * Decay(x.Time, h)),
    ];

    public double Signed(int sign, long h) => _signed.Where(x => x.Sign == sign).Sum(x => x.Lots * Decay(x.Time, h));

    public long Cvd() => _signed.Where(x => x.Time / NsPerDay == Now / NsPerDay).Sum(x => x.Sign * x.Lots);

    public double Ticked(int direction, long h) =>
        _ticks.Where(x => x.Direction == direction).Sum(x => x.Lots * Decay(x.Time, h));

    private void Advance(long timeNs)
    {
        Clamps += timeNs < Now ? 1 : 0;
        Now = Math.Max(Now, timeNs);
    }

    private double Decay(long since, long halfLife) => Math.Pow(2, -(double)(Now - since) / halfLife);

    private double Mean(List<(long From, long? To, decimal Value)> stretches, long h)
    {
        // Time from a to b weighs 2^-((t-b)/h) - 2^-((t-a)/h) = 2^-((t-b)/h) × (1 - 2^-((b-a)/h)).
        double Weight(long from, long to) => Decay(to, h) * -ExpM1(-(double)(to - from) / h * Math.Log(2));
        double all = stretches.Sum(x => Weight(x.From, x.To ?? Now));
        return all > 0 ? stretches.Sum(x => (double)x.Value * Weight(x.From, x.To ?? Now)) / all
            : stretches.Count == 0 ? 0
            : (double)stretches[^1].Value;
    }

    private static double ExpM1(double x) => Math.Abs(x) < 1e-5 ? x + x * x / 2 : Math.Exp(x) - 1;

    private int Sign(Trade trade, DictionaryBook before)
    {
        if (_lastPrint is { } last && trade.Price != last)
        {
            _printDirection = trade.Price > last ? 1 : -1;
        }

        _lastPrint = trade.Price;
        if (trade.Side != Side.Unknown && !trade.Flags.HasFlag(EventFlags.SignInferred))
        {
            return trade.Side == Side.Buy ? 1 : -1;
        }

        bool quoted = !_evaluated || !_frozen;
        long? bid = quoted && before.Bids.Count > 0 ? before.Bids.Keys.Max() : null;
        long? ask = quoted && before.Asks.Count > 0 ? before.Asks.Keys.Min() : null;
        int sign = (trade.Price >= ask, trade.Price <= bid) switch
        {
            (true, false) => 1,
            (false, true) => -1,
            (true, true) => 0,
            _ => bid is null || ask is null ? 0 : Math.Sign(trade.Price - (bid.Value + ask.Value) / 2m),
        };
        sign = sign != 0 ? sign : _printDirection;
        Inferred += sign != 0 ? 1 : 0;
        return sign;
    }

    private void CountForced(Trade trade)
    {
        bool told = !trade.Flags.HasFlag(EventFlags.SignInferred);
        Side taker = told && trade.Kind == EventKind.Liquidation ? trade.Side : Side.Unknown;
        Side maker = !told || !trade.Flags.HasFlag(EventFlags.MakerLiquidation) ? Side.Unknown
            : trade.Side == Side.Buy ? Side.Sell
            : trade.Side == Side.Sell ? Side.Buy
            : Side.Unknown;
        foreach (Side forced in (Side[])[taker, maker])
        {
            Longs += forced == Side.Sell ? trade.Lots : 0;
            Shorts += forced == Side.Buy ? trade.Lots : 0;
        }
    }

    private void Merge(List<Trade> prints, bool restart)
    {
        if (restart)
        {
            _lastMerged = null;
            _mergedDirection = 0;
        }

        if (prints.Count == 0)
        {
            return;
        }

        BigInteger notional = prints.Aggregate(BigInteger.Zero, (sum, x) => sum + (BigInteger)x.Price * x.Lots);
        BigInteger lots = prints.Aggregate(BigInteger.Zero, (sum, x) => sum + x.Lots);
        if (_lastMerged is { } last)
        {
            int change = (notional * last.Lots - last.Notional * lots).Sign;
            _mergedDirection = change != 0 ? change : _mergedDirection;
        }

        _lastMerged = (notional, lots);
        _ticks.Add((Now, _mergedDirection, (long)lots));
    }

    private void Move(DictionaryBook book, bool freeze, bool restart)
    {
        OfiEvent = 0;
        Warmup = freeze ? Warmup && _frozen : restart || _frozen;
        Close(_depths);
        Close(_spreads);
        if (freeze)
        {
            Warmup = _before is null;
            _frozen = true;
            return;
        }

        (long Bid, long BidLots, long Ask, long AskLots) now = (
            book.Bids.Count > 0 ? book.Bids.Keys.Max() : long.MinValue,
            book.Bids.Count > 0 ? book.Bids[book.Bids.Keys.Max()] : 0,
            book.Asks.Count > 0 ? book.Asks.Keys.Min() : long.MaxValue,
            book.Asks.Count > 0 ? book.Asks[book.Asks.Keys.Min()] : 0);
        if (_before is { } old && !Warmup)
        {
            OfiEvent = (now.Bid >= old.Bid ? now.BidLots : 0) - (now.Bid <= old.Bid ? old.BidLots : 0)
                - (now.Ask <= old.Ask ? now.AskLots : 0) + (now.Ask >= old.Ask ? old.AskLots : 0);
            _ofi.Add((Now, OfiEvent));
            bool bids = now.BidLots > 0 && old.BidLots > 0;
            bool asks = now.AskLots > 0 && old.AskLots > 0;
            _steps.Add((
                Now,
                bids ? Math.Max(0, old.Bid - now.Bid) : 0,
                asks ? Math.Max(0, old.Ask - now.Ask) : 0,
                bids ? Math.Max(0, now.Bid - old.Bid) : 0,
                asks ? Math.Max(0, now.Ask - old.Ask) : 0));
        }

        _before = now;
        _frozen = false;
        if (now.BidLots + now.AskLots > 0)
        {
            _depths.Add((Now, null, (now.BidLots + now.AskLots) / 2m));
        }

        if (now.BidLots > 0 && now.AskLots > 0)
        {
            _spreads.Add((Now, null, now.Ask - now.Bid));
        }
    }

    private void Close(List<(long From, long? To, decimal Value)> stretches)
    {
        if (stretches.Count > 0 && stretches[^1].To is null)
        {
            stretches[^1] = stretches[^1] with { To = Now };
        }
    }
}

using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Cli.Evaluate;

/// <summary>
/// One instrument over a session: the mid at the start of each interval (that of the last book event before, carried
/// forward), the order flow and every other signal of each, and what trades did.
/// </summary>
internal sealed class InstrumentSeries
{
    private const long MinuteNs = 60_000_000_000;

    // Weight of a new interval in λ, and of a new minute in Amihud's mean: a memory of six hours of either at most.
    private const double LambdaShare = 1.0 / 360;
    private const double AmihudShare = 1.0 / 390;
    private const double Half = 0.5;

    private readonly SessionPlan _plan;
    private readonly IntervalValues _values;
    private readonly LiveSignals _live;
    private readonly double _tickQuanta;
    private readonly double _notional;
    private readonly bool _isInverse;
    private readonly List<long> _signedLots = [];
    private OrderFlowImbalance _ofi = new(new HalfLife(1_000_000_000), new HalfLife(10_000_000_000));
    private TradeSign _tradeSign;
    private KyleLambda _lambda = new(LambdaShare);
    private Amihud _amihud = new(AmihudShare);
    private TouchState _touch = new(TouchState.NoBid, 0, TouchState.NoAsk, 0);
    private bool _isPrimed;
    private bool _reprimes;
    private int _interval = -1;
    private long _nextBarNs;
    private long _nowNs;
    private double _mid = double.NaN;
    private double _depth2;
    private long _events;

    /// <summary>Nothing seen.</summary>
    public InstrumentSeries(Instrument instrument, SessionPlan plan)
    {
        Instrument = instrument;
        _plan = plan;
        _values = new IntervalValues(instrument);
        _live = new LiveSignals(instrument);
        _tickQuanta = Math.Max(1, instrument.TickQuanta);
        _isInverse = instrument.Contract == ContractKind.Inverse;
        var amount = instrument.Lot.ToDouble() * instrument.ContractMultiplier.ToDouble();
        _notional = _isInverse ? amount : amount * instrument.PriceQuantum.ToDouble();
        _nextBarNs = plan.OpenNs + MinuteNs;
        Markouts = new TradeMarkouts(instrument.TickQuanta);
    }

    /// <summary>What it is.</summary>
    public Instrument Instrument { get; }

    /// <summary>Mid at the start of each interval and at the last one's end, ticks; NaN without a book.</summary>
    public List<double> Mids { get; } = [];

    /// <summary>The signals of each interval.</summary>
    public List<SignalRow> Rows { get; } = [];

    /// <summary>L9 at the end of each interval.</summary>
    public List<Regime> Regimes { get; } = [];

    /// <summary>Σ over the touch's changes in each interval of half the lots there.</summary>
    public List<double> DepthSums { get; } = [];

    /// <summary>Changes of the touch in each interval: price or lots, on either side.</summary>
    public List<long> EventCounts { get; } = [];

    /// <summary>Prints of the session, in lots, + bought; those without a sign are left out.</summary>
    public IReadOnlyList<long> SignedLots => _signedLots;

    /// <summary>Prints of the session.</summary>
    public long Trades { get; private set; }

    /// <summary>Whether there was a book in the session.</summary>
    public bool HasBook => EventCounts.Exists(count => count > 0);

    /// <summary>V2.</summary>
    public TradeMarkouts Markouts { get; }

    /// <summary>M3 over the intervals; quanta a lot.</summary>
    public RegressionFit Lambda => _lambda.Fit;

    /// <summary>M5 over minutes; per 1e9 of notional.</summary>
    public double? AmihudPerBillion => _amihud.Bars > 0 && _amihud.Read(out var value) >= 0 ? value : null;

    /// <summary>Time passes before an event.</summary>
    /// <returns>False when the session is over.</returns>
    public bool Advance(InstrumentBook book, long venueTimeNs)
    {
        var interval = _plan.IntervalOf(venueTimeNs);
        if (interval >= _plan.Intervals)
        {
            return false;
        }

        RollTo(interval, book);
        _nowNs = Math.Max(_nowNs, venueTimeNs);
        _live.Advance(book, _nowNs);
        for (; interval >= 0 && venueTimeNs >= _nextBarNs; _nextBarNs += MinuteNs)
        {
            _amihud.Close(_touch.HasBoth ? _touch.Mid2 : 0);
        }

        return true;
    }

    /// <summary>Takes an event of the session, or before it, that the book has taken.</summary>
    public void Take(in MarketEvent e, InstrumentBook book, BookChange change)
    {
        if (e.Kind is EventKind.Trade or EventKind.Liquidation)
        {
            Trade(in e);
        }

        _live.Take(in e, book, change);
        _reprimes |= change == BookChange.Primed;
        _isPrimed &= change != BookChange.Lost;
        if (!e.IsEndOfEvent)
        {
            return;
        }

        _values.EndEvent();
        Markouts.Settle(_touch, _nowNs);
        if (book.State == BookState.Live)
        {
            Step(book);
        }
    }

    /// <summary>The file is over.</summary>
    public void End(InstrumentBook book, int lastInterval)
    {
        RollTo(_plan.IsFixed ? _plan.Intervals : lastInterval + 1, book);
        _amihud.Close(_touch.HasBoth ? _touch.Mid2 : 0);
    }

    private void Step(InstrumentBook book)
    {
        var touch = TouchState.Of(book.Bids, book.Asks);
        var counts = _interval >= 0;
        if (_isPrimed && !_reprimes)
        {
            _ofi.Step(touch, _nowNs);
            _values.Step(book, touch, counts ? _ofi.Event : 0, counts, _nowNs);
            if (counts && touch != _touch)
            {
                _depth2 += touch.BidLots + (double)touch.AskLots;
                _events++;
            }
        }
        else
        {
            _ofi.Prime(touch, _nowNs);
            _values.Prime(book, touch);
            _isPrimed = true;
            _reprimes = false;
        }

        _touch = touch;
        if (!touch.HasBoth)
        {
            return;
        }

        if (double.IsNaN(_mid))
        {
            // Intervals before the first book begin with its mid: nothing moved in them.
            _mid = touch.Mid2 * Half / _tickQuanta;
            for (var i = 0; i < Mids.Count; i++)
            {
                Mids[i] = _mid;
            }
        }

        _mid = touch.Mid2 * Half / _tickQuanta;
    }

    private void Trade(in MarketEvent e)
    {
        var sign = _tradeSign.Classify(in e, _touch, out _);
        if (_interval < 0)
        {
            return;
        }

        Trades++;
        _values.Trade(in e, sign, _nowNs);
        _lambda.Trade(sign, e.Quantity);
        _amihud.Trade(_notional * e.Quantity * (_isInverse ? 1 : e.Price));
        Markouts.Add(sign, e.Price, e.Quantity, _touch, _nowNs);
        if (sign != 0)
        {
            _signedLots.Add(sign * e.Quantity);
        }
    }

    private void RollTo(int interval, InstrumentBook book)
    {
        if (interval >= 0 && _interval < 0)
        {
            _interval = 0;
            Mids.Add(_mid);
            CloseLambda();
            _amihud.Close(_touch.HasBoth ? _touch.Mid2 : 0);
        }

        for (; _interval >= 0 && _interval < interval; _interval++)
        {
            var endNs = _plan.StartNs(_interval + 1);
            _live.Advance(book, endNs);
            _values.Close(book, book.State == BookState.Live, _live.Score, endNs, out var row);
            Rows.Add(row);
            Regimes.Add(_live.Regime);
            DepthSums.Add(_depth2 * Half);
            EventCounts.Add(_events);
            Mids.Add(_mid);
            (_depth2, _events) = (0, 0);
            CloseLambda();
        }
    }

    private void CloseLambda()
    {
        if (_touch.HasBoth)
        {
            _lambda.Close(_touch.Mid2);
        }
        else
        {
            _lambda.Reset();
        }
    }
}

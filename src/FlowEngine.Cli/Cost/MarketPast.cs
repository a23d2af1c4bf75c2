using FlowEngine.Cli.Book;
using FlowEngine.Cli.Evaluate;
using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Cli.Cost;

/// <summary>One instrument up to a moment: what costs depend on of its past. Ends the reading there.</summary>
internal sealed class MarketPast : IMarketListener
{
    private const long NsPerSecond = 1_000_000_000;
    private const double NewSecondShare = 1.0 / 300;
    private const int MapBuckets = 4000;
    private const int BucketsToPrice = 2000;

    private readonly BookMoment _moment;
    private readonly string? _symbol;
    private readonly List<Print> _prints = [];
    private RealisedVolatility _volatility = new(new HalfLife(600 * NsPerSecond), NsPerSecond);
    private KyleLambda _lambda = new(NewSecondShare);
    private TradeSign _tradeSign;
    private TouchState _touch = new(TouchState.NoBid, 0, TouchState.NoAsk, 0);
    private long _second;
    private long _openInterest;
    private double _moveProducts;
    private double _moveSquares;
    private int _firstOfEvent;

    /// <summary>Nothing seen.</summary>
    /// <param name="moment">When to end.</param>
    /// <param name="symbol">The instrument; null: the file's first.</param>
    public MarketPast(BookMoment moment, string? symbol)
    {
        _moment = moment;
        _symbol = symbol;
    }

    /// <summary>The instrument; null before it is seen.</summary>
    public Instrument? Instrument { get; private set; }

    /// <summary>Its book.</summary>
    public InstrumentBook? Book { get; private set; }

    /// <summary>Venue time of the newest event.</summary>
    public long NowNs { get; private set; }

    /// <summary>Venue time of the first.</summary>
    public long FirstNs { get; private set; }

    /// <summary>Prints so far.</summary>
    public IReadOnlyList<Print> Prints => _prints;

    /// <summary>Deviation of one second's log return; null below thirty seconds.</summary>
    public double? SecondDeviation
    {
        get
        {
            _volatility.Pass(NowNs);
            var isKnown = _volatility.Read(out var variance, out _) == ValidityFlags.None && variance > 0;
            return isKnown ? Math.Sqrt(variance) : null;
        }
    }

    /// <summary>M3 over seconds, quanta a lot; null where not known or not above 0.</summary>
    public double? Lambda => _lambda.Fit is { Flags: ValidityFlags.None, Slope: > 0 } fit ? fit.Slope : null;

    /// <summary>Σ of moves on roots of lots, through the origin: quanta for √lot; null without a move.</summary>
    public double? MoveForRoot => _moveSquares > 0 && _moveProducts > 0 ? _moveProducts / _moveSquares : null;

    /// <summary>The liquidation map of open interest since the start; null where the file tells none.</summary>
    public LiquidationMap? Map { get; private set; }

    /// <inheritdoc/>
    public bool Before(in MarketEvent e, Instrument instrument, InstrumentBook book)
    {
        if (Instrument is null && (_symbol is null || instrument.Symbol == _symbol))
        {
            (Instrument, Book) = (instrument, book);
        }

        if (instrument.Id != Instrument?.Id || e.Kind == EventKind.InstrumentDefined)
        {
            return true;
        }

        if (_moment.IsBefore(in e))
        {
            return false;
        }

        NowNs = Math.Max(NowNs, e.VenueTime);
        FirstNs = FirstNs == 0 ? NowNs : FirstNs;
        if (NowNs / NsPerSecond != _second)
        {
            _second = NowNs / NsPerSecond;
            CloseSecond();
        }

        return true;
    }

    /// <inheritdoc/>
    public void After(in MarketEvent e, InstrumentBook book, BookChange change)
    {
        if (e.InstrumentId != Instrument?.Id)
        {
            return;
        }

        switch (e.Kind)
        {
            case EventKind.Trade or EventKind.Liquidation:
                var sign = _tradeSign.Classify(in e, _touch, out _);
                _lambda.Trade(sign, e.Quantity);
                _prints.Add(new Print(NowNs, sign, e.Quantity));
                Map?.PassPrice(e.Price, null, NowNs);
                break;
            case EventKind.OpenInterest:
                TakeOpenInterest(e.Quantity);
                break;
            default:
                break;
        }

        if (e.IsEndOfEvent && book.State == BookState.Live)
        {
            EndEvent(TouchState.Of(book.Bids, book.Asks));
        }
    }

    private void EndEvent(in TouchState touch)
    {
        // What the mid moved with the trades of one event, against the root of what they took together.
        var lots = 0L;
        for (; _firstOfEvent < _prints.Count; _firstOfEvent++)
        {
            lots += _prints[_firstOfEvent].Sign * _prints[_firstOfEvent].Lots;
        }

        if (lots != 0 && touch.HasBoth && _touch.HasBoth)
        {
            var root = Math.Sign(lots) * Math.Sqrt(Math.Abs((double)lots));
            _moveProducts += root * (touch.Mid2 - _touch.Mid2) / 2;
            _moveSquares += root * root;
        }

        _touch = touch;
        _volatility.Set(touch is { HasBoth: true, Mid2: > 0 } ? touch.Mid2 : 0, NowNs);
    }

    private void CloseSecond()
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

    private void TakeOpenInterest(long lots)
    {
        if (_touch is { HasBoth: true, Mid2: > 0 })
        {
            var price = _touch.Mid2 / 2;
            var width = Math.Max(1, price / BucketsToPrice);
            Map ??= new LiquidationMap(Math.Max(0, price - (width * (MapBuckets / 2))), width, MapBuckets);
            if (_openInterest > 0 && lots != _openInterest)
            {
                Map.AddOpenInterest(lots - _openInterest, _openInterest, price, LeverageMix.Default);
            }
        }

        _openInterest = lots;
    }

    /// <summary>A print.</summary>
    /// <param name="TimeNs">Clamped venue time.</param>
    /// <param name="Sign">1 bought, -1 sold, 0 not known.</param>
    /// <param name="Lots">Lots.</param>
    internal readonly record struct Print(long TimeNs, int Sign, long Lots);
}

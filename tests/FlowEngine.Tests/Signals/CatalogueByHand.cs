using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Tests.Signals;

/// <summary>
/// The same formulas driven one by one as their documents say, beside a touch and a default set of their own: what the
/// groups of set <c>full</c> are held against.
/// </summary>
internal sealed class CatalogueByHand : ICatalogueTarget
{
    private readonly List<(int Sign, long Price, long Lots)> _prints = [];
    private readonly Dictionary<string, double> _values = [];
    private readonly InstrumentSignals _touch;
    private readonly SetSignals _set;
    private readonly BookByHand _book;
    private readonly TradesByHand _trades;
    private readonly OrdersByHand _orders;

    public CatalogueByHand(SetOptions options, SignalOptions signalOptions, Instrument instrument)
    {
        _touch = new InstrumentSignals(signalOptions, instrument);
        _set = new SetSignals(options, signalOptions, instrument, _touch);
        _book = new BookByHand(options, signalOptions, instrument, _values);
        _trades = new TradesByHand(options.Catalogue, instrument, _values);
        _orders = new OrdersByHand(options.Catalogue, instrument, _values);
    }

    public SetSignals Set => _set;

    public SetParameters Parameters => _set.Parameters;

    public void Trade(in MarketEvent print, BookSide bids, BookSide asks)
    {
        _touch.OnTrade(print, bids, asks);
        _set.OnTrade(print);
        _trades.Forced(print, _touch.NowNs);
        if ((print.Flags & EventFlags.OffBook) == 0)
        {
            _prints.Add((_touch.LastSign, print.Price, print.Quantity));
            _trades.Taken(_touch.LastSign, print.Quantity);
            _book.Trade(_touch.LastSign, print.Price, print.Quantity, _touch.NowNs);
        }
    }

    public void Reference(in MarketEvent e)
    {
        _touch.OnReference(e);
        _set.OnReference(e);
        TouchState touch = _touch.Boundary;
        long mid2 = touch.HasBoth ? touch.Mid2 : 0;
        if (e.Kind == EventKind.OpenInterest)
        {
            _trades.OpenInterest(e.Quantity, mid2, _touch.NowNs);
        }
        else if (e.Kind != EventKind.Funding)
        {
            _trades.Basis(_touch.Cascade.MarkPrice, _touch.Cascade.IndexPrice, _touch.NowNs);
        }
    }

    public bool Event(BookSide bids, BookSide asks, ValidityFlags book, long now, bool reprime)
    {
        TouchState before = _touch.Boundary;
        _touch.Evaluate(bids, asks, book, now, reprime);
        _touch.EvaluateImpact(bids, asks, book);
        bool forced = _set.Evaluate(bids, asks);
        _book.Event(_touch, bids, asks, before, Parameters, _values.GetValueOrDefault("Activity.LargeTradeLots"));
        _trades.Event(_prints, _touch.LastStep, before, _touch.Boundary, Parameters, _touch.NowNs);
        _prints.Clear();
        return forced;
    }

    public void Score(BookSide bids, BookSide asks)
    {
        _set.EvaluateScore(bids, asks);
        _trades.Score(_set, _touch);
    }

    public void Shape(BookSide bids, BookSide asks) => _book.Shape(_touch, bids, asks);

    public void Second(BookSide bids, BookSide asks)
    {
        _set.CloseSecond();
        _trades.Second(_set, _touch);
        if (_touch.LastStep != BookStep.Frozen)
        {
            _orders.Second(_set, _touch, _trades, bids, asks);
        }
    }

    public Dictionary<string, double> Read() => _values;
}

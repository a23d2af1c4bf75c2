using FlowEngine.Market;

namespace FlowEngine.Tests.Feeds.Readers;

/// <summary>Order flow imbalance by its definition (Cont, Kukanov, Stoikov), row by row from one book.</summary>
internal sealed class RowFlow : IDisposable
{
    private const long TenSecondsNs = 10_000_000_000;
    private const long OpenNs = 1_340_285_400_000_000_000;

    private readonly BookStore _books = new(instrumentCapacity: 4, new BookOptions());
    private PriceLevel _bid;
    private PriceLevel _ask;
    private bool _isPrimed;

    public long Day { get; private set; }

    public long Trades { get; private set; }

    public List<long> TenSeconds { get; } = [];

    public void Take(InstrumentTable instruments, ReadOnlySpan<MarketEvent> events)
    {
        foreach (ref readonly MarketEvent e in events)
        {
            if (e.Kind == EventKind.InstrumentDefined)
            {
                _books.Define(instruments[e.InstrumentId]);
            }

            Trades += e.Kind == EventKind.Trade ? 1 : 0;
            _books[e.InstrumentId].Apply(in e);
        }

        if (events.Length > 0)
        {
            Row(events[^1].VenueTime);
        }
    }

    public void Dispose() => _books.Dispose();

    private void Row(long timeNs)
    {
        _books[0].Bids.TryBest(out PriceLevel bid);
        _books[0].Asks.TryBest(out PriceLevel ask);
        if (_isPrimed)
        {
            long flow = (bid.Price >= _bid.Price ? bid.Lots : 0) - (bid.Price <= _bid.Price ? _bid.Lots : 0)
                - (ask.Price <= _ask.Price ? ask.Lots : 0) + (ask.Price >= _ask.Price ? _ask.Lots : 0);
            Day += flow;
            int interval = (int)((timeNs - OpenNs) / TenSecondsNs);
            while (TenSeconds.Count <= interval)
            {
                TenSeconds.Add(0);
            }

            TenSeconds[interval] += flow;
        }

        (_bid, _ask, _isPrimed) = (bid, ask, true);
    }
}

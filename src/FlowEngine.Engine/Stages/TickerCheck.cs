using FlowEngine.Core;
using FlowEngine.Disruptor;
using FlowEngine.Market;

namespace FlowEngine.Engine;

/// <summary>
/// Holds the rebuilt books against the venue's own word: each ticker with both sides must equal the book at once, or
/// after the book updates that were still under way applied. Sits before the book stage's neighbour so that it sees the
/// book as it is.
/// </summary>
[Hot]
public struct TickerCheck : IEventHandler<MarketEvent>
{
    private const int MaxPending = 16;

    private readonly EngineState _state;
    private readonly Pending[] _pending;
    private readonly TickerTotals _totals;

    /// <summary>A check over the engine's state, counting into <paramref name="totals"/>.</summary>
    public TickerCheck(EngineState state, int instrumentCapacity, TickerTotals totals)
    {
        _state = state;
        _totals = totals;
        _pending = new Pending[instrumentCapacity];
    }

    /// <inheritdoc/>
    public readonly void OnStart()
    {
    }

    /// <inheritdoc/>
    public readonly void OnEvent(ref MarketEvent evt, long sequence, bool endOfBatch)
    {
        if (!_state.IsDefined(evt.InstrumentId))
        {
            return;
        }

        ref var pending = ref _pending[evt.InstrumentId];
        if (evt.Kind == EventKind.BestLevel)
        {
            // One that names its book update may be many updates ahead of the book: flowengine verify compares those.
            if (evt.VenueSequence == 0)
            {
                OnBestLevel(in evt, ref pending);
            }
        }
        else if (pending.Count > 0 && evt.IsEndOfEvent && evt.Kind is EventKind.LevelSet or EventKind.LevelDelete
            or EventKind.LevelDelta or EventKind.SnapshotEnd)
        {
            Recheck(evt.InstrumentId, ref pending);
        }
    }

    /// <inheritdoc/>
    public readonly void OnShutdown()
    {
        foreach (ref var pending in _pending.AsSpan())
        {
            _totals.Different += pending.Count;
            pending.Count = 0;
        }
    }

    private readonly void OnBestLevel(in MarketEvent evt, ref Pending pending)
    {
        if (evt.Side == Side.Bid)
        {
            pending.Bid = new PriceLevel(evt.Price, evt.Quantity);
            return;
        }

        var quote = new Quote(pending.Bid, new PriceLevel(evt.Price, evt.Quantity));
        var book = _state.Books[evt.InstrumentId];
        if (quote.Bid.Lots == 0 || quote.Ask.Lots == 0 || book.State != BookState.Live)
        {
            return;
        }

        if (quote.Equals(book))
        {
            _totals.EqualAtOnce++;
        }
        else if (pending.Count == MaxPending)
        {
            _totals.Different++;
        }
        else
        {
            pending.Quotes[pending.Count++] = quote;
        }
    }

    private readonly void Recheck(int instrumentId, ref Pending pending)
    {
        var book = _state.Books[instrumentId];
        var kept = 0;
        for (var i = 0; i < pending.Count; i++)
        {
            if (pending.Quotes[i].Equals(book))
            {
                _totals.EqualLater++;
            }
            else
            {
                pending.Quotes[kept++] = pending.Quotes[i];
            }
        }

        pending.Count = kept;
    }

    private readonly struct Quote(PriceLevel bid, PriceLevel ask)
    {
        public readonly PriceLevel Bid = bid;
        public readonly PriceLevel Ask = ask;

        public bool Equals(InstrumentBook book) =>
            book.Bids.TryBest(out var bid) && book.Asks.TryBest(out var ask)
            && bid.Price == Bid.Price && bid.Lots == Bid.Lots && ask.Price == Ask.Price && ask.Lots == Ask.Lots;
    }

    [System.Runtime.CompilerServices.InlineArray(MaxPending)]
    private struct Quotes
    {
        private Quote _first;
    }

    private struct Pending
    {
        public PriceLevel Bid;
        public int Count;
        public Quotes Quotes;
    }
}

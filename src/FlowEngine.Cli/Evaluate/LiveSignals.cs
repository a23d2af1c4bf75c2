using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Cli.Evaluate;

/// <summary>
/// The engine's default set of one instrument, fed as the engine's stages feed it: each print, each end of a venue
/// event, and the 100 ms and seconds of venue time that fell due between.
/// </summary>
internal sealed class LiveSignals
{
    private const long TickNs = 100_000_000;
    private const int TicksPerSecond = 10;
    private const ValidityFlags Freezing = ValidityFlags.Gap | ValidityFlags.Crossed;
    private const ValidityFlags Unscored = Freezing | ValidityFlags.Warmup | ValidityFlags.LowSamples;

    private readonly InstrumentSignals _touch;
    private readonly SetSignals _set;
    private long _tick;
    private bool _reprime = true;
    private bool _scoreDue;

    /// <summary>Nothing seen.</summary>
    public LiveSignals(Instrument instrument)
    {
        var options = new SignalOptions();
        _touch = new InstrumentSignals(options, instrument);
        _set = new SetSignals(new SetOptions(), options, instrument, _touch);
    }

    /// <summary>F9 as of the newest 100 ms; NaN while too little is known.</summary>
    public double Score => (_set.ScoreValidity & Unscored) == 0 ? _set.Score.Composite.Score : double.NaN;

    /// <summary>L9 as of the same.</summary>
    public Regime Regime => _set.Score.Regime;

    /// <summary>Time passes.</summary>
    /// <param name="book">The book as it stands.</param>
    /// <param name="nowNs">Venue time, nanoseconds since epoch.</param>
    public void Advance(InstrumentBook book, long nowNs)
    {
        var tick = nowNs / TickNs;
        if (_tick == 0)
        {
            _tick = tick;
        }

        // Where nothing happened there is nothing new to score: only seconds are closed.
        for (; _tick < tick; _tick++)
        {
            if (_scoreDue)
            {
                _scoreDue = false;
                _set.EvaluateScore(book.Bids, book.Asks);
            }

            if ((_tick + 1) % TicksPerSecond == 0)
            {
                _set.CloseSecond();
            }
        }
    }

    /// <summary>Takes an event that the book has taken.</summary>
    public void Take(in MarketEvent e, InstrumentBook book, BookChange change)
    {
        _reprime |= change is BookChange.Primed or BookChange.Lost;
        switch (e.Kind)
        {
            case EventKind.Trade or EventKind.Liquidation:
                _touch.OnTrade(in e, book.Bids, book.Asks);
                _set.OnTrade(in e);
                break;
            case EventKind.MarkPrice or EventKind.IndexPrice or EventKind.OpenInterest or EventKind.Funding:
                _touch.OnReference(in e);
                _set.OnReference(in e);
                break;
        }

        if (!e.IsEndOfEvent)
        {
            return;
        }

        var flags = book.Validity;
        _touch.Evaluate(book.Bids, book.Asks, flags, e.VenueTime, _reprime);
        _reprime &= (flags & Freezing) != 0;
        _scoreDue = true;
        if (_set.Evaluate(book.Bids, book.Asks))
        {
            _scoreDue = false;
            _set.EvaluateScore(book.Bids, book.Asks);
        }
    }
}

using System.Runtime.CompilerServices;
using FlowEngine.Core;
using FlowEngine.Core.Checks;

namespace FlowEngine.Market;

/// <summary>
/// The book of one instrument, and the state machine that knows whether it can be believed. Book thread only.
/// <code>
///                       snapshot connects
///   WaitingForSnapshot ------------------->  Live  ---- hole, Gap event, crossed too long,   ---->  Gap
///     (buffers)                               ^         snapshot ahead or different             (frozen, buffers)
///                                             |                                                      |
///                                             +--------------- snapshot connects --------------------+
/// </code>
/// A snapshot is loaded aside and becomes the book at its end, when the increments buffered since then connect with it:
/// those it contains are dropped, the first one left builds on it, each builds on the one before. If they do not, the
/// state stays, the book stays frozen as it was, and the next snapshot is tried. So a reader never sees half a
/// snapshot, and while the state is Live the book equals the venue's at <see cref="VenueSequence"/>.
/// <para>
/// What a snapshot must contain at least is kept as one number, the floor: the last sequence applied, the last one
/// pushed out of the full buffer, and what a Gap event names (or, where it names none, the last increment seen). That
/// also keeps half a venue event from being replayed.
/// </para>
/// <para>
/// Honest limits. Where a venue tells no predecessor (Id 0), a lost increment is only noticed when the feed says so
/// with a Gap event. Where it has no sequence at all (0), the order of the stream is the only order: increments before
/// SnapshotBegin are in the snapshot, later ones are not. A venue that restarts its sequence without a word is followed
/// after three whole snapshots below the book, each at or above the last increment seen.
/// </para>
/// Costs: the level change (<see cref="PriceLevelBook"/>) and some compares an event; SnapshotEnd swaps two books and
/// replays at most <see cref="BookOptions.BufferedEvents"/> events. Nothing is allocated after construction.
/// </summary>
public sealed class InstrumentBook : IDisposable
{
    private readonly BookOptions _options;
    private BookRecovery _recovery;
    private PriceLevelBook _book;
    private CrossedWatch _crossed;
    private TradingStatus _status;

    /// <summary>An empty book of price levels.</summary>
    public InstrumentBook(int instrumentId, BookOptions options)
        : this(instrumentId, null, options, null)
    {
    }

    /// <summary>
    /// An empty book of the kind that the instrument has; takes <see cref="BookOptions.BytesFor"/> of native memory.
    /// </summary>
    public InstrumentBook(Instrument instrument, BookOptions options)
        : this(instrument.Id, instrument, options, null)
    {
    }

    /// <summary>The same in an arena.</summary>
    internal InstrumentBook(Instrument instrument, BookOptions options, BookArena arena)
        : this(instrument.Id, instrument, options, arena)
    {
    }

    private InstrumentBook(int instrumentId, Instrument? instrument, BookOptions options, BookArena? arena)
    {
        InstrumentId = instrumentId;
        _options = options;
        _recovery = new BookRecovery(instrument, options, arena);
        _book = _recovery.Live.Levels;
    }

    /// <summary>Dense id from the <see cref="InstrumentTable"/>.</summary>
    public int InstrumentId { get; }

    /// <summary>Whether the book can be believed.</summary>
    public BookState State => _recovery.State;

    /// <summary>The same, seen more closely.</summary>
    public RecoveryPhase Phase => _recovery.Phase;

    /// <summary>The trading phase as the venue told it last.</summary>
    public TradingStatus Status => _status;

    /// <summary>Bids by rank; frozen while the state is not Live; dead after the next Apply.</summary>
    public BookSide Bids => _book.Bids;

    /// <summary>Asks by rank; frozen while the state is not Live; dead after the next Apply.</summary>
    public BookSide Asks => _book.Asks;

    /// <summary>
    /// The orders behind the levels, null where the feed tells levels; another object after each snapshot.
    /// </summary>
    public OrderBook? Orders => _recovery.Live.Orders;

    /// <summary>Implied bids; empty where <see cref="Instrument.HasImpliedBook"/> is not set.</summary>
    public BookSide ImpliedBids => _recovery.Live.Implied is { } implied ? implied.Bids : default;

    /// <summary>Implied asks; empty where <see cref="Instrument.HasImpliedBook"/> is not set.</summary>
    public BookSide ImpliedAsks => _recovery.Live.Implied is { } implied ? implied.Asks : default;

    /// <summary>The venue's sequence that Bids and Asks contain; 0 before the first snapshot.</summary>
    public ulong VenueSequence => _recovery.Sequence;

    /// <summary>
    /// Gap (also while waiting for the first snapshot), Halted, and the shape of what Bids and Asks hold: Crossed,
    /// Locked, OneSided, Empty, PartialDepth. Meant to be read at event boundaries. O(1).
    /// </summary>
    [Hot]
    public ValidityFlags Validity =>
        _book.Shape
        | (State == BookState.Live ? ValidityFlags.None : ValidityFlags.Gap)
        | (MayCross ? ValidityFlags.Halted : ValidityFlags.None)
        | (_recovery.Live.Orders is { IsPartial: true }
            ? ValidityFlags.PartialDepth | ValidityFlags.DamagedInput
            : ValidityFlags.None);

    /// <summary>Times the live book was lost.</summary>
    public long Gaps => _recovery.Counters.Gaps;

    /// <summary>Times the lost book became live again.</summary>
    public long Recoveries => _recovery.Counters.Recoveries;

    /// <summary>Whether no venue event is half applied.</summary>
    internal bool IsBetweenEvents => !_recovery.IsInProgress;

    /// <summary>Events buffered for the next snapshot.</summary>
    internal long Buffered => _recovery.Buffered;

    /// <summary>The levels themselves.</summary>
    internal PriceLevelBook Levels => _book;

    /// <summary>All that the book holds.</summary>
    internal BookContent Content => _recovery.Live;

    // Not in continuous trading: auctions cross their books by design, and a halted book is not touched.
    private bool MayCross => _status is TradingStatus.Halted or TradingStatus.Closed or TradingStatus.PreOpen
        or TradingStatus.Auction or TradingStatus.Expired;

    /// <summary>All counts.</summary>
    public BookCounters ReadCounters()
    {
        var counters = _recovery.Counters;
        counters.Levels = _book.Counters;
        if (_recovery.Live.Implied is { } implied)
        {
            counters.Levels.Add(in implied.Counters);
        }

        counters.Orders = _recovery.Live.Orders is { } orders ? orders.Counters : default;
        return counters;
    }

    /// <summary>The instrument's tick changed; prices need not keep to it. O(levels).</summary>
    public void SetTick(int tickQuanta) => _recovery.SetTick(tickQuanta);

    /// <summary>
    /// The price from which on a side is unknown: what goes from there was not cancelled as far as anyone knows.
    /// </summary>
    /// <returns>False when the side is known to its end.</returns>
    public bool TryHorizon(Side side, out long price) => _book.TryHorizon(side, out price);

    /// <summary>Applies one event of this instrument; kinds that do not concern the book change nothing.</summary>
    [Hot]
    public BookChange Apply(in MarketEvent e)
    {
        // One test that always goes the same way, before anything that depends on the kind.
        var change = (e.Flags & EventFlags.Snapshot) == 0 && KindSet.Increments.Has(e.Kind)
            ? OnIncrement(in e)
            : OnOther(in e);
        return e.IsEndOfEvent && _recovery.State == BookState.Live ? AtBoundary(in e, change) : change;
    }

    /// <summary>Releases the memory; the book is empty from here.</summary>
    public void Dispose() => _recovery.Dispose();

    [Hot]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private BookChange OnIncrement(in MarketEvent e) =>
        _status == TradingStatus.Expired && IsOver() ? BookChange.None : _recovery.OnIncrement(in e);

    [Hot]
    private BookChange OnOther(in MarketEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.SnapshotLevel or EventKind.OrderAdd:
                _recovery.OnSnapshotPiece(in e);
                return BookChange.None;
            case EventKind.Trade or EventKind.Liquidation or EventKind.Damaged:
                _recovery.SeeEnd(in e);
                return BookChange.None;
            case EventKind.Status:
                return OnStatus(in e);
            default:
                return KindSet.Increments.Has(e.Kind) ? OnIncrement(in e) : OnTurn(in e);
        }
    }

    /// <summary>Snapshots, losses and resets: what may turn the state.</summary>
    private BookChange OnTurn(in MarketEvent e)
    {
        var change = e.Kind switch
        {
            EventKind.SnapshotBegin => IsOver() ? BookChange.None : _recovery.OnSnapshotBegin(in e),
            EventKind.SnapshotEnd => IsOver() ? BookChange.None : _recovery.OnSnapshotEnd(in e),
            EventKind.Gap => _recovery.OnGap(in e),
            EventKind.ChecksumMismatch => OnMismatch(in e),
            EventKind.SessionReset => OnSessionReset(in e),
            _ => BookChange.None,
        };
        if (change is BookChange.Primed or BookChange.Lost)
        {
            _book = _recovery.Live.Levels;
            _crossed.Reset();
        }

        return change;
    }

    private BookChange OnMismatch(in MarketEvent e)
    {
        _recovery.Counters.ChecksumMismatches++;
        return _recovery.OnGap(in e);
    }

    private BookChange OnSessionReset(in MarketEvent e)
    {
        _status = _status == TradingStatus.Expired ? TradingStatus.Unknown : _status;
        return _recovery.OnSessionReset(in e);
    }

    /// <summary>Takes the trading phase; at its end the instrument's book is emptied, which is no order flow.</summary>
    private BookChange OnStatus(in MarketEvent e)
    {
        _status = e.Quantity is >= 0 and <= (long)TradingStatus.Expired
            ? (TradingStatus)e.Quantity
            : TradingStatus.Unknown;
        if (_status != TradingStatus.Expired)
        {
            return BookChange.None;
        }

        _recovery.Empty();
        return BookChange.Primed;
    }

    private bool IsOver()
    {
        if (_status != TradingStatus.Expired)
        {
            return false;
        }

        _recovery.Counters.AfterExpiry++;
        return true;
    }

    /// <summary>Looks for a crossed book where a venue event ended.</summary>
    [Hot]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private BookChange AtBoundary(in MarketEvent e, BookChange change)
    {
        if (_recovery.IsInProgress)
        {
            return change;
        }

        _book.TrimDepth();
        Check.That(BookCheck.Find(this) is null);
        return _book.IsCrossed ? AtCrossed(in e, change) : AtUncrossed(change);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private BookChange AtUncrossed(BookChange change)
    {
        _crossed.Reset();
        return change;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private BookChange AtCrossed(in MarketEvent e, BookChange change)
    {
        _recovery.Counters.CrossedBoundaries++;
        if (MayCross)
        {
            _crossed.Reset();
            return change;
        }

        if (!_crossed.Exceeds(_options, e.VenueTime))
        {
            return change;
        }

        _recovery.Lose();
        _crossed.Reset();
        return BookChange.Lost;
    }
}

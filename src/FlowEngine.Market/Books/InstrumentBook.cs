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
    private const int OlderSnapshotsBeforeRestart = 3;

    private readonly BookOptions _options;
    private PriceLevelBook _book;
    private PriceLevelBook _loading;
    private readonly IncrementBuffer _buffer;
    private BookCounters _counters;
    private SequenceChain _chain;
    private CrossedWatch _crossed;
    private bool _halted;

    // Recovery.
    private ulong _floor;
    private ulong _lastSeen;
    private int _olderSnapshots;

    // The snapshot under way.
    private SnapshotStage _stage;
    private ulong _snapshotSequence;
    private long _snapshotMark;

    /// <summary>An empty book; takes <see cref="BookOptions.BytesPerInstrument"/> of native memory.</summary>
    public InstrumentBook(int instrumentId, BookOptions options)
    {
        InstrumentId = instrumentId;
        _options = options;
        _book = new PriceLevelBook(options.LevelsPerSide, options.WindowTicks);
        _loading = new PriceLevelBook(options.LevelsPerSide, options.WindowTicks);
        _buffer = new IncrementBuffer(options.BufferedEvents);
        State = options.StartLive ? BookState.Live : BookState.WaitingForSnapshot;
    }

    /// <summary>Dense id from the <see cref="InstrumentTable"/>.</summary>
    public int InstrumentId { get; }

    /// <summary>Whether the book can be believed.</summary>
    public BookState State { get; private set; }

    /// <summary>Bids by rank; frozen while the state is not Live; dead after the next Apply.</summary>
    public BookSide Bids => _book.Bids;

    /// <summary>Asks by rank; frozen while the state is not Live; dead after the next Apply.</summary>
    public BookSide Asks => _book.Asks;

    /// <summary>The venue's sequence that Bids and Asks contain; 0 before the first snapshot.</summary>
    public ulong VenueSequence => _chain.Sequence;

    /// <summary>
    /// Gap (also while waiting for the first snapshot), Halted, and the shape of what Bids and Asks hold: Crossed,
    /// Locked, OneSided, Empty, PartialDepth. Meant to be read at event boundaries. O(1).
    /// </summary>
    [Hot]
    public ValidityFlags Validity =>
        _book.Shape
        | (State == BookState.Live ? ValidityFlags.None : ValidityFlags.Gap)
        | (_halted ? ValidityFlags.Halted : ValidityFlags.None);

    /// <summary>Times the live book was lost.</summary>
    public long Gaps => _counters.Gaps;

    /// <summary>Times the lost book became live again.</summary>
    public long Recoveries => _counters.Recoveries;

    /// <summary>Whether no venue event is half applied.</summary>
    internal bool IsBetweenEvents => !_chain.IsInProgress;

    /// <summary>Events buffered for the next snapshot.</summary>
    internal long Buffered => _buffer.Tail - _buffer.Head;

    /// <summary>The levels themselves.</summary>
    internal PriceLevelBook Levels => _book;

    /// <summary>All counts.</summary>
    public BookCounters ReadCounters()
    {
        var counters = _counters;
        counters.Levels = _book.Counters;
        return counters;
    }

    /// <summary>Applies one event of this instrument; kinds that do not concern the book change nothing.</summary>
    [Hot]
    public BookChange Apply(in MarketEvent e)
    {
        var change = BookChange.None;
        switch (e.Kind)
        {
            case EventKind.LevelSet or EventKind.LevelDelta or EventKind.LevelDelete or EventKind.Clear:
                change = OnIncrement(in e);
                break;
            case EventKind.SnapshotBegin:
                change = OnSnapshotBegin(in e);
                break;
            case EventKind.SnapshotLevel:
                OnSnapshotLevel(in e);
                break;
            case EventKind.SnapshotEnd:
                change = OnSnapshotEnd(in e);
                break;
            case EventKind.Gap:
                change = OnGap(in e);
                break;
            case EventKind.Status:
                _halted = e.Quantity is (long)TradingStatus.Halted or (long)TradingStatus.Closed;
                break;
            case EventKind.OrderAdd or EventKind.OrderModify or EventKind.OrderDelete or EventKind.OrderExecute:
                _counters.Unsupported++;
                break;
            case EventKind.Trade or EventKind.Liquidation or EventKind.Damaged:
                SeeEnd(in e);
                break;
        }

        return e.IsEndOfEvent && State == BookState.Live ? AtBoundary(in e, change) : change;
    }

    /// <summary>Releases the memory; the book is empty from here.</summary>
    public void Dispose()
    {
        _book.Dispose();
        _loading.Dispose();
        _buffer.Dispose();
    }

    [Hot]
    private BookChange OnIncrement(in MarketEvent e)
    {
        if (e.VenueSequence != 0)
        {
            _lastSeen = e.VenueSequence;
        }

        if (State != BookState.Live)
        {
            _counters.BufferOverflows += _buffer.Append(in e);
            return BookChange.None;
        }

        switch (_chain.Admit(in e))
        {
            case Admission.Old:
                _counters.Old++;
                return BookChange.None;
            case Admission.Hole:
                Lose();
                _counters.BufferOverflows += _buffer.Append(in e);
                return BookChange.Lost;
            default:
                _olderSnapshots = 0;
                if (_stage is SnapshotStage.Compare or SnapshotStage.Restart)
                {
                    _stage = SnapshotStage.Ignore;
                }

                return _book.Apply(in e) ? BookChange.Changed : BookChange.None;
        }
    }

    private BookChange OnGap(in MarketEvent e)
    {
        if (_stage is not (SnapshotStage.None or SnapshotStage.Ignore))
        {
            BreakSnapshot();
        }

        bool lost = State == BookState.Live;
        if (lost)
        {
            Lose();
        }

        _floor = Math.Max(_floor, e.VenueSequence != 0 ? e.VenueSequence : _lastSeen);
        return lost ? BookChange.Lost : BookChange.None;
    }

    private BookChange OnSnapshotBegin(in MarketEvent e)
    {
        if (_stage is SnapshotStage.Load or SnapshotStage.Compare or SnapshotStage.Restart)
        {
            _counters.SnapshotsBroken++;
        }

        ulong sequence = e.VenueSequence;
        _snapshotSequence = sequence;
        _snapshotMark = _buffer.Tail;
        _loading.Reset();
        if ((e.Flags & EventFlags.Damaged) != 0)
        {
            BreakSnapshot();
            return BookChange.None;
        }

        if (State != BookState.Live)
        {
            _stage = SnapshotStage.Load;
            return BookChange.None;
        }

        if (sequence > _chain.Sequence)
        {
            Lose();
            _stage = SnapshotStage.Load;
            return BookChange.Lost;
        }

        if (sequence == _chain.Sequence)
        {
            _stage = SnapshotStage.Compare;
        }
        else
        {
            bool mayRestart = _olderSnapshots == OlderSnapshotsBeforeRestart - 1 && _lastSeen <= sequence;
            _stage = mayRestart ? SnapshotStage.Restart : SnapshotStage.Ignore;
        }

        return BookChange.None;
    }

    [Hot]
    private void OnSnapshotLevel(in MarketEvent e)
    {
        if (_stage is SnapshotStage.None or SnapshotStage.Ignore or SnapshotStage.Broken)
        {
            return;
        }

        if (!IsOfSnapshot(in e) || e.Quantity <= 0 || e.Side is not (Side.Bid or Side.Ask))
        {
            BreakSnapshot();
            return;
        }

        _loading.Apply(in e);
    }

    private BookChange OnSnapshotEnd(in MarketEvent e)
    {
        var stage = _stage;
        _stage = SnapshotStage.None;
        if (stage == SnapshotStage.Broken)
        {
            return BookChange.None;
        }

        if (stage == SnapshotStage.None || !IsOfSnapshot(in e))
        {
            _counters.SnapshotsBroken++;
            return BookChange.None;
        }

        return stage switch
        {
            SnapshotStage.Compare => EndCompare(),
            SnapshotStage.Load => EndLoad(),
            SnapshotStage.Restart => EndRestart(),
            _ => EndIgnore(),
        };
    }

    private BookChange EndIgnore()
    {
        _counters.SnapshotsIgnored++;
        CountOlder(_chain.Sequence);
        return BookChange.None;
    }

    private BookChange EndCompare()
    {
        _counters.SnapshotsIgnored++;
        _olderSnapshots = 0;
        if (_chain.IsInProgress)
        {
            // Half the event is applied and its rest may be lost: the snapshot has all of it.
            return Connect() ? BookChange.Primed : BookChange.None;
        }

        if (_book.IsSame(_loading))
        {
            return BookChange.None;
        }

        // Equal as far as both know: the snapshot only brings back depth that was left out. Else the book is wrong.
        if (!_book.Agrees(_loading))
        {
            _counters.SnapshotMismatches++;
            Lose();
        }

        return Connect() ? BookChange.Primed : BookChange.None;
    }

    private BookChange EndLoad()
    {
        ulong floor = Math.Max(_floor, _buffer.DroppedSequence);
        if (_snapshotSequence == 0)
        {
            // It follows everything that came before it in the stream: nothing that came since may be missing.
            if (_buffer.Head > _snapshotMark)
            {
                _counters.SnapshotsUnconnected++;
                return BookChange.None;
            }
        }
        else if (_snapshotSequence < floor)
        {
            CountOlder(floor);
            if (_olderSnapshots < OlderSnapshotsBeforeRestart)
            {
                _counters.SnapshotsUnconnected++;
                return BookChange.None;
            }

            _counters.SequenceRestarts++;
            _buffer.Clear();
        }

        return Connect() ? BookChange.Primed : BookChange.None;
    }

    private BookChange EndRestart()
    {
        _counters.SequenceRestarts++;
        Lose();
        return Connect() ? BookChange.Primed : BookChange.None;
    }

    /// <summary>Lets the loaded snapshot become the book if the buffered increments connect with it.</summary>
    private bool Connect()
    {
        if (_buffer.UnsequencedDroppedTail > _snapshotMark)
        {
            _counters.SnapshotsUnconnected++;
            return false;
        }

        var chain = SequenceChain.FromSnapshot(_snapshotSequence);
        for (long at = _buffer.Head; at < _buffer.Tail; at++)
        {
            ref readonly MarketEvent e = ref _buffer[at];
            if (at < _snapshotMark && (e.VenueSequence == 0 || _snapshotSequence == 0))
            {
                continue;
            }

            var admission = chain.Admit(in e);
            if (admission == Admission.Hole)
            {
                _counters.SnapshotsUnconnected++;
                return false;
            }

            if (admission == Admission.Apply)
            {
                _loading.Apply(in e);
                if (IncrementBuffer.IsSoftEnd(in e))
                {
                    chain.SeeEnd(e.VenueSequence);
                }
            }
        }

        _loading.AddCounts(_book);
        (_book, _loading) = (_loading, _book);
        _buffer.Clear();
        _chain = chain;
        _lastSeen = chain.Sequence;
        _floor = 0;
        _olderSnapshots = 0;
        _crossed.Reset();
        _counters.Recoveries += State == BookState.Gap ? 1 : 0;
        _counters.FirstSnapshots += State == BookState.WaitingForSnapshot ? 1 : 0;
        State = BookState.Live;
        return true;
    }

    /// <summary>Freezes a live book.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Lose()
    {
        Check.That(_buffer.IsEmpty);
        State = BookState.Gap;
        _counters.Gaps++;
        _floor = Math.Max(_floor, _chain.Sequence);
        _chain.Break();
        _olderSnapshots = 0;
        _crossed.Reset();
        _stage = _stage switch
        {
            // It is of the sequence at which the book froze: just what is needed.
            SnapshotStage.Compare => SnapshotStage.Load,
            SnapshotStage.Restart => SnapshotStage.Ignore,
            _ => _stage,
        };
    }

    /// <summary>A venue event may end with something that is no increment: trades after their level changes.</summary>
    [Hot]
    private void SeeEnd(in MarketEvent e)
    {
        if (!e.IsEndOfEvent)
        {
            return;
        }

        if (State == BookState.Live)
        {
            _chain.SeeEnd(e.VenueSequence);
        }
        else
        {
            _buffer.EndNewest(e.VenueSequence);
        }
    }

    /// <summary>Looks for a crossed book where a venue event ended.</summary>
    [Hot]
    private BookChange AtBoundary(in MarketEvent e, BookChange change)
    {
        Check.That(BookCheck.Find(this) is null);
        if (_chain.IsInProgress)
        {
            return change;
        }

        if (!_book.IsCrossed)
        {
            _crossed.Reset();
            return change;
        }

        _counters.CrossedBoundaries++;
        if (_halted)
        {
            // Auctions cross their books by design.
            _crossed.Reset();
            return change;
        }

        if (!_crossed.Exceeds(_options, e.VenueTime))
        {
            return change;
        }

        Lose();
        return BookChange.Lost;
    }

    private bool IsOfSnapshot(in MarketEvent e) =>
        (e.VenueSequence == 0 || e.VenueSequence == _snapshotSequence) && (e.Flags & EventFlags.Damaged) == 0;

    private void BreakSnapshot()
    {
        _stage = SnapshotStage.Broken;
        _counters.SnapshotsBroken++;
    }

    private void CountOlder(ulong than)
    {
        bool older = _snapshotSequence != 0 && _snapshotSequence < than;
        _olderSnapshots = older && _lastSeen <= _snapshotSequence ? _olderSnapshots + 1 : 0;
    }
}

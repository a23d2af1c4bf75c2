using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using FlowEngine.Core;
using FlowEngine.Core.Checks;

namespace FlowEngine.Market;

/// <summary>
/// The state machine that knows whether a book can be believed, and what it holds. Part of
/// <see cref="InstrumentBook"/>, which says what it does; a value, so that no reference is followed to it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A part of its book, which disposes of it.")]
internal struct BookRecovery
{
    private const int OlderSnapshotsBeforeRestart = 3;

    /// <summary>What happened so far.</summary>
    public BookCounters Counters;

    private readonly IncrementBuffer _buffer;
    private BookContent _live;
    private BookContent _loading;
    private SequenceChain _chain;

    private ulong _floor;
    private ulong _lastSeen;
    private int _olderSnapshots;

    // The snapshot under way.
    private SnapshotStage _stage;
    private ulong _snapshotSequence;
    private long _snapshotMark;

    /// <summary>An empty book of the kind that the instrument has; null stands for one of price levels.</summary>
    public BookRecovery(Instrument? instrument, BookOptions options, BookArena? arena)
    {
        _live = new BookContent(instrument, options, arena);
        _loading = new BookContent(instrument, options, arena);
        _buffer = new IncrementBuffer(options.BufferedEvents, arena);
        State = options.StartLive ? BookState.Live : BookState.WaitingForSnapshot;
    }

    /// <summary>Whether the book can be believed.</summary>
    public BookState State { get; private set; }

    /// <summary>The same, seen more closely.</summary>
    public readonly RecoveryPhase Phase => State == BookState.Live ? RecoveryPhase.Live
        : _stage == SnapshotStage.Load ? RecoveryPhase.Resync
        : State == BookState.Gap ? RecoveryPhase.Gap
        : _buffer.IsEmpty ? RecoveryPhase.WaitingForSnapshot
        : RecoveryPhase.Buffering;

    /// <summary>What the book holds; another object after each snapshot.</summary>
    public readonly BookContent Live => _live;

    /// <summary>The venue's sequence that the book contains.</summary>
    public readonly ulong Sequence => _chain.Sequence;

    /// <summary>Whether part of a venue event is applied.</summary>
    public readonly bool IsInProgress => _chain.IsInProgress;

    /// <summary>Events buffered for the next snapshot.</summary>
    public readonly long Buffered => _buffer.Tail - _buffer.Head;

    /// <summary>The instrument's tick changed.</summary>
    public readonly void SetTick(int quanta)
    {
        _live.SetTick(quanta);
        _loading.SetTick(quanta);
    }

    /// <summary>Releases the memory.</summary>
    public readonly void Dispose()
    {
        _live.Dispose();
        _loading.Dispose();
        _buffer.Dispose();
    }

    /// <summary>An increment: applied, buffered or dropped as the sequence says.</summary>
    [Hot]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public BookChange OnIncrement(in MarketEvent e)
    {
        // What nearly all of them are, in as few tests as it takes.
        if (State == BookState.Live && _stage == SnapshotStage.None && _live.Takes(in e) && _chain.TryNext(in e))
        {
            _lastSeen = e.VenueSequence != 0 ? e.VenueSequence : _lastSeen;
            _olderSnapshots = 0;
            return _live.Apply(in e) ? BookChange.Changed : BookChange.None;
        }

        return OnOtherIncrement(in e);
    }

    [Hot]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private BookChange OnOtherIncrement(in MarketEvent e)
    {
        if (!_live.Takes(in e))
        {
            Counters.Unsupported++;
            return BookChange.None;
        }

        if (e.VenueSequence != 0)
        {
            _lastSeen = e.VenueSequence;
        }

        if (State != BookState.Live)
        {
            Counters.BufferOverflows += _buffer.Append(in e);
            return BookChange.None;
        }

        switch (_chain.Admit(in e))
        {
            case Admission.Old:
                Counters.Old++;
                return BookChange.None;
            case Admission.Hole:
                Lose();
                Counters.BufferOverflows += _buffer.Append(in e);
                return BookChange.Lost;
            default:
                _olderSnapshots = 0;
                if (_stage is SnapshotStage.Compare or SnapshotStage.Restart)
                {
                    _stage = SnapshotStage.Ignore;
                }

                return _live.Apply(in e) ? BookChange.Changed : BookChange.None;
        }
    }

    /// <summary>Increments are known to be lost.</summary>
    public BookChange OnGap(in MarketEvent e)
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

    /// <summary>The venue began anew: empty, live, and on from the sequence told.</summary>
    public BookChange OnSessionReset(in MarketEvent e)
    {
        Empty();
        Counters.SessionResets++;
        GoLive(SequenceChain.FromSnapshot(e.VenueSequence));
        return BookChange.Primed;
    }

    /// <summary>Empties the book and forgets what waits for a snapshot; the state stays.</summary>
    public void Empty()
    {
        if (_stage is not (SnapshotStage.None or SnapshotStage.Ignore))
        {
            BreakSnapshot();
        }

        _live.Clear();
        _buffer.Clear();
    }

    /// <summary>A snapshot begins: it heals, is compared, or passes by.</summary>
    public BookChange OnSnapshotBegin(in MarketEvent e)
    {
        if (_stage is SnapshotStage.Load or SnapshotStage.Compare or SnapshotStage.Restart)
        {
            Counters.SnapshotsBroken++;
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
            Counters.Resyncs++;
            return BookChange.None;
        }

        if (sequence > _chain.Sequence)
        {
            Lose();
            _stage = SnapshotStage.Load;
            Counters.Resyncs++;
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

    /// <summary>A level or an order of the snapshot under way.</summary>
    [Hot]
    public void OnSnapshotPiece(in MarketEvent e)
    {
        if (_stage is SnapshotStage.None or SnapshotStage.Ignore or SnapshotStage.Broken)
        {
            return;
        }

        if (!_loading.Takes(in e))
        {
            Counters.Unsupported++;
            return;
        }

        if (!IsOfSnapshot(in e) || e.Quantity <= 0 || e.Side is not (Side.Bid or Side.Ask))
        {
            BreakSnapshot();
            return;
        }

        _loading.Apply(in e);
    }

    /// <summary>The snapshot is whole.</summary>
    public BookChange OnSnapshotEnd(in MarketEvent e)
    {
        var stage = _stage;
        _stage = SnapshotStage.None;
        if (stage == SnapshotStage.Broken)
        {
            return BookChange.None;
        }

        if (stage == SnapshotStage.None || !IsOfSnapshot(in e))
        {
            Counters.SnapshotsBroken++;
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
        Counters.SnapshotsIgnored++;
        CountOlder(_chain.Sequence);
        return BookChange.None;
    }

    private BookChange EndCompare()
    {
        Counters.SnapshotsIgnored++;
        _olderSnapshots = 0;
        if (_chain.IsInProgress)
        {
            // Half the event is applied and its rest may be lost: the snapshot has all of it.
            return Connect() ? BookChange.Primed : BookChange.None;
        }

        if (_live.IsSame(_loading))
        {
            return BookChange.None;
        }

        // Equal as far as both know: the snapshot only brings back depth that was left out. Else the book is wrong.
        if (!_live.Agrees(_loading))
        {
            Counters.SnapshotMismatches++;
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
                Counters.SnapshotsUnconnected++;
                return BookChange.None;
            }
        }
        else if (_snapshotSequence < floor)
        {
            CountOlder(floor);
            if (_olderSnapshots < OlderSnapshotsBeforeRestart)
            {
                Counters.SnapshotsUnconnected++;
                return BookChange.None;
            }

            Counters.SequenceRestarts++;
            _buffer.Clear();
        }

        return Connect() ? BookChange.Primed : BookChange.None;
    }

    private BookChange EndRestart()
    {
        Counters.SequenceRestarts++;
        Lose();
        return Connect() ? BookChange.Primed : BookChange.None;
    }

    /// <summary>Lets the loaded snapshot become the book if the buffered increments connect with it.</summary>
    private bool Connect()
    {
        if (!_loading.TryReplay(_buffer, _snapshotMark, _snapshotSequence, out var chain))
        {
            Counters.SnapshotsUnconnected++;
            return false;
        }

        _loading.AddCounts(_live);
        (_live, _loading) = (_loading, _live);
        GoLive(chain);
        return true;
    }

    private void GoLive(SequenceChain chain)
    {
        _buffer.Clear();
        _chain = chain;
        _lastSeen = chain.Sequence;
        _floor = 0;
        _olderSnapshots = 0;
        Counters.Recoveries += State == BookState.Gap ? 1 : 0;
        Counters.FirstSnapshots += State == BookState.WaitingForSnapshot ? 1 : 0;
        State = BookState.Live;
    }

    /// <summary>Freezes a live book.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Lose()
    {
        Check.That(_buffer.IsEmpty);
        State = BookState.Gap;
        Counters.Gaps++;
        _floor = Math.Max(_floor, _chain.Sequence);
        _chain.Break();
        _olderSnapshots = 0;
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
    public void SeeEnd(in MarketEvent e)
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

    private readonly bool IsOfSnapshot(in MarketEvent e) =>
        (e.VenueSequence == 0 || e.VenueSequence == _snapshotSequence) && (e.Flags & EventFlags.Damaged) == 0;

    private void BreakSnapshot()
    {
        _stage = SnapshotStage.Broken;
        Counters.SnapshotsBroken++;
    }

    private void CountOlder(ulong than)
    {
        bool older = _snapshotSequence != 0 && _snapshotSequence < than;
        _olderSnapshots = older && _lastSeen <= _snapshotSequence ? _olderSnapshots + 1 : 0;
    }
}

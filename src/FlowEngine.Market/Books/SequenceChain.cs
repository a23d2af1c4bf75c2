using System.Runtime.CompilerServices;
using FlowEngine.Core;

namespace FlowEngine.Market;

/// <summary>What the chain of sequences says of an increment.</summary>
internal enum Admission : byte
{
    /// <summary>It is next, or another part of the venue event in progress.</summary>
    Apply = 0,

    /// <summary>The book already contains it.</summary>
    Old = 1,

    /// <summary>Something before it is missing.</summary>
    Hole = 2,
}

/// <summary>
/// Where a book stands in the venue's sequence of its instrument, and the rule by which the next increment connects.
/// A value: copy it to try a replay, keep the copy if it held.
/// </summary>
internal struct SequenceChain
{
    private bool _atSnapshot;
    private bool _inProgress;
    private bool _endSeen;

    /// <summary>The venue sequence that the book contains; 0 before any, or where the venue has none.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>Whether only part of the venue event at <see cref="Sequence"/> has been applied.</summary>
    public readonly bool IsInProgress => _inProgress && !_endSeen;

    /// <summary>A chain that begins at a snapshot of this sequence.</summary>
    public static SequenceChain FromSnapshot(ulong sequence) => new() { Sequence = sequence, _atSnapshot = true };

    /// <summary>
    /// Judges an increment and, if it applies, moves on to it.
    /// <code>
    /// no sequence                          apply (the venue has none)
    /// the event in progress                apply
    /// at or below the book                 old
    /// above, but the event in progress
    ///   never ended                        hole: its tail was lost
    /// builds on the book's sequence        apply
    /// tells nothing that it builds on      apply
    /// first after a snapshot, and the
    ///   snapshot lies inside its range     apply, unless it is a delta, which would count twice
    /// else                                 hole
    /// </code>
    /// </summary>
    [Hot]
    public Admission Admit(in MarketEvent e)
    {
        ulong sequence = e.VenueSequence;
        if (sequence == 0)
        {
            return Admission.Apply;
        }

        if (sequence == Sequence && _inProgress)
        {
            _inProgress = !e.IsEndOfEvent;
            return Admission.Apply;
        }

        if (sequence <= Sequence)
        {
            return Admission.Old;
        }

        // An order event's Id is the order's.
        bool isOrder = e.Kind is >= EventKind.OrderAdd and <= EventKind.OrderExecute;
        bool connects = e.Id == Sequence || e.Id == 0 || isOrder
            || (_atSnapshot && e.Id < Sequence && e.Kind != EventKind.LevelDelta);
        if (IsInProgress || !connects)
        {
            return Admission.Hole;
        }

        Sequence = sequence;
        _atSnapshot = false;
        _inProgress = !e.IsEndOfEvent;
        _endSeen = false;
        return Admission.Apply;
    }

    /// <summary>
    /// Moves on to the increment that comes next by the venue's own word: its sequence is new, the event before it has
    /// ended, and it builds on that one or tells nothing; or the venue has no sequence. False says nothing:
    /// <see cref="Admit"/> judges.
    /// </summary>
    [Hot]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNext(in MarketEvent e)
    {
        if (e.VenueSequence == 0)
        {
            return true;
        }

        bool builds = KindSet.Orders.Has(e.Kind) || e.Id == Sequence || e.Id == 0;
        if (e.VenueSequence <= Sequence || IsInProgress || !builds)
        {
            return false;
        }

        Sequence = e.VenueSequence;
        _atSnapshot = false;
        _inProgress = !e.IsEndOfEvent;
        _endSeen = false;
        return true;
    }

    /// <summary>
    /// A venue event ended with something that is no increment and has no sequence (its trades): more parts may still
    /// come, but they need not.
    /// </summary>
    [Hot]
    public void SeeEnd(ulong sequence)
    {
        if (sequence == 0 || sequence == Sequence)
        {
            _endSeen = true;
        }
    }

    /// <summary>The increments stop here: whatever comes next is judged after the next snapshot.</summary>
    public void Break() => _inProgress = false;
}

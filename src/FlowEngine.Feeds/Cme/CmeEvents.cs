using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Feeds.Cme;

/// <summary>
/// Match events under way. A match event may span messages and packets, and touch several instruments; its changes are
/// handed on when the venue says that it is over, so that all changes of one instrument have one sequence and the last
/// of them ends its event. Ingress thread.
/// </summary>
[Hot]
internal sealed class CmeEvents
{
    private readonly CmeInstruments _instruments;
    private readonly FeedCounters _counters;
    private readonly CmeOutput _output;
    private int _stamp;

    public CmeEvents(CmeInstruments instruments, FeedCounters counters, CmeOutput output)
    {
        _instruments = instruments;
        _counters = counters;
        _output = output;
    }

    /// <summary>A message of a match event begins: what is left of another one is over.</summary>
    public void Begin<TSink>(CmeChannel channel, ulong timeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (channel.PendingCount != 0 && channel.PendingTime != timeNs)
        {
            End(channel, ref sink);
        }

        channel.PendingTime = timeNs;
    }

    /// <summary>Takes a place in the match event.</summary>
    public ref MarketEvent Add<TSink>(CmeChannel channel, int id, EventKind kind, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (channel.PendingCount == CmeChannel.PendingCapacity)
        {
            End(channel, ref sink);
        }

        ref MarketEvent slot = ref channel.Pending[channel.PendingCount++];
        slot = default;
        slot.InstrumentId = id;
        slot.Kind = kind;
        slot.VenueTime = (long)channel.PendingTime;
        return ref slot;
    }

    /// <summary>Hands the match event on.</summary>
    public void End<TSink>(CmeChannel channel, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        Span<MarketEvent> pending = channel.Pending.AsSpan(0, channel.PendingCount);
        channel.PendingCount = 0;
        int stamp = ++_stamp;
        for (int i = pending.Length - 1; i >= 0; i--)
        {
            ref MarketEvent e = ref pending[i];
            ref CmeInstrument instrument = ref _instruments[e.InstrumentId];
            if (instrument.EndStamp != stamp)
            {
                instrument.EndStamp = stamp;
                e.Flags |= EventFlags.EndOfEvent;
            }

            if (e.Kind <= EventKind.Trade || e.Kind == EventKind.Clear)
            {
                e.VenueSequence = instrument.EventSequence;
                instrument.BookSequence = e.Kind == EventKind.Trade
                    ? instrument.BookSequence
                    : Math.Max(instrument.BookSequence, instrument.EventSequence);
            }
        }

        foreach (ref readonly MarketEvent e in pending)
        {
            _output.Copy(ref sink, in e);
        }
    }

    /// <summary>
    /// Takes note of an update's place in its instrument's count, which has no holes.
    /// </summary>
    /// <returns>False where it was there before.</returns>
    public bool TryFollow<TSink>(CmeChannel channel, int id, uint report, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref CmeInstrument instrument = ref _instruments[id];
        if (instrument.Channel != channel.Index)
        {
            _instruments.Bind(id, channel, (long)channel.PendingTime, ref sink);
        }

        if (instrument.Book == BookKind.Orders)
        {
            FollowOrders(channel, id, ref sink);
            return true;
        }

        uint last = instrument.LastReport;
        if (report == last + 1 && last != 0)
        {
            instrument.LastReport = report;
            instrument.EventSequence = report;
            _counters.InstrumentUpdates++;
            return true;
        }

        if (report <= last)
        {
            _counters.RepeatedUpdates++;
            return false;
        }

        FollowSlow(channel, id, report, ref sink);
        return true;
    }

    /// <summary>Takes note of a change of a book that is told by order: packets are its sequence.</summary>
    public void FollowOrders<TSink>(CmeChannel channel, int id, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref CmeInstrument instrument = ref _instruments[id];
        if (instrument.Channel != channel.Index)
        {
            _instruments.Bind(id, channel, (long)channel.PendingTime, ref sink);
        }

        uint packet = channel.Expected - 1;
        if (instrument.EventSequence == 0 && instrument.NeedsSnapshot && instrument.Floor == 0)
        {
            Lose(channel, id, packet - 1, ref sink);
        }

        instrument.EventSequence = packet;
    }

    /// <summary>Tells that input was refused; where it is of the book, that waits for a snapshot.</summary>
    public void Refuse<TSink>(
        CmeChannel channel, int id, DamageReason reason, bool isBook, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        _counters.CountDamage(reason, message);
        ref MarketEvent slot = ref Add(channel, id, EventKind.Damaged, ref sink);
        slot.Id = (ulong)reason;
        slot.Flags = EventFlags.Damaged;
        if (isBook)
        {
            Lose(channel, id, _instruments[id].EventSequence, ref sink);
        }
    }

    // The first update that is seen, or one behind a hole.
    private void FollowSlow<TSink>(CmeChannel channel, int id, uint report, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref CmeInstrument instrument = ref _instruments[id];
        bool isFirst = instrument.LastReport == 0;
        if (isFirst && report == 1 && !instrument.IsFresh)
        {
            // The very first update of an instrument's life: the book was empty before.
            instrument.NeedsSnapshot = false;
            ref MarketEvent reset = ref Add(channel, id, EventKind.SessionReset, ref sink);
            reset.Flags = EventFlags.EndOfEvent;
        }
        else if (!(isFirst && instrument.IsFresh))
        {
            _counters.InstrumentGaps += isFirst ? 0 : 1;
            Lose(channel, id, report - 1, ref sink);
        }

        instrument.IsFresh = false;
        instrument.LastReport = report;
        instrument.EventSequence = report;
    }

    private void Lose<TSink>(CmeChannel channel, int id, ulong lostSequence, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref CmeInstrument instrument = ref _instruments[id];
        instrument.NeedsSnapshot = true;
        instrument.Floor = lostSequence;
        instrument.NextChunk = 0;
        _instruments.Ladders.Forget(id);
        Add(channel, id, EventKind.Gap, ref sink).VenueSequence = lostSequence;
    }
}

using System.Runtime.CompilerServices;
using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Feeds.Cme;

/// <summary>The instruments of one decoder: venue ids to dense ids, and what is kept of each. Ingress thread.</summary>
internal sealed class CmeInstruments
{
    private const int NoChannel = -1;

    private readonly InstrumentTable _table;
    private readonly InstrumentMap _map;
    private readonly CmeInstrument[] _states;
    private readonly int[] _ids;
    private readonly FeedCounters _counters;
    private readonly CmeOutput _output;
    private readonly BookKind _book;
    private int _count;

    public CmeInstruments(InstrumentTable table, FeedCounters counters, CmeOutput output, BookKind book)
    {
        _table = table;
        _map = new InstrumentMap(table.Capacity);
        _states = new CmeInstrument[table.Capacity];
        _ids = new int[table.Capacity];
        _counters = counters;
        _output = output;
        _book = book;
        Ladders = new CmeLadders(table.Capacity);
    }

    /// <summary>Which of the venue's two kinds of book is built.</summary>
    public BookKind Book => _book;

    /// <summary>Prices by position.</summary>
    public CmeLadders Ladders { get; }

    /// <summary>What is kept of an instrument, by dense id.</summary>
    public ref CmeInstrument this[int id] => ref _states[id];

    /// <summary>The state of an instrument of which nothing was seen yet.</summary>
    public static CmeInstrument NewState(Instrument instrument, long quantumE9, int impliedDepth) => new()
    {
        QuantumE9 = quantumE9,
        QuantaPerE9 = 1.0 / quantumE9,
        Channel = NoChannel,
        Book = instrument.Book,
        Depth = (byte)Math.Clamp(instrument.FeedDepthLevels, 1, CmeLadders.MaxDepth),
        ImpliedDepth = !instrument.HasImpliedBook
            ? (byte)0
            : impliedDepth == 0 ? (byte)CmeDefinition.DefaultImpliedDepth : (byte)impliedDepth,
        NeedsSnapshot = true,
    };

    /// <summary>Finds an instrument, and counts where it is not known.</summary>
    [Hot]
    public bool TryFind(int securityId, out int id)
    {
        if (_map.TryFind((uint)securityId, out id))
        {
            return true;
        }

        _counters.UnknownInstrument++;
        return false;
    }

    /// <summary>Takes a definition in: a new instrument, a new status, an end, or nothing new.</summary>
    public void Define<TSink>(scoped in CmeDefinition definition, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        bool isKnown = _map.TryFind((uint)definition.SecurityId, out int id);
        if (!isKnown && definition.IsDeleted)
        {
            return;
        }

        DamageReason reason = definition.TryCreate(_book, out Instrument? instrument, out CmeInstrument state);
        if (reason == DamageReason.None && isKnown)
        {
            ref CmeInstrument known = ref _states[id];
            if (known.QuantumE9 == state.QuantumE9)
            {
                known.Group = state.Group;
                known.Asset = state.Asset;
                Turn(id, definition.Status, _output.CaptureTimeNs, definition.IsDeleted, ref sink);
                return;
            }

            // What was assumed stays: its quanta are in the books.
            reason = known.IsAssumed ? DamageReason.None : DamageReason.ConflictingDefinition;
        }

        if (reason != DamageReason.None)
        {
            _counters.CountDamage(reason, message);
        }
        else if (!isKnown && TryAdd(instrument!, in state, message, out id, ref sink))
        {
            Turn(id, definition.Status, _output.CaptureTimeNs, isOver: false, ref sink);
        }
    }

    /// <summary>Adds an instrument to the table.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryAdd<TSink>(
        Instrument instrument, in CmeInstrument state, ReadOnlySpan<byte> message, out int id, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (_map.TryFind(instrument.VenueInstrumentId, out id))
        {
            return false;
        }

        if (!_table.TryAdd(instrument, out id))
        {
            _counters.CountDamage(DamageReason.TableFull, message);
            return false;
        }

        _states[id] = state;
        _ids[_count++] = id;
        _map.TryAdd(instrument.VenueInstrumentId, id);
        _counters.Instruments++;
        ref MarketEvent slot = ref _output.Emit(ref sink, id, EventKind.InstrumentDefined, _output.CaptureTimeNs);
        slot.Id = instrument.VenueInstrumentId;
        return true;
    }

    /// <summary>Takes a venue status of one instrument; those that change nothing say nothing.</summary>
    public void Turn<TSink>(int id, byte venueStatus, long timeNs, bool isOver, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct =>
        Turn(id, isOver ? TradingStatus.Expired : CmeStatus.Of(venueStatus), timeNs, ref sink);

    private void Turn<TSink>(int id, TradingStatus status, long timeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref CmeInstrument instrument = ref _states[id];
        if (status != TradingStatus.Unknown && status != instrument.Status)
        {
            instrument.Status = status;
            _output.EmitStatus(ref sink, id, status, timeNs);
        }
    }

    /// <summary>
    /// Takes a venue status of a group. An instrument whose definition nobody has seen goes with its channel as a
    /// whole: of which group it is cannot be known.
    /// </summary>
    public void TurnGroup<TSink>(
        ulong group, ulong asset, byte venueStatus, CmeChannel channel, long timeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        TradingStatus status = CmeStatus.Of(venueStatus);
        if (status == TradingStatus.Unknown)
        {
            return;
        }

        channel.SeeGroup(group, status);
        for (var i = 0; i < _count; i++)
        {
            ref CmeInstrument instrument = ref _states[_ids[i]];
            bool isMeant = instrument.IsAssumed
                ? instrument.Channel == channel.Index
                : instrument.Group == group && (asset == 0 || instrument.Asset == asset);
            if (isMeant)
            {
                Turn(_ids[i], instrument.IsAssumed ? channel.GroupStatus : status, timeNs, ref sink);
            }
        }
    }

    /// <summary>Binds an instrument to the channel that tells of it.</summary>
    public void Bind<TSink>(int id, CmeChannel channel, long timeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref CmeInstrument instrument = ref _states[id];
        instrument.Channel = channel.Index;
        if (instrument.IsAssumed && instrument.Status == TradingStatus.Unknown
            && channel.GroupStatus != TradingStatus.Unknown)
        {
            instrument.Status = channel.GroupStatus;
            _output.EmitStatus(ref sink, id, channel.GroupStatus, timeNs);
        }
    }

    /// <summary>All books of a channel begin anew.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="isEmpty">Whether they are known to be empty; else they wait for snapshots.</param>
    /// <param name="timeNs">When.</param>
    /// <param name="sink">Takes the events.</param>
    public void Reset<TSink>(CmeChannel channel, bool isEmpty, long timeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        for (var i = 0; i < _count; i++)
        {
            int id = _ids[i];
            if (_states[id].Channel == channel.Index)
            {
                Reset(id, isEmpty, timeNs, ref sink);
            }
        }
    }

    /// <summary>The book of an instrument begins anew.</summary>
    public void Reset<TSink>(int id, bool isEmpty, long timeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        _states[id].Restart(isEmpty);
        Ladders.Forget(id);
        _output.Emit(ref sink, id, EventKind.SessionReset, timeNs).Flags = EventFlags.EndOfEvent;
        if (!isEmpty)
        {
            _output.Emit(ref sink, id, EventKind.Gap, timeNs).Flags = EventFlags.EndOfEvent;
        }
    }

    /// <summary>Packets of a channel were lost: books by order, which have no count of their own, wait for snapshots.
    /// </summary>
    public void LoseOrders<TSink>(CmeChannel channel, ulong lostSequence, long timeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        for (var i = 0; i < _count; i++)
        {
            int id = _ids[i];
            ref CmeInstrument instrument = ref _states[id];
            if (instrument.Channel == channel.Index && instrument.Book == BookKind.Orders)
            {
                instrument.NeedsSnapshot = true;
                instrument.Floor = lostSequence;
                instrument.NextChunk = 0;
                ref MarketEvent gap = ref _output.Emit(ref sink, id, EventKind.Gap, timeNs);
                gap.VenueSequence = lostSequence;
                gap.Flags = EventFlags.EndOfEvent;
            }
        }
    }
}

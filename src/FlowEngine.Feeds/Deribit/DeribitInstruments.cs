using System.Runtime.CompilerServices;
using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Feeds.Deribit;

/// <summary>The instruments of one decoder: venue ids to dense ids, and what is kept of each. Ingress thread.</summary>
internal sealed class DeribitInstruments
{
    private readonly InstrumentTable _table;
    private readonly InstrumentMap _map;
    private readonly DeribitInstrument[] _states;
    private readonly FeedCounters _counters;

    public DeribitInstruments(InstrumentTable table, FeedCounters counters)
    {
        _table = table;
        _map = new InstrumentMap(table.Capacity);
        _states = new DeribitInstrument[table.Capacity];
        _counters = counters;
    }

    /// <summary>What is kept of an instrument, by dense id.</summary>
    public ref DeribitInstrument this[int id] => ref _states[id];

    /// <summary>Finds an instrument, and counts the message where it is not known.</summary>
    [Hot]
    public bool TryFind(uint venueInstrumentId, out int id)
    {
        if (_map.TryFind(venueInstrumentId, out id))
        {
            return true;
        }

        _counters.UnknownInstrument++;
        return false;
    }

    /// <summary>Takes a definition in: a new instrument, a new status, or nothing new.</summary>
    public void Define<TSink>(
        scoped in DeribitDefinition definition,
        ReadOnlySpan<byte> message,
        long captureTimeNs,
        long receiveTimeNs,
        ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_map.TryFind(definition.InstrumentId, out int id))
        {
            Add(in definition, message, captureTimeNs, receiveTimeNs, ref sink);
            return;
        }

        ref DeribitInstrument instrument = ref _states[id];
        bool isSame = definition.TickSize == instrument.TickSize
            && definition.MinTradeAmount == instrument.MinTradeAmount;
        if (!DeribitDefinition.TryStatus(definition.State, out TradingStatus status) || !isSame)
        {
            DamageReason reason = isSame ? DamageReason.BadEnum : DamageReason.ConflictingDefinition;
            _counters.CountDamage(reason, message);
            EventEmission.EmitDamaged(ref sink, id, reason, 0, captureTimeNs,
                receiveTimeNs).Flags |= EventFlags.EndOfEvent;
        }
        else if (status != instrument.Status)
        {
            instrument.Status = status;
            EventEmission.EmitStatus(ref sink, id, status, captureTimeNs, receiveTimeNs);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Add<TSink>(
        scoped in DeribitDefinition definition,
        ReadOnlySpan<byte> message,
        long captureTimeNs,
        long receiveTimeNs,
        ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        DamageReason reason = definition.TryCreate(out Instrument? instrument, out DeribitInstrument state);
        int id = -1;
        if (reason == DamageReason.None && !_table.TryAdd(instrument!, out id))
        {
            reason = DamageReason.TableFull;
        }

        if (reason != DamageReason.None)
        {
            _counters.CountDamage(reason, message);
            return;
        }

        _states[id] = state;
        _map.TryAdd(definition.InstrumentId, id);
        _counters.Instruments++;
        EventEmission.EmitDefined(ref sink, id, definition.InstrumentId, state.Status, captureTimeNs, receiveTimeNs);
    }
}

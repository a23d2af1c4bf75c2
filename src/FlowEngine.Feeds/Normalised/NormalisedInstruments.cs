using System.Runtime.CompilerServices;
using FlowEngine.Core;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Normalised;

/// <summary>The instruments of one decoder: venue ids to dense ids, and what is kept of each. Ingress thread.</summary>
internal sealed class NormalisedInstruments
{
    private readonly InstrumentTable _table;
    private readonly InstrumentMap _map;
    private readonly NormalisedInstrument[] _states;
    private readonly FeedCounters _counters;

    public NormalisedInstruments(InstrumentTable table, FeedCounters counters)
    {
        _table = table;
        _map = new InstrumentMap(table.Capacity);
        _states = new NormalisedInstrument[table.Capacity];
        _counters = counters;
    }

    /// <summary>What is kept of an instrument, by dense id.</summary>
    public ref NormalisedInstrument this[int id] => ref _states[id];

    /// <summary>Finds an instrument, and counts the message where it is not known.</summary>
    [Hot]
    public bool TryFind(ulong venueInstrumentId, out int id)
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
        in Wire.InstrumentDefinitionReader definition,
        ReadOnlySpan<byte> message,
        long captureTimeNs,
        long receiveTimeNs,
        ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_map.TryFind(definition.InstrumentId, out int id))
        {
            Add(definition, message, captureTimeNs, receiveTimeNs, ref sink);
            return;
        }

        bool isSame = NormalisedDefinition.IsSame(definition, in _states[id]);
        if (!isSame || definition.Status > Wire.TradingStatus.Expired)
        {
            DamageReason reason = isSame ? DamageReason.BadEnum : DamageReason.ConflictingDefinition;
            _counters.CountDamage(reason, message);
            EventEmission.EmitDamaged(ref sink, id, reason, 0, captureTimeNs,
                receiveTimeNs).Flags |= EventFlags.EndOfEvent;
        }
        else if ((TradingStatus)definition.Status != _states[id].Status)
        {
            _states[id].Status = (TradingStatus)definition.Status;
            EventEmission.EmitStatus(ref sink, id, (TradingStatus)definition.Status, captureTimeNs, receiveTimeNs);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Add<TSink>(
        in Wire.InstrumentDefinitionReader definition,
        ReadOnlySpan<byte> message,
        long captureTimeNs,
        long receiveTimeNs,
        ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        DamageReason reason = NormalisedDefinition.TryCreate(definition, out Instrument? instrument, out var state);
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

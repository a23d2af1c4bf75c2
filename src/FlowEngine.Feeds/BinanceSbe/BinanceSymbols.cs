using System.Runtime.CompilerServices;
using System.Text;
using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Feeds.BinanceSbe;

/// <summary>
/// The symbols of one decoder. The stream defines none: a symbol's quantum and lot are the units of the first message
/// that names it; messages in other units are brought to these. Ingress thread.
/// </summary>
internal sealed class BinanceSymbols
{
    private const int MaxSymbolLength = 64;
    private const int MaxExponent = 18;
    private const ulong HashStart = 0xCBF2_9CE4_8422_2325;
    private const ulong HashPrime = 0x0000_0100_0000_01B3;

    private readonly InstrumentTable _table;
    private readonly InstrumentMap _map;
    private readonly BinanceSymbol[] _states;
    private readonly FeedCounters _counters;

    public BinanceSymbols(InstrumentTable table, FeedCounters counters)
    {
        _table = table;
        _map = new InstrumentMap(table.Capacity);
        _states = new BinanceSymbol[table.Capacity];
        _counters = counters;
    }

    /// <summary>What is kept of a symbol, by dense id.</summary>
    public ref BinanceSymbol this[int id] => ref _states[id];

    /// <summary>Finds a symbol, or defines it; binds the message's units to its own.</summary>
    /// <returns>False where it cannot be defined, or its units do not fit: that is counted.</returns>
    [Hot]
    public bool TryFind<TSink>(
        ReadOnlySpan<byte> name,
        ref BinanceUnits units,
        long timeNs,
        long receiveTimeNs,
        ReadOnlySpan<byte> message,
        out int id,
        ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ulong hash = HashStart;
        foreach (byte letter in name)
        {
            hash = (hash ^ letter) * HashPrime;
        }

        DamageReason reason = _map.TryFind(hash, out id)
            ? name.SequenceEqual(_states[id].Name) ? DamageReason.None : DamageReason.ConflictingDefinition
            : Add(name, hash, in units, timeNs, receiveTimeNs, out id, ref sink);
        if (reason == DamageReason.None && !units.TryBind(in _states[id]))
        {
            reason = DamageReason.ConflictingDefinition;
        }

        if (reason != DamageReason.None)
        {
            _counters.CountDamage(reason, message);
        }

        return reason == DamageReason.None;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private DamageReason Add<TSink>(
        ReadOnlySpan<byte> name,
        ulong hash,
        scoped in BinanceUnits units,
        long timeNs,
        long receiveTimeNs,
        out int id,
        ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        id = -1;
        if (name.IsEmpty || name.Length > MaxSymbolLength || name.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e)
            || units.PriceExponent is < -MaxExponent or > MaxExponent
            || units.QuantityExponent is < -MaxExponent or > MaxExponent)
        {
            return DamageReason.BadDefinition;
        }

        var instrument = new Instrument
        {
            Venue = FeedVenue.Binance,
            VenueInstrumentId = hash,
            Symbol = Encoding.ASCII.GetString(name),
            PriceQuantum = new DecimalScale(1, units.PriceExponent),
            Lot = new DecimalScale(1, units.QuantityExponent),
            Contract = ContractKind.Spot,
        };
        if (!_table.TryAdd(instrument, out id))
        {
            return DamageReason.TableFull;
        }

        _states[id] = new BinanceSymbol
        {
            Name = name.ToArray(),
            PriceExponent = units.PriceExponent,
            QuantityExponent = units.QuantityExponent,
        };
        _map.TryAdd(hash, id);
        _counters.Instruments++;
        EventEmission.EmitDefined(ref sink, id, hash, TradingStatus.Open, timeNs, receiveTimeNs);
        return DamageReason.None;
    }
}

using System.Text;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.Deribit;

namespace FlowEngine.Feeds.Deribit;

/// <summary>What both forms of Deribit's instrument message have in common. Cold but for the fields' reading.</summary>
internal readonly ref struct DeribitDefinition
{
    private const int MaxSymbolLength = 64;

    public DeribitDefinition(scoped in Wire.InstrumentReader message)
    {
        InstrumentId = message.InstrumentId;
        State = message.InstrumentState;
        Kind = message.Kind;
        Type = message.InstrumentType;
        Period = message.SettlementPeriod;
        ExpirationMs = message.ExpirationTimestampMs;
        ContractSize = message.ContractSize;
        MinTradeAmount = message.MinTradeAmount;
        TickSize = message.TickSize;
        Name = message.InstrumentName;
    }

    public DeribitDefinition(scoped in Wire.InstrumentV2Reader message)
    {
        InstrumentId = message.InstrumentId;
        State = message.InstrumentState;
        Kind = message.Kind;
        Type = message.InstrumentType;
        Period = message.SettlementPeriod;
        ExpirationMs = message.ExpirationTimestampMs;
        ContractSize = message.ContractSize;
        MinTradeAmount = message.MinTradeAmount;
        TickSize = message.TickSize;
        Name = message.InstrumentName;
    }

    public uint InstrumentId { get; }

    public Wire.InstrumentState State { get; }

    public double MinTradeAmount { get; }

    public double TickSize { get; }

    private Wire.InstrumentKind Kind { get; }

    private Wire.InstrumentType Type { get; }

    private Wire.Period Period { get; }

    private ulong ExpirationMs { get; }

    private double ContractSize { get; }

    private ReadOnlySpan<byte> Name { get; }

    /// <summary>What a venue state means for trading.</summary>
    /// <returns>False for values the schema does not have.</returns>
    public static bool TryStatus(Wire.InstrumentState state, out TradingStatus status)
    {
        status = state switch
        {
            Wire.InstrumentState.Open or Wire.InstrumentState.Started => TradingStatus.Open,
            Wire.InstrumentState.Created or Wire.InstrumentState.Inactive => TradingStatus.Halted,
            Wire.InstrumentState.Closed => TradingStatus.Closed,
            Wire.InstrumentState.Settled or Wire.InstrumentState.Deactivated => TradingStatus.Closed,
            _ => TradingStatus.Unknown,
        };
        return status != TradingStatus.Unknown;
    }

    /// <summary>Makes the record and the decoder's scales. Allocates: once for an instrument.</summary>
    public DamageReason TryCreate(out Instrument? instrument, out DeribitInstrument state)
    {
        instrument = null;
        state = default;
        if (!Enum.IsDefined(Kind) || !Enum.IsDefined(Type) || !TryStatus(State, out TradingStatus status)
            || (byte)Kind == byte.MaxValue || (byte)Type == byte.MaxValue)
        {
            return DamageReason.BadEnum;
        }

        if (!DecimalScale.TryFromDouble(TickSize, out DecimalScale quantum)
            || !DecimalScale.TryFromDouble(MinTradeAmount, out DecimalScale lot)
            || !DecimalScale.TryFromDouble(ContractSize, out DecimalScale multiplier)
            || Name.IsEmpty || Name.Length > MaxSymbolLength || Name.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e))
        {
            return DamageReason.BadDefinition;
        }

        bool expires = Period != Wire.Period.Perpetual && DeribitInstrument.TryToNanos(ExpirationMs, out _);
        instrument = new Instrument
        {
            Venue = FeedVenue.Deribit,
            VenueInstrumentId = InstrumentId,
            Symbol = Encoding.ASCII.GetString(Name),
            PriceQuantum = quantum,
            Lot = lot,
            ContractMultiplier = multiplier,
            Contract = Contract,
            ExpiryTime = expires ? (long)ExpirationMs * 1_000_000 : 0,
        };
        state = new DeribitInstrument
        {
            TickSize = TickSize,
            MinTradeAmount = MinTradeAmount,
            QuantaPerPrice = Inverse(quantum),
            LotsPerAmount = Inverse(lot),
            Status = status,
            AllowsAnySign = Kind is Wire.InstrumentKind.FutureCombo or Wire.InstrumentKind.OptionCombo,
        };
        return DamageReason.None;
    }

    private ContractKind Contract => Kind == Wire.InstrumentKind.Spot
        ? ContractKind.Spot
        : Type switch
        {
            Wire.InstrumentType.Reversed => ContractKind.Inverse,
            Wire.InstrumentType.Linear => ContractKind.Linear,
            _ => ContractKind.Unknown,
        };

    // Powers of ten up to 10^22 are exact doubles, so a unit of one digit has an inverse without error beyond the
    // division's.
    private static double Inverse(DecimalScale scale)
    {
        double inverse = 1.0;
        for (var i = 0; i > scale.Exponent; i--)
        {
            inverse *= 10;
        }

        double mantissa = scale.Mantissa;
        for (var i = 0; i < scale.Exponent; i++)
        {
            mantissa *= 10;
        }

        return inverse / mantissa;
    }
}

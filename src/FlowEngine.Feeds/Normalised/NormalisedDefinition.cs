using System.Text;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Normalised;

/// <summary>Makes instrument records of definition messages. Cold.</summary>
internal static class NormalisedDefinition
{
    private const int MaxTickQuanta = 1_000_000;
    private const int MaxExponent = 18;

    /// <summary>Makes the record and the decoder's state. Allocates: once for an instrument.</summary>
    public static DamageReason TryCreate(
        in Wire.InstrumentDefinitionReader message, out Instrument? instrument, out NormalisedInstrument state)
    {
        instrument = null;
        state = default;
        if (message.Venue == 0 || message.Venue == Wire.Venue.NullValue
            || message.ContractKind > Wire.ContractKind.Quanto || message.Status > Wire.TradingStatus.Expired
            || (message.BookKind > Wire.BookKind.Orders && message.BookKind != Wire.BookKind.NullValue)
            || (message.DepthRule > Wire.DepthRule.AtEventEnd && message.DepthRule != Wire.DepthRule.NullValue))
        {
            return DamageReason.BadEnum;
        }

        ReadOnlySpan<byte> symbol = message.Symbol;
        int end = symbol.IndexOf((byte)0);
        symbol = end >= 0 ? symbol[..end] : symbol;
        if (symbol.IsEmpty || symbol.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e)
            || message.TickQuanta is 0 or > MaxTickQuanta || message.ExpiryTime < 0
            || !TryScale(message.PriceQuantum, out DecimalScale quantum)
            || !TryScale(message.Lot, out DecimalScale lot)
            || !TryScale(message.ContractMultiplier, out DecimalScale multiplier))
        {
            return DamageReason.BadDefinition;
        }

        instrument = new Instrument
        {
            Venue = (ushort)message.Venue,
            VenueInstrumentId = message.InstrumentId,
            Symbol = Encoding.ASCII.GetString(symbol),
            PriceQuantum = quantum,
            TickQuanta = (int)message.TickQuanta,
            Lot = lot,
            ContractMultiplier = multiplier,
            Contract = (ContractKind)message.ContractKind,
            FeedDepthLevels = message.FeedDepthLevels,
            ExpiryTime = message.ExpiryTime,
            // Writers of version 0 tell none of these three.
            Book = message.BookKind == Wire.BookKind.Orders ? BookKind.Orders : BookKind.PriceLevels,
            DepthRule = message.DepthRule == Wire.DepthRule.AtEventEnd ? DepthRule.AtEventEnd : DepthRule.AtOnce,
            HasImpliedBook = message.HasImpliedBook == 1,
        };
        state = new NormalisedInstrument
        {
            Quantum = quantum,
            Lot = lot,
            TickQuanta = message.TickQuanta,
            Status = (TradingStatus)message.Status,
        };
        return DamageReason.None;
    }

    /// <summary>Whether a repeated definition gives integers the worth that they have already.</summary>
    public static bool IsSame(in Wire.InstrumentDefinitionReader message, in NormalisedInstrument known) =>
        message.TickQuanta == known.TickQuanta
        && message.PriceQuantum.Mantissa == known.Quantum.Mantissa
            && message.PriceQuantum.Exponent == known.Quantum.Exponent
        && message.Lot.Mantissa == known.Lot.Mantissa && message.Lot.Exponent == known.Lot.Exponent;

    private static bool TryScale(Wire.DecimalScaleReader wire, out DecimalScale scale)
    {
        scale = new DecimalScale(wire.Mantissa, wire.Exponent);
        return wire.Mantissa > 0 && wire.Exponent is >= -MaxExponent and <= MaxExponent;
    }
}

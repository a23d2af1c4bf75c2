using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Feeds.BinanceSbe;

/// <summary>The exponents of one message, and how its mantissas become quanta and lots of the symbol.</summary>
[Hot]
internal ref struct BinanceUnits
{
    private const int MaxShift = 15;

    private Shift _price;
    private Shift _quantity;

    public BinanceUnits(sbyte priceExponent, sbyte quantityExponent)
    {
        PriceExponent = priceExponent;
        QuantityExponent = quantityExponent;
    }

    /// <summary>Exponent of the message's prices.</summary>
    public sbyte PriceExponent { get; }

    /// <summary>Exponent of the message's quantities.</summary>
    public sbyte QuantityExponent { get; }

    /// <summary>Microseconds since epoch as nanoseconds.</summary>
    public static bool TryToNanos(long microseconds, out long nanos)
    {
        const long NanosPerMicrosecond = 1_000;
        bool fits = microseconds is >= 0 and <= long.MaxValue / NanosPerMicrosecond;
        nanos = fits ? microseconds * NanosPerMicrosecond : 0;
        return fits;
    }

    /// <summary>Takes the symbol's own exponents.</summary>
    /// <returns>False where the two are too far apart.</returns>
    public bool TryBind(in BinanceSymbol symbol) =>
        Shift.TryMake(PriceExponent - symbol.PriceExponent, out _price)
        && Shift.TryMake(QuantityExponent - symbol.QuantityExponent, out _quantity);

    /// <summary>Reads a level that was checked before.</summary>
    public readonly PriceLevel Read(long price, long quantity)
    {
        _price.TryApply(price, FeedLimits.MaxPriceQuanta, out long quanta);
        _quantity.TryApply(quantity, FeedLimits.MaxLots, out long lots);
        return new PriceLevel(quanta, lots);
    }

    /// <summary>Reads and checks a level.</summary>
    /// <param name="price">Mantissa, more than 0 unless the level is empty.</param>
    /// <param name="quantity">Mantissa.</param>
    /// <param name="isEmptyAllowed">Whether nothing may rest there.</param>
    /// <param name="before">What was wrong before; it stays.</param>
    /// <param name="level">In quanta and lots.</param>
    public readonly DamageReason Read(
        long price, long quantity, bool isEmptyAllowed, DamageReason before, out PriceLevel level)
    {
        level = default;
        if (before != DamageReason.None)
        {
            return before;
        }

        if (!_price.TryApply(price, FeedLimits.MaxPriceQuanta, out long quanta))
        {
            return DamageReason.OffGridPrice;
        }

        if (quanta <= 0 && !(isEmptyAllowed && quantity == 0 && quanta == 0))
        {
            return DamageReason.BadPrice;
        }

        if (!_quantity.TryApply(quantity, FeedLimits.MaxLots, out long lots) || lots < (isEmptyAllowed ? 0 : 1))
        {
            return DamageReason.BadQuantity;
        }

        level = new PriceLevel(quanta, lots);
        return DamageReason.None;
    }

    // Times, or divided by, a power of ten.
    private struct Shift
    {
        private long _factor;
        private bool _isFiner;

        public static bool TryMake(int exponent, out Shift shift)
        {
            shift = new Shift { _factor = 1, _isFiner = exponent < 0 };
            for (int i = Math.Abs(exponent); i > 0 && i <= MaxShift; i--)
            {
                shift._factor *= 10;
            }

            return Math.Abs(exponent) <= MaxShift;
        }

        public readonly bool TryApply(long mantissa, long max, out long value)
        {
            value = 0;
            if (_isFiner)
            {
                value = mantissa / _factor;
                return value * _factor == mantissa && value <= max && value >= -max;
            }

            if (mantissa > max / _factor || mantissa < -max / _factor)
            {
                return false;
            }

            value = mantissa * _factor;
            return true;
        }
    }
}

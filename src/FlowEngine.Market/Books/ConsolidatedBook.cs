using System.Numerics;
using FlowEngine.Core;

namespace FlowEngine.Market;

/// <summary>
/// Several venues' books of one thing as one book, merged when read (signals.md B13). Prices and lots are brought to
/// common units, exactly: the greatest decimals that divide every member's quantum and lot. Prices are net of each
/// member's taker fee, rounded against the taker: bids down, asks up. A member counts only while its own flags are
/// clean (<see cref="CleanMembers"/>). The view owns nothing and remembers nothing. Book thread only.
/// <para>
/// Costs: reading k levels of m members is O(k × m). Never compute order flow on it: its members' clocks differ. It may
/// be crossed without anything being wrong.
/// </para>
/// </summary>
public sealed class ConsolidatedBook
{
    /// <summary>Most members: as many as a level can name.</summary>
    public const int MaxMembers = 32;

    private const long Whole = 1_000_000_000;
    private const long FarPrice = 1L << 62;

    private const ValidityFlags Unclean = ValidityFlags.Gap | ValidityFlags.Crossed | ValidityFlags.Halted
        | ValidityFlags.DamagedInput | ValidityFlags.Stale;

    private readonly InstrumentBook[] _books;
    private readonly long[] _priceFactors;
    private readonly long[] _lotFactors;
    private readonly int[] _fees;
    private readonly int[] _ranks;
    private readonly long[] _prices;

    /// <summary>A view over one to <see cref="MaxMembers"/> books. Set-up, the one place that allocates.</summary>
    /// <exception cref="ArgumentException">
    /// No or too many members, units too far apart for 64 bits, or contracts that pay differently.
    /// </exception>
    public ConsolidatedBook(params ReadOnlySpan<ConsolidatedMember> members)
    {
        if (members.Length is 0 or > MaxMembers)
        {
            throw new ArgumentException($"{members.Length} members, not 1 to {MaxMembers}", nameof(members));
        }

        var prices = new DecimalScale[members.Length];
        var lots = new DecimalScale[members.Length];
        _books = new InstrumentBook[members.Length];
        _fees = new int[members.Length];
        _ranks = new int[members.Length];
        _prices = new long[members.Length];
        for (var i = 0; i < members.Length; i++)
        {
            var instrument = members[i].Instrument;
            bool isInverse = instrument.Contract == ContractKind.Inverse;
            if (isInverse != (members[0].Instrument.Contract == ContractKind.Inverse))
            {
                throw new ArgumentException($"{instrument.Symbol} pays otherwise than {members[0].Instrument.Symbol}");
            }

            if (Math.Abs((long)members[i].TakerFeePpb) >= Whole)
            {
                throw new ArgumentException($"a fee of {members[i].TakerFeePpb} ppb is all of the price");
            }

            var (lot, contract) = (instrument.Lot, instrument.ContractMultiplier);
            prices[i] = instrument.PriceQuantum;
            lots[i] = new DecimalScale(
                checked(lot.Mantissa * contract.Mantissa), checked((sbyte)(lot.Exponent + contract.Exponent)));
            _books[i] = members[i].Book;
            _fees[i] = members[i].TakerFeePpb;
        }

        (PriceUnit, _priceFactors) = CommonUnit(prices);
        (LotUnit, _lotFactors) = CommonUnit(lots);
    }

    /// <summary>What one unit of a price is worth.</summary>
    public DecimalScale PriceUnit { get; }

    /// <summary>What one lot is worth.</summary>
    public DecimalScale LotUnit { get; }

    /// <summary>Members whose books can be used now: bit n is member n.</summary>
    [Hot]
    public uint CleanMembers
    {
        get
        {
            uint members = 0;
            for (var i = 0; i < _books.Length; i++)
            {
                members |= (_books[i].Validity & Unclean) == 0 ? 1u << i : 0;
            }

            return members;
        }
    }

    /// <summary>
    /// Empty, OneSided, Locked and Crossed of the whole; Gap while a member is left out, PartialDepth while one that
    /// counts is not known to its end.
    /// </summary>
    [Hot]
    public ValidityFlags Validity
    {
        get
        {
            uint clean = CleanMembers;
            var flags = BitOperations.PopCount(clean) == _books.Length ? ValidityFlags.None : ValidityFlags.Gap;
            for (uint left = clean; left != 0; left &= left - 1)
            {
                flags |= _books[BitOperations.TrailingZeroCount(left)].Validity & ValidityFlags.PartialDepth;
            }

            bool hasBid = TryBest(Side.Bid, out var bid);
            bool hasAsk = TryBest(Side.Ask, out var ask);
            if (!hasBid || !hasAsk)
            {
                return flags | (hasBid == hasAsk ? ValidityFlags.Empty : ValidityFlags.OneSided);
            }

            return bid.Price < ask.Price ? flags
                : flags | (bid.Price == ask.Price ? ValidityFlags.Locked : ValidityFlags.Crossed);
        }
    }

    /// <summary>The best level of all clean members.</summary>
    /// <returns>False when there is none.</returns>
    [Hot]
    public bool TryBest(Side side, out ConsolidatedLevel best)
    {
        Span<ConsolidatedLevel> one = stackalloc ConsolidatedLevel[1];
        bool found = Read(side, one) != 0;
        best = one[0];
        return found;
    }

    /// <summary>Writes the best levels of a side, best first.</summary>
    /// <returns>Levels written: fewer than there is room for when there are no more.</returns>
    [Hot]
    public int Read(Side side, Span<ConsolidatedLevel> levels)
    {
        uint left = Begin(side);
        var written = 0;
        while (written < levels.Length && left != 0)
        {
            levels[written++] = Next(side, ref left);
        }

        return written;
    }

    /// <summary>Lots from the best price to <paramref name="units"/> worse, both counted; saturates.</summary>
    [Hot]
    public long LotsWithin(Side side, long units)
    {
        uint left = Begin(side);
        long lots = 0;
        long end = 0;
        bool isFirst = true;
        while (left != 0)
        {
            var level = Next(side, ref left);
            if (isFirst)
            {
                end = side == Side.Bid ? level.Price - units : level.Price + units;
                isFirst = false;
            }

            if (side == Side.Bid ? level.Price < end : level.Price > end)
            {
                break;
            }

            lots = Sum(lots, level.Lots);
        }

        return lots;
    }

    private static (DecimalScale Unit, long[] Factors) CommonUnit(DecimalScale[] units)
    {
        sbyte exponent = units.Min(unit => unit.Exponent);
        var factors = new long[units.Length];
        long divisor = 0;
        for (var i = 0; i < units.Length; i++)
        {
            if (units[i].Mantissa <= 0)
            {
                throw new ArgumentException($"a unit of {units[i]} is worth nothing");
            }

            var value = BigInteger.Pow(10, units[i].Exponent - exponent) * units[i].Mantissa;
            if (value > long.MaxValue)
            {
                throw new ArgumentException($"{units[i]} and 1e{exponent} are too far apart");
            }

            factors[i] = (long)value;
            divisor = (long)BigInteger.GreatestCommonDivisor(divisor, value);
        }

        return (new DecimalScale(divisor, exponent), [.. factors.Select(factor => factor / divisor)]);
    }

    private static long Sum(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;

    /// <summary>Goes to the best level of each clean member.</summary>
    /// <returns>Members with levels.</returns>
    private uint Begin(Side side)
    {
        uint left = 0;
        if (side is not (Side.Bid or Side.Ask))
        {
            return left;
        }

        for (uint clean = CleanMembers; clean != 0; clean &= clean - 1)
        {
            int member = BitOperations.TrailingZeroCount(clean);
            _ranks[member] = 0;
            left |= Look(side, member) ? 1u << member : 0;
        }

        return left;
    }

    /// <summary>The best level of those that are left; its members go on to their next.</summary>
    private ConsolidatedLevel Next(Side side, ref uint left)
    {
        long price = side == Side.Bid ? long.MinValue : long.MaxValue;
        for (uint members = left; members != 0; members &= members - 1)
        {
            long other = _prices[BitOperations.TrailingZeroCount(members)];
            price = side == Side.Bid ? Math.Max(price, other) : Math.Min(price, other);
        }

        long lots = 0;
        uint holders = 0;
        for (uint members = left; members != 0; members &= members - 1)
        {
            int member = BitOperations.TrailingZeroCount(members);
            while (_prices[member] == price && (left >> member & 1) != 0)
            {
                // Fees and rounding may bring several of its prices to one.
                lots = Sum(lots, LotsOf(side, member));
                holders |= 1u << member;
                _ranks[member]++;
                left &= Look(side, member) ? uint.MaxValue : ~(1u << member);
            }
        }

        return new ConsolidatedLevel(price, lots, holders);
    }

    private bool Look(Side side, int member)
    {
        var levels = side == Side.Bid ? _books[member].Bids : _books[member].Asks;
        if (_ranks[member] >= levels.Count)
        {
            return false;
        }

        _prices[member] = NetPrice(side, member, levels[_ranks[member]].Price);
        return true;
    }

    private long LotsOf(Side side, int member)
    {
        var levels = side == Side.Bid ? _books[member].Bids : _books[member].Asks;
        long high = Math.BigMul(levels[_ranks[member]].Lots, _lotFactors[member], out long low);
        return high == 0 && low >= 0 ? low : long.MaxValue;
    }

    private long NetPrice(Side side, int member, long price)
    {
        var gross = (Int128)price * _priceFactors[member];
        if (_fees[member] != 0)
        {
            var paid = Int128.Abs(gross) * _fees[member];
            var (fee, rest) = Int128.DivRem(paid, Whole);

            // Against the taker: a fee is rounded up, a rebate towards nothing.
            fee += rest > 0 ? 1 : 0;
            gross += side == Side.Bid ? -fee : fee;
        }

        return (long)Int128.Clamp(gross, -FarPrice, FarPrice);
    }
}

using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>Lots that are closed by force once the price gets there.</summary>
/// <param name="Price">Quanta.</param>
/// <param name="Lots">Lots, not whole where they are estimated.</param>
public readonly record struct LiquidationLevel(long Price, double Lots);

/// <summary>How new positions are levered: L5's guess. Immutable.</summary>
public sealed class LeverageMix
{
    private readonly double[] _leverages;
    private readonly double[] _shares;

    /// <summary>A mix.</summary>
    /// <param name="version">Which one.</param>
    /// <param name="maintenance">mmr, a fraction.</param>
    /// <param name="leverages">Each above 1.</param>
    /// <param name="shares">As many, adding up to 1.</param>
    public LeverageMix(
        long version, double maintenance, ReadOnlySpan<double> leverages, ReadOnlySpan<double> shares)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(shares.Length, leverages.Length);
        Version = version;
        Maintenance = maintenance;
        _leverages = leverages.ToArray();
        _shares = shares.ToArray();
    }

    /// <summary>5x 20 %, 10x 30 %, 20x 25 %, 50x 15 %, 100x 10 %, at 0.5 % maintenance.</summary>
    public static LeverageMix Default => new(0, 0.005, [5, 10, 20, 50, 100], [0.20, 0.30, 0.25, 0.15, 0.10]);

    /// <summary>Which one.</summary>
    public long Version { get; }

    /// <summary>mmr.</summary>
    public double Maintenance { get; }

    /// <summary>Leverages.</summary>
    public ReadOnlySpan<double> Leverages => _leverages;

    /// <summary>Share of each.</summary>
    public ReadOnlySpan<double> Shares => _shares;
}

/// <summary>
/// L5's map: lots that would be closed by force, by price, longs below and shorts above, in buckets. New open interest
/// spreads over the mix's liquidation prices, half of it long and half short by what a contract is: both maps get its
/// lots. A fall of open interest thins all; a price that goes through a bucket empties it. An estimate, unless exact
/// positions were loaded; <see cref="CascadeScore"/> says how good.
/// <code>
///   longs  .:|: :|||:.          price          .:||:. :|:  shorts     bucket = floor(price / width), longs told at
///   ├──────────────────────────────┼──────────────────────────────┤    its lower edge, shorts at its upper one
/// </code>
/// </summary>
public sealed class LiquidationMap
{
    private const double LeastScale = 1e-100;
    private const double LeastLots = 1e-9;

    private readonly double[] _longs;
    private readonly double[] _shorts;
    private long _base;
    private long _width;
    private double _scale = 1;
    private int _highestLong = -1;
    private int _lowestShort;

    /// <summary>Empty.</summary>
    /// <param name="lowestPrice">Quanta of the first bucket's lower edge.</param>
    /// <param name="bucketQuanta">Width of a bucket.</param>
    /// <param name="buckets">How many.</param>
    public LiquidationMap(long lowestPrice, long bucketQuanta, int buckets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bucketQuanta, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 1);
        _base = lowestPrice;
        _width = bucketQuanta;
        _longs = new double[buckets];
        _shorts = new double[buckets];
        _lowestShort = buckets;
    }

    /// <summary>Lots whose price lay outside the buckets, since the start.</summary>
    public double OutsideLots { get; private set; }

    /// <summary>Empties the map and lays its buckets anew: for a first price, or one that ran off the map.</summary>
    /// <param name="lowestPrice">Quanta of the first bucket's lower edge.</param>
    /// <param name="bucketQuanta">Width of a bucket, at least 1.</param>
    [Hot]
    public void Start(long lowestPrice, long bucketQuanta)
    {
        _base = lowestPrice;
        _width = Math.Max(1, bucketQuanta);
        Array.Clear(_longs);
        Array.Clear(_shorts);
        _scale = 1;
        _highestLong = -1;
        _lowestShort = _shorts.Length;
    }

    /// <summary>A change of open interest at a price.</summary>
    /// <param name="change">Lots.</param>
    /// <param name="openInterestBefore">Lots there were.</param>
    /// <param name="price">Where it was traded, quanta.</param>
    /// <param name="mix">How new positions are levered.</param>
    /// <param name="isInverse">Whether the contract pays in its base.</param>
    [Hot]
    public void AddOpenInterest(
        long change, long openInterestBefore, long price, LeverageMix mix, bool isInverse = false)
    {
        if (change < 0)
        {
            Thin(openInterestBefore > 0 ? 1 + (double)change / openInterestBefore : 0);
            return;
        }

        ReadOnlySpan<double> leverages = mix.Leverages;
        ReadOnlySpan<double> shares = mix.Shares;
        for (int i = 0; i < leverages.Length; i++)
        {
            double lots = change * shares[i];
            double mmr = mix.Maintenance;
            AddLong(isInverse
                ? LiquidationPrice.InverseLong(price, leverages[i], mmr)
                : LiquidationPrice.Long(price, leverages[i], mmr), lots);
            AddShort(isInverse
                ? LiquidationPrice.InverseShort(price, leverages[i], mmr)
                : LiquidationPrice.Short(price, leverages[i], mmr), lots);
        }
    }

    /// <summary>Long lots that are closed at a price, known or guessed.</summary>
    [Hot]
    public void AddLong(double price, double lots)
    {
        double bucket = Math.Floor((price - _base) / _width);
        if (bucket >= 0 && bucket < _longs.Length)
        {
            _longs[(int)bucket] += lots / _scale;
            _highestLong = Math.Max(_highestLong, (int)bucket);
        }
        else
        {
            OutsideLots += lots;
        }
    }

    /// <summary>Short lots that are closed at a price, known or guessed.</summary>
    [Hot]
    public void AddShort(double price, double lots)
    {
        // Told at the upper edge, as longs are at the lower: what the mirror of a price does.
        double bucket = Math.Ceiling((price - _base) / _width) - 1;
        if (bucket >= 0 && bucket < _shorts.Length)
        {
            _shorts[(int)bucket] += lots / _scale;
            _lowestShort = Math.Min(_lowestShort, (int)bucket);
        }
        else
        {
            OutsideLots += lots;
        }
    }

    /// <summary>The price got as far as this: what lay on the way is gone.</summary>
    /// <param name="price">Of a trade, or the mark price, quanta.</param>
    /// <param name="score">Receives what was to be closed there, or none.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <returns>Lots emptied. O(1) unless buckets were passed.</returns>
    [Hot]
    public double PassPrice(long price, CascadeScore? score, long nowNs)
    {
        double emptied = 0;
        while (_highestLong >= 0 && LongPrice(_highestLong) >= price)
        {
            double lots = _longs[_highestLong] * _scale;
            emptied += lots;
            _longs[_highestLong] = 0;
            score?.Predict(LongPrice(_highestLong), lots, nowNs);
            _highestLong--;
        }

        while (_lowestShort < _shorts.Length && ShortPrice(_lowestShort) <= price)
        {
            double lots = _shorts[_lowestShort] * _scale;
            emptied += lots;
            _shorts[_lowestShort] = 0;
            score?.Predict(ShortPrice(_lowestShort), lots, nowNs);
            _lowestShort++;
        }

        return emptied;
    }

    /// <summary>Buckets with long lots, from the highest price down.</summary>
    /// <returns>Levels written: fewer than there is room for when there are no more.</returns>
    [Hot]
    public int ReadLongs(Span<LiquidationLevel> levels)
    {
        int written = 0;
        for (int i = _highestLong; i >= 0 && written < levels.Length; i--)
        {
            double lots = _longs[i] * _scale;
            if (lots > LeastLots)
            {
                levels[written++] = new LiquidationLevel(LongPrice(i), lots);
            }
        }

        return written;
    }

    /// <summary>Buckets with short lots, from the lowest price up.</summary>
    /// <returns>Levels written: fewer than there is room for when there are no more.</returns>
    [Hot]
    public int ReadShorts(Span<LiquidationLevel> levels)
    {
        int written = 0;
        for (int i = _lowestShort; i < _shorts.Length && written < levels.Length; i++)
        {
            double lots = _shorts[i] * _scale;
            if (lots > LeastLots)
            {
                levels[written++] = new LiquidationLevel(ShortPrice(i), lots);
            }
        }

        return written;
    }

    private long LongPrice(int bucket) => _base + bucket * _width;

    private long ShortPrice(int bucket) => _base + (bucket + 1) * _width;

    // One factor for all buckets, until it would lose digits.
    private void Thin(double kept)
    {
        _scale *= Math.Max(0, kept);
        if (_scale > LeastScale)
        {
            return;
        }

        for (int i = 0; i < _longs.Length; i++)
        {
            _longs[i] *= _scale;
            _shorts[i] *= _scale;
        }

        _scale = 1;
    }
}

using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>What slow work finds out about an instrument. The numbers are the journal's: only ever appended.</summary>
public enum ParameterKind : byte
{
    /// <summary>Not a parameter.</summary>
    None = 0,

    /// <summary>Weights of the levels (F3): one for each of the 10.</summary>
    OfiWeights = 1,

    /// <summary>Microprice table (B5): adjustment of each state in quanta, then visits of each.</summary>
    Microprice = 2,

    /// <summary>Coefficients of the queue imbalance (B6): b0, b1.</summary>
    QueueImbalance = 3,

    /// <summary>Self-excitation of sells (L2): μ, α, β, all 1/s.</summary>
    SellHawkes = 4,

    /// <summary>Self-excitation of buys (L2): the same.</summary>
    BuyHawkes = 5,

    /// <summary>Lots of a day (F7, F11): one value, above 0.</summary>
    DayVolume = 6,

    /// <summary>Seasonal factors of volume (F11): one for each hour of the week.</summary>
    VolumeSeason = 7,

    /// <summary>Seasonal factors of volatility (F11): the same.</summary>
    VolatilitySeason = 8,

    /// <summary>Impact kernel (M8): g_k of each decay time of <see cref="KernelGrid"/>, quanta for a root lot, what
    /// never fades, and the share that is explained.</summary>
    ImpactKernel = 9,

    /// <summary>Self-excitation of the newest quarter of the sells (L2 at its second scale): μ, α, β.</summary>
    RecentSellHawkes = 10,

    /// <summary>The same of buys.</summary>
    RecentBuyHawkes = 11,

    /// <summary>Correlation of the score's legs (F9): of leg 1 with 0, of 2 with 0 and 1, and so on.</summary>
    LegCorrelation = 12,
}

/// <summary>
/// What slow work found out about an instrument and the signals run on, each with its version: 0 means never, and what
/// is read then is the cold start. All tables are taken at construction; <see cref="Apply"/> fills them in place.
/// Engine thread only.
/// </summary>
public sealed class SetParameters
{
    /// <summary>Imbalance buckets of the microprice table.</summary>
    public const int MicropriceBuckets = 10;

    /// <summary>Spreads it tells apart, ticks.</summary>
    public const int MicropriceSpreads = 3;

    /// <summary>Most values of any kind.</summary>
    public const int MostValues = SeasonalFactors.Hours;

    /// <summary>The kind of the greatest number.</summary>
    public const ParameterKind LastKind = ParameterKind.LegCorrelation;

    private const int MicropriceStates = MicropriceBuckets * MicropriceSpreads;
    private const int Kinds = (int)LastKind + 1;
    private const int LegPairs = PerLeg.Count * (PerLeg.Count - 1) / 2;
    private const double MostVisits = 1L << 53;

    private readonly uint[] _versions = new uint[Kinds];
    private readonly MicropriceTable _microprice;
    private readonly SeasonalFactors _volumeSeason = SeasonalFactors.Flat();
    private readonly SeasonalFactors _volatilitySeason = SeasonalFactors.Flat();
    private readonly double[] _legCorrelation = new double[PerLeg.Count * PerLeg.Count];
    private ImpactKernel _impactKernel;
    private OfiWeights _ofiWeights = OfiWeights.Equal(OfiLevels.Count);

    /// <summary>Nothing found yet.</summary>
    /// <param name="tickQuanta">Of the instrument.</param>
    public SetParameters(long tickQuanta)
    {
        _microprice = new MicropriceTable(
            0,
            MicropriceBuckets,
            MicropriceSpreads,
            tickQuanta,
            new double[MicropriceStates],
            new long[MicropriceStates]);
    }

    /// <summary>F3's weights; equal ones before the first fit.</summary>
    public ref readonly OfiWeights OfiWeights => ref _ofiWeights;

    /// <summary>B5's table, or null before the first fit.</summary>
    public MicropriceTable? Microprice => _microprice.Version > 0 ? _microprice : null;

    /// <summary>B6's coefficients; the default ones, of version 0, before the first fit.</summary>
    public QueueWeights QueueImbalance { get; private set; } = QueueWeights.Default;

    /// <summary>L2's parameters of sells; all 0, and so is the version, before the first fit.</summary>
    public HawkesParameters SellHawkes { get; private set; }

    /// <summary>L2's parameters of buys; the same.</summary>
    public HawkesParameters BuyHawkes { get; private set; }

    /// <summary>Lots of a day; 0 before a whole day was watched.</summary>
    public double DayLots { get; private set; }

    /// <summary>Seasonal factors of volume; all 1, of version 0, before the first fit.</summary>
    public SeasonalFactors VolumeSeason => _volumeSeason;

    /// <summary>Seasonal factors of volatility; the same.</summary>
    public SeasonalFactors VolatilitySeason => _volatilitySeason;

    /// <summary>M8's fitted kernel; all 0, and so is the version, before the first fit.</summary>
    public ref readonly ImpactKernel ImpactKernel => ref _impactKernel;

    /// <summary>L2's parameters of the newest quarter of the sells; all 0 before the first fit.</summary>
    public HawkesParameters RecentSellHawkes { get; private set; }

    /// <summary>The same of buys.</summary>
    public HawkesParameters RecentBuyHawkes { get; private set; }

    /// <summary>F9's correlation of the legs, seven by seven, row after row; all 0 before the first fit.</summary>
    public ReadOnlySpan<double> LegCorrelation => _legCorrelation;

    /// <summary>Values of a kind; 0 for one that is not known.</summary>
    [Hot]
    public static int CountOf(ParameterKind kind) => kind switch
    {
        ParameterKind.OfiWeights => OfiLevels.Count,
        ParameterKind.Microprice => 2 * MicropriceStates,
        ParameterKind.QueueImbalance => 2,
        ParameterKind.SellHawkes or ParameterKind.BuyHawkes => 3,
        ParameterKind.RecentSellHawkes or ParameterKind.RecentBuyHawkes => 3,
        ParameterKind.ImpactKernel => KernelGrid.Terms + 2,
        ParameterKind.LegCorrelation => LegPairs,
        ParameterKind.DayVolume => 1,
        ParameterKind.VolumeSeason or ParameterKind.VolatilitySeason => SeasonalFactors.Hours,
        _ => 0,
    };

    /// <summary>The version in force; 0 before the first and for a kind that is not known.</summary>
    [Hot]
    public uint VersionOf(ParameterKind kind) => (uint)kind < Kinds ? _versions[(int)kind] : 0;

    /// <summary>Puts values in force, all or none of them. O(values), nothing is allocated.</summary>
    /// <param name="kind">What they are.</param>
    /// <param name="version">Above the one in force.</param>
    /// <param name="values">As many as the kind has, in its order.</param>
    /// <returns>False, and nothing is changed, for an unknown kind, another number of values, a version that is not
    /// newer, and values that are not finite or out of range.</returns>
    [Hot]
    public bool Apply(ParameterKind kind, uint version, ReadOnlySpan<double> values)
    {
        if (values.Length == 0 || values.Length != CountOf(kind) || version <= VersionOf(kind)
            || !AreSound(kind, values))
        {
            return false;
        }

        _versions[(int)kind] = version;
        switch (kind)
        {
            case ParameterKind.OfiWeights:
                PerLevel weights = default;
                values.CopyTo(weights);
                _ofiWeights = new OfiWeights(version, OfiLevels.Count, weights);
                break;
            case ParameterKind.Microprice:
                _microprice.Load(version, values[..MicropriceStates], values[MicropriceStates..]);
                break;
            case ParameterKind.QueueImbalance:
                QueueImbalance = new QueueWeights(version, values[0], values[1]);
                break;
            case ParameterKind.SellHawkes:
                SellHawkes = HawkesOf(version, values);
                break;
            case ParameterKind.BuyHawkes:
                BuyHawkes = HawkesOf(version, values);
                break;
            case ParameterKind.RecentSellHawkes:
                RecentSellHawkes = HawkesOf(version, values);
                break;
            case ParameterKind.RecentBuyHawkes:
                RecentBuyHawkes = HawkesOf(version, values);
                break;
            case ParameterKind.ImpactKernel:
                PerKernelTerm kernel = default;
                values[..KernelGrid.Terms].CopyTo(kernel);
                _impactKernel = new ImpactKernel(version, kernel, values[^2], values[^1]);
                break;
            case ParameterKind.LegCorrelation:
                LoadCorrelation(values);
                break;
            case ParameterKind.DayVolume:
                DayLots = values[0];
                break;
            case ParameterKind.VolumeSeason:
                _volumeSeason.Load(version, values);
                break;
            case ParameterKind.VolatilitySeason:
                _volatilitySeason.Load(version, values);
                break;
            default:
                break;
        }

        return true;
    }

    // Lower triangle to the whole matrix.
    private void LoadCorrelation(ReadOnlySpan<double> pairs)
    {
        int next = 0;
        for (int i = 0; i < PerLeg.Count; i++)
        {
            _legCorrelation[i * PerLeg.Count + i] = 1;
            for (int j = 0; j < i; j++)
            {
                _legCorrelation[i * PerLeg.Count + j] = pairs[next];
                _legCorrelation[j * PerLeg.Count + i] = pairs[next++];
            }
        }
    }

    private static HawkesParameters HawkesOf(uint version, ReadOnlySpan<double> values) =>
        new(version, values[0], values[1], values[2]);

    private static bool AreSound(ParameterKind kind, ReadOnlySpan<double> values)
    {
        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                return false;
            }
        }

        return kind switch
        {
            ParameterKind.Microprice => AreWithin(values[MicropriceStates..], 0, MostVisits),
            ParameterKind.SellHawkes or ParameterKind.BuyHawkes
                or ParameterKind.RecentSellHawkes or ParameterKind.RecentBuyHawkes =>
                AreWithin(values, 0, double.MaxValue) && values[^1] > 0,
            ParameterKind.ImpactKernel =>
                AreWithin(values, 0, double.MaxValue) && values[^1] <= 1,
            ParameterKind.LegCorrelation => AreWithin(values, -1, 1),
            ParameterKind.DayVolume => values[0] > 0,
            ParameterKind.VolumeSeason or ParameterKind.VolatilitySeason => AreWithin(values, 0, double.MaxValue),
            _ => true,
        };
    }

    private static bool AreWithin(ReadOnlySpan<double> values, double least, double most)
    {
        foreach (double value in values)
        {
            if (!(value >= least && value <= most))
            {
                return false;
            }
        }

        return true;
    }
}

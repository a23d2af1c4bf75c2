using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>What trades alone say: toxicity (F7), intensity (F8), price of volume (M3), impact left (M8). Engine thread
/// only.</summary>
public struct TradeGroup
{
    private const long NsPerSecond = 1_000_000_000;
    private const double MinutesPerDay = 1440;
    private const double KernelExponent = 0.5;

    private readonly Vpin _vpin;
    private readonly double _bucketMinutes;
    private TradeIntensity _intensity = new(HalfLifeOf(1), HalfLifeOf(10), HalfLifeOf(60));
    private KyleLambda _kyle;
    private TransientImpact _transient;
    private bool _hasVolume;

    /// <summary>Nothing traded yet.</summary>
    public TradeGroup(SetOptions options)
    {
        _vpin = new Vpin(options.VpinBuckets, 1);
        _bucketMinutes = MinutesPerDay / options.VpinBuckets;
        _kyle = new KyleLambda(new HalfLife(options.KyleHalfLifeSeconds * NsPerSecond).Lost(NsPerSecond));
        _transient = new TransientImpact(
            PropagatorKernel.PowerLaw(0, ImpactShape.SquareRoot, 1, KernelExponent, startSeconds: 1));
    }

    /// <summary>M8 for a scale of 1: a copy, to read on from.</summary>
    public readonly TransientImpact Transient => _transient;

    /// <summary>A print of the continuous market.</summary>
    [Hot]
    public void Trade(int sign, long lots, long nowNs)
    {
        _intensity.Add(sign, lots, nowNs);
        _kyle.Trade(sign, lots);
        _transient.Trade(sign, lots, nowNs);
        if (_hasVolume)
        {
            _vpin.Trade(sign, lots);
        }
    }

    /// <summary>Forgets the running interval: nothing of a start is a move.</summary>
    [Hot]
    public void Restart() => _kyle.Reset();

    /// <summary>Ends a second.</summary>
    /// <param name="mid2">Twice the mid; 0 or less where there is none.</param>
    /// <param name="minuteLots">Mean lots of a minute; 0 while not known.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    [Hot]
    public void CloseSecond(long mid2, double minuteLots, long nowNs)
    {
        _intensity.Start(nowNs);
        if (mid2 > 0)
        {
            _kyle.Close(mid2);
        }
        else
        {
            _kyle.Reset();
        }

        if (minuteLots > 0 && _hasVolume)
        {
            _vpin.SetBucketLots(minuteLots * _bucketMinutes);
        }
        else if (minuteLots > 0)
        {
            _vpin.Start(minuteLots * _bucketMinutes);
            _hasVolume = true;
        }
    }

    /// <summary>Everything as of <paramref name="nowNs"/>.</summary>
    [Hot]
    public readonly ValidityFlags Read(long nowNs, ref EstimateValues values)
    {
        ValidityFlags flags = _vpin.Read(out values.Vpin) | _intensity.Read(nowNs, out values.Intensity);
        values.VpinRank = _vpin.Rank;
        values.VpinRanked = _vpin.Ranked;
        values.VpinBucketLots = _hasVolume ? _vpin.BucketLots : 0;
        values.Kyle = _kyle.Fit;
        values.TransientLoad = _transient.At(nowNs);
        return flags | values.Kyle.Flags;
    }

    private static HalfLife HalfLifeOf(double tauSeconds) => new((long)(tauSeconds * NsPerSecond * Elementary.Ln2));
}

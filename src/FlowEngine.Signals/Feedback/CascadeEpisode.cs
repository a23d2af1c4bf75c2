using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>What says that a cascade has run out (L8).</summary>
[Flags]
public enum ExhaustionCues : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Forced lots a second are below a quarter of their peak.</summary>
    RateFell = 1 << 0,

    /// <summary>Makers refill faster than takers take (B8).</summary>
    Refilling = 1 << 1,

    /// <summary>Makers no longer leave both sides (B9).</summary>
    MakersBack = 1 << 2,

    /// <summary>The basis is coming back from its extreme (L7).</summary>
    BasisTurning = 1 << 3,

    /// <summary>The loop gain is below 0.7 (L6).</summary>
    LoopOpen = 1 << 4,
}

/// <summary>What the cues are read from.</summary>
/// <param name="LotsPerSecond">Forced, on the episode's side (L1).</param>
/// <param name="RefillRatio">RR of the side that is hit (B8).</param>
/// <param name="BothSides">W_mm (B9).</param>
/// <param name="BasisBps">L7; 0 where it is not known.</param>
/// <param name="LoopGain">L6.</param>
public readonly record struct EpisodeInputs(
    double LotsPerSecond, double RefillRatio, double BothSides, double BasisBps, double LoopGain);

/// <summary>One cascade from its start. For learning what leverage mix (L5) fits.</summary>
public struct EpisodeRecord
{
    /// <summary>When it began and ended; the end is 0 while it runs.</summary>
    public long StartNs;

    /// <summary>See <see cref="StartNs"/>.</summary>
    public long EndNs;

    /// <summary>When the price was furthest.</summary>
    public long ExtremeNs;

    /// <summary>When half of the way was made good, 0 while it was not.</summary>
    public long HalfBackNs;

    /// <summary>-1 longs were closed, 1 shorts.</summary>
    public int Sign;

    /// <summary>Greatest forced lots a second.</summary>
    public double PeakRate;

    /// <summary>Forced lots that were seen.</summary>
    public long LowerLots;

    /// <summary>Forced lots that there may have been (L1).</summary>
    public long UpperLots;

    /// <summary>Twice the mid at the start.</summary>
    public long StartMid2;

    /// <summary>Twice the mid where it was furthest.</summary>
    public long ExtremeMid2;

    /// <summary>How far the mid went, basis points of the start, + along the cascade.</summary>
    public readonly double DropBps => Spread.Bps(Sign * ((double)ExtremeMid2 - StartMid2) / 2, StartMid2);

    /// <summary>From the extreme to half of the way back, ns; 0 while it was not made good.</summary>
    public readonly long RecoveryHalfLifeNs => HalfBackNs > 0 ? HalfBackNs - ExtremeNs : 0;
}

/// <summary>
/// L8: acceleration, fast over slow forced lots a second (5 s over 60 s by default), and one episode with its cues for
/// having run out.
/// </summary>
public struct CascadeEpisode
{
    private const double QuietShare = 0.25;
    private const double OpenGain = 0.7;

    private DecayedRate _fast;
    private DecayedRate _slow;
    private EpisodeRecord _record;
    private double _extremeBasis;

    /// <summary>No episode.</summary>
    public CascadeEpisode(HalfLife fast, HalfLife slow)
    {
        _fast = new DecayedRate(fast);
        _slow = new DecayedRate(slow);
    }

    /// <summary>The running episode, or the last one.</summary>
    public readonly EpisodeRecord Record => _record;

    /// <summary>Whether one runs.</summary>
    public readonly bool IsOpen => _record.StartNs > 0 && _record.EndNs == 0;

    /// <summary>A forced trade.</summary>
    /// <param name="sign">-1 sold, 1 bought.</param>
    /// <param name="lots">Lots.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    [Hot]
    public void Liquidated(int sign, long lots, long nowNs)
    {
        _fast.Add(lots, nowNs);
        _slow.Add(lots, nowNs);
        if (IsOpen && sign == _record.Sign)
        {
            _record.LowerLots = Saturating.Add(_record.LowerLots, lots);
            _record.UpperLots = Math.Max(_record.UpperLots, _record.LowerLots);
        }
    }

    /// <summary>Begins an episode: when the regime (L9) turns CASCADING.</summary>
    [Hot]
    public void Begin(int sign, long mid2, long nowNs)
    {
        _record = new EpisodeRecord
        {
            StartNs = nowNs,
            ExtremeNs = nowNs,
            Sign = sign,
            StartMid2 = mid2,
            ExtremeMid2 = mid2,
        };
        _extremeBasis = 0;
    }

    /// <summary>Widens the upper bound of the forced lots (<see cref="LiquidationBounds"/>).</summary>
    [Hot]
    public void AllowFor(long upperLots) => _record.UpperLots = Math.Max(_record.UpperLots, upperLots);

    /// <summary>Follows price and cues, at 100 ms timers.</summary>
    /// <param name="mid2">Twice the mid; 0 or less where there is none.</param>
    /// <param name="inputs">What cues are read from.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <returns>The cues that show; none without an episode.</returns>
    [Hot]
    public ExhaustionCues Follow(long mid2, in EpisodeInputs inputs, long nowNs)
    {
        if (_record.StartNs == 0)
        {
            return ExhaustionCues.None;
        }

        FollowPrice(mid2, nowNs);
        if (!IsOpen)
        {
            return ExhaustionCues.None;
        }

        _record.PeakRate = Math.Max(_record.PeakRate, inputs.LotsPerSecond);
        double basis = _record.Sign * inputs.BasisBps;
        _extremeBasis = Math.Max(_extremeBasis, basis);
        return (inputs.LotsPerSecond < QuietShare * _record.PeakRate ? ExhaustionCues.RateFell : ExhaustionCues.None)
            | (inputs.RefillRatio > 1 ? ExhaustionCues.Refilling : ExhaustionCues.None)
            | (inputs.BothSides < 0 ? ExhaustionCues.MakersBack : ExhaustionCues.None)
            | (basis < _extremeBasis ? ExhaustionCues.BasisTurning : ExhaustionCues.None)
            | (inputs.LoopGain < OpenGain ? ExhaustionCues.LoopOpen : ExhaustionCues.None);
    }

    /// <summary>Ends the episode: when the regime leaves CASCADING and EXHAUSTED. Its recovery is followed
    /// on.</summary>
    [Hot]
    public void End(long nowNs) => _record.EndNs = IsOpen ? nowNs : _record.EndNs;

    /// <summary>Fast over slow forced lots a second as of <paramref name="nowNs"/>.</summary>
    /// <returns>LowSamples, and 0, where there were none.</returns>
    [Hot]
    public readonly ValidityFlags ReadAcceleration(long nowNs, out double acceleration)
    {
        double slow = _slow.Raw(nowNs);
        acceleration = slow > 0 ? _fast.Raw(nowNs) / slow : 0;
        return slow > 0 ? ValidityFlags.None : ValidityFlags.LowSamples;
    }

    private void FollowPrice(long mid2, long nowNs)
    {
        if (mid2 <= 0)
        {
            return;
        }

        long way = _record.Sign * (mid2 - _record.StartMid2);
        long most = _record.Sign * (_record.ExtremeMid2 - _record.StartMid2);
        if (way > most && IsOpen)
        {
            _record.ExtremeMid2 = mid2;
            _record.ExtremeNs = nowNs;
            _record.HalfBackNs = 0;
        }
        else if (most > 0 && _record.HalfBackNs == 0 && 2 * way <= most)
        {
            _record.HalfBackNs = nowNs;
        }
    }
}

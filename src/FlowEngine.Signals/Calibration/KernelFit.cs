using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// Fits M8: the g_k ≥ 0 for which Σ g_k × (load_k's change) explains the moves of the mid, over the decay times of <see
/// cref="KernelGrid"/> and, beside them, for what never fades: without it the slowest term would take in all that is
/// permanent. An interval ends with the first touch that comes 100 ms after it began, right before it, so no
/// trade is parted from what it did at once. Half is forgotten in half an hour. Slow work, except taking samples.
/// </summary>
public sealed class KernelFit
{
    /// <summary>Least intervals in which the price or a load moved.</summary>
    public const int LeastIntervals = 300;

    private const long StepNs = 100_000_000;
    private const long MemoryNs = 1800L * 1_000_000_000;
    private const double Half = 0.5;

    private readonly NonNegativeFit _fit = new(KernelGrid.Terms + 1);
    private readonly HalfLife _memory = new(MemoryNs);
    private readonly double[] _change = new double[KernelGrid.Terms + 1];
    private TransientImpact _loads = new(KernelGrid.Unit());
    private TransientImpact _before = new(KernelGrid.Unit());
    private PerKernelTerm _start;
    private double _roots;
    private double _rootsBefore;
    private double _startRoots;
    private long _startNs;
    private long _startMid2;
    private long _mid2;
    private long _tradeNs;
    private bool _isOpen;

    /// <summary>Intervals taken since the start.</summary>
    public long Intervals { get; private set; }

    /// <summary>Lots of a venue event: all of a side are one order. Never before what came last.</summary>
    [Hot]
    public void Trade(long boughtLots, long soldLots, long nowNs)
    {
        if (nowNs != _tradeNs)
        {
            _before = _loads;
            _rootsBefore = _roots;
            _tradeNs = nowNs;
        }

        _roots += Math.Sqrt(boughtLots) - Math.Sqrt(soldLots);

        _loads.Trade(boughtLots > 0 ? 1 : 0, boughtLots, nowNs);
        _loads.Trade(soldLots > 0 ? -1 : 0, soldLots, nowNs);
    }

    /// <summary>Another touch.</summary>
    /// <param name="mid2">Twice the mid; 0 or less where there is none.</param>
    /// <param name="follows">False for one that does not follow from the last: what came between is not
    /// known.</param>
    /// <param name="nowNs">Never before what came last.</param>
    [Hot]
    public void Touch(long mid2, bool follows, long nowNs)
    {
        if (!follows || mid2 <= 0 || _mid2 <= 0)
        {
            _isOpen = false;
        }
        else if (_isOpen && nowNs - _startNs >= StepNs)
        {
            Close(nowNs);
        }

        if (!_isOpen && mid2 > 0)
        {
            // The first of a chain begins after it, as the mid before it is not known.
            Begin(nowNs, follows && _mid2 > 0 ? _mid2 : mid2, isBefore: follows && _mid2 > 0);
        }

        _mid2 = mid2;
    }

    /// <summary>The kernel.</summary>
    public ImpactKernel Solve(long version)
    {
        double[] found = new double[KernelGrid.Terms + 1];
        double explained = _fit.Solve(found);
        PerKernelTerm weights = default;
        found.AsSpan(0, KernelGrid.Terms).CopyTo(weights);
        return new ImpactKernel(version, weights, found[^1], explained);
    }

    private void Begin(long nowNs, long mid2, bool isBefore)
    {
        _isOpen = true;
        _startNs = nowNs;
        _startMid2 = mid2;
        _startRoots = LoadsAt(nowNs, isBefore, _start);
    }

    private void Close(long nowNs)
    {
        PerKernelTerm end = default;
        double roots = LoadsAt(nowNs, isBefore: true, end);
        double move = (_mid2 - _startMid2) * Half;
        _change[KernelGrid.Terms] = roots - _startRoots;
        bool isStill = move == 0 && roots == _startRoots;
        for (int k = 0; k < KernelGrid.Terms; k++)
        {
            _change[k] = end[k] - _start[k];
            isStill &= _change[k] == 0;
        }

        if (!isStill)
        {
            _fit.Add(_change, move, _memory.Factor(nowNs - _startNs));
            Intervals++;
        }

        (_start, _startRoots) = (end, roots);
        _startNs = nowNs;
        _startMid2 = _mid2;
    }

    // Right before what happened at this time, or with it; and the signed roots of all lots so far.
    private double LoadsAt(long nowNs, bool isBefore, Span<double> loads)
    {
        if (isBefore && nowNs == _tradeNs)
        {
            _before.Loads(nowNs, loads);
            return _rootsBefore;
        }

        _loads.Loads(nowNs, loads);
        return _roots;
    }
}

using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// Fits B6: logistic regression of the sign of the mid's next move on the queue imbalance right after the move before,
/// one sample a move. b0 is held at 0, which forces symmetry. Newton's method. Slow work, except taking samples.
/// </summary>
public sealed class QueueImbalanceFit
{
    private const int StepsMax = 50;
    private const double Settled = 1e-12;

    // Where all samples agree the likelihood grows for ever: beyond this nothing is gained.
    private const double MostSlope = 20;

    private readonly double[] _imbalances;
    private readonly bool[] _wentUp;
    private TouchState _after;
    private bool _hasAfter;
    private long _next;

    /// <summary>No samples yet.</summary>
    /// <param name="capacity">Newest samples that are kept.</param>
    public QueueImbalanceFit(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _imbalances = new double[capacity];
        _wentUp = new bool[capacity];
    }

    /// <summary>Samples held.</summary>
    public int Samples => (int)Math.Min(_next, _imbalances.Length);

    /// <summary>Samples taken since the start.</summary>
    public long Added => _next;

    /// <summary>Forgets the last move: after a snapshot, a gap or a halt.</summary>
    [Hot]
    public void Prime() => _hasAfter = false;

    /// <summary>The touch after a venue event. O(1).</summary>
    [Hot]
    public void Add(in TouchState touch)
    {
        if (!touch.HasBoth)
        {
            _hasAfter = false;
            return;
        }

        if (_hasAfter && touch.Mid2 == _after.Mid2)
        {
            return;
        }

        if (_hasAfter)
        {
            Add(VolumeImbalance.Of(_after.BidLots, _after.AskLots), touch.Mid2 > _after.Mid2);
        }

        _after = touch;
        _hasAfter = true;
    }

    /// <summary>One sample.</summary>
    [Hot]
    public void Add(double imbalance, bool wentUp)
    {
        int slot = (int)(_next++ % _imbalances.Length);
        _imbalances[slot] = imbalance;
        _wentUp[slot] = wentUp;
    }

    /// <summary>The slope of greatest likelihood over the samples held; the default before there are any.</summary>
    public QueueWeights Solve(long version)
    {
        double slope = 0;
        for (int step = 0; step < StepsMax; step++)
        {
            double gradient = 0;
            double curvature = 0;
            for (int i = 0; i < Samples; i++)
            {
                double x = _imbalances[i];
                double up = Elementary.Logistic(slope * x);
                gradient += x * ((_wentUp[i] ? 1 : 0) - up);
                curvature += x * x * up * (1 - up);
            }

            if (!(curvature > 0))
            {
                break;
            }

            double next = Math.Clamp(slope + gradient / curvature, -MostSlope, MostSlope);
            bool settled = Math.Abs(next - slope) <= Settled;
            slope = next;
            if (settled)
            {
                break;
            }
        }

        return Samples > 0 ? new QueueWeights(version, 0, slope) : QueueWeights.Default;
    }
}

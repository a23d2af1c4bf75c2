namespace FlowEngine.Signals;

/// <summary>
/// Counts the steps from touch to touch and solves them for a <see cref="MicropriceTable"/> (B5): Q steps without a
/// move of the mid, R1 mean move, R2 steps with one; G1 = (I - Q)⁻¹ R1, B = (I - Q)⁻¹ R2, G* = G1 + B G1 + B² G1 + …,
/// from counts to which their mirror images are added. Stoikov (2018). Slow work: no part of it runs per event on the
/// hot thread.
/// </summary>
public sealed class MicropriceFit
{
    private const double Converged = 1e-6;
    private const int TermsMax = 200;
    private const double Half = 0.5;

    private readonly int _buckets;
    private readonly int _spreads;
    private readonly int _states;
    private readonly long _tickQuanta;
    private readonly int _mostHalfTicks;
    private readonly long[,] _stays;
    private readonly long[,] _moves;
    private readonly long[] _halfTicks;
    private TouchState _last;
    private bool _hasLast;

    /// <summary>Nothing counted.</summary>
    /// <param name="buckets">n, imbalance buckets.</param>
    /// <param name="spreads">m; wider spreads count as m ticks.</param>
    /// <param name="tickQuanta">Quanta of a tick.</param>
    /// <param name="mostHalfTicks">Moves of the mid are clipped to this; 2 is one tick.</param>
    public MicropriceFit(int buckets, int spreads, long tickQuanta, int mostHalfTicks = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(spreads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(tickQuanta, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostHalfTicks, 1);
        _buckets = buckets;
        _spreads = spreads;
        _states = buckets * spreads;
        _tickQuanta = tickQuanta;
        _mostHalfTicks = mostHalfTicks;
        _stays = new long[_states, _states];
        _moves = new long[_states, _states];
        _halfTicks = new long[_states];
    }

    /// <summary>Moves that were clipped, since the start.</summary>
    public long Clipped { get; private set; }

    /// <summary>Steps from touch to touch, those that changed nothing among them.</summary>
    public long Steps { get; private set; }

    /// <summary>Forgets the last touch: after a snapshot, a gap or a halt.</summary>
    public void Prime() => _hasLast = false;

    /// <summary>So many more venue events that left the last touch as it was.</summary>
    public void Repeat(long times)
    {
        if (_hasLast && times > 0)
        {
            Steps += times;
            Count(StateOf(_last), StateOf(_last), 0, times);
        }
    }

    /// <summary>The touch after a venue event. Touches that did not change count too, as they do in the
    /// market.</summary>
    public void Add(in TouchState touch)
    {
        if (!touch.HasBoth || touch.Spread <= 0)
        {
            _hasLast = false;
            return;
        }

        if (_hasLast)
        {
            long quanta2 = touch.Mid2 - _last.Mid2;
            long rounded = quanta2 >= 0 ? quanta2 + _tickQuanta / 2 : quanta2 - _tickQuanta / 2;
            long halfTicks = rounded / _tickQuanta;

            // A move of less than a quarter tick is still a move.
            halfTicks = halfTicks == 0 ? Math.Sign(quanta2) : halfTicks;
            Steps++;
            Count(StateOf(_last), StateOf(touch), halfTicks, 1);
        }

        _last = touch;
        _hasLast = true;
    }

    /// <summary>Counts steps from state to state, with the mid's move in half-ticks.</summary>
    public void Count(int from, int to, long halfTicks, long times)
    {
        long clipped = Math.Clamp(halfTicks, -_mostHalfTicks, _mostHalfTicks);
        Clipped += clipped == halfTicks ? 0 : times;
        Tally(from, to, clipped, times);
        Tally(Mirror(from), Mirror(to), -clipped, times);
    }

    /// <summary>Solves for the table.</summary>
    /// <returns>Null where the series does not settle.</returns>
    public MicropriceTable? Solve(long version, long leastVisits = 200)
    {
        long[] totals = Totals();
        double[] drift = new double[_states];
        double[,] landing = new double[_states, _states + 1];
        double[,] stay = new double[_states, _states];
        for (int i = 0; i < _states; i++)
        {
            // A state that never led to a move gets one of each kind, landing where it is: nothing is then singular.
            bool never = RowSum(_moves, i) == 0;
            double all = totals[i] + (never ? 2 : 0);
            for (int j = 0; j < _states; j++)
            {
                stay[i, j] = (i == j ? 1 : 0) - _stays[i, j] / all;
                landing[i, j] = (_moves[i, j] + (never && i == j ? 2 : 0)) / all;
            }

            landing[i, _states] = _halfTicks[i] * Half / all;
        }

        if (!LinearSystem.TrySolve(stay, landing))
        {
            return null;
        }

        for (int i = 0; i < _states; i++)
        {
            drift[i] = landing[i, _states];
        }

        return TrySum(landing, drift) is { } sum
            ? new MicropriceTable(version, _buckets, _spreads, _tickQuanta, sum, totals, leastVisits)
            : null;
    }

    private double[]? TrySum(double[,] landing, double[] drift)
    {
        double[] term = drift;
        double[] sum = new double[_states];
        for (int round = 0; round < TermsMax; round++)
        {
            double largest = 0;
            for (int i = 0; i < _states; i++)
            {
                sum[i] += term[i] * _tickQuanta;
                largest = Math.Max(largest, Math.Abs(term[i]));
            }

            if (largest < Converged)
            {
                return sum;
            }

            double[] next = new double[_states];
            for (int i = 0; i < _states; i++)
            {
                for (int j = 0; j < _states; j++)
                {
                    next[i] += landing[i, j] * term[j];
                }
            }

            term = next;
        }

        return null;
    }

    private void Tally(int from, int to, long halfTicks, long times)
    {
        if (halfTicks == 0)
        {
            _stays[from, to] += times;
        }
        else
        {
            _moves[from, to] += times;
            _halfTicks[from] += halfTicks * times;
        }
    }

    private long[] Totals()
    {
        long[] totals = new long[_states];
        for (int i = 0; i < _states; i++)
        {
            totals[i] = RowSum(_stays, i) + RowSum(_moves, i);
        }

        return totals;
    }

    private long RowSum(long[,] counts, int row)
    {
        long sum = 0;
        for (int j = 0; j < _states; j++)
        {
            sum += counts[row, j];
        }

        return sum;
    }

    private int StateOf(in TouchState touch) =>
        (MicropriceTable.SpreadOf(touch.Spread, _tickQuanta, _spreads) - 1) * _buckets
        + MicropriceTable.BucketOf(touch.BidLots, touch.AskLots, _buckets);

    private int Mirror(int state)
    {
        int bucket = state % _buckets;
        return state - bucket + (_buckets - 1 - bucket);
    }
}

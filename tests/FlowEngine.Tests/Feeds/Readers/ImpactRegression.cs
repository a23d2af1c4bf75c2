using FlowEngine.Market;

namespace FlowEngine.Tests.Feeds.Readers;

/// <summary>
/// Order flow imbalance against the change of the mid over a regular session, as Cont, Kukanov and Stoikov have it:
/// intervals of ten seconds, ordinary least squares in each half hour, plain means of the thirteen.
/// </summary>
internal sealed class ImpactRegression(long openNs, long tickQuanta)
{
    private const long IntervalNs = 10_000_000_000;
    private const int Intervals = 2340;
    private const int Window = 180;

    private readonly double[] _flow = new double[Intervals];
    private readonly double[] _mid = new double[Intervals + 1];
    private PriceLevel _bid;
    private PriceLevel _ask;
    private bool _isPrimed;
    private int _filled;

    /// <summary>A row: the best levels after it.</summary>
    public void Row(long timeNs, PriceLevel bid, PriceLevel ask)
    {
        long interval = timeNs < openNs ? -1 : (timeNs - openNs) / IntervalNs;
        if (interval >= Intervals)
        {
            return;
        }

        // The mid of the last row before the interval is the mid that the interval begins with.
        (PriceLevel bidBefore, PriceLevel askBefore) = _isPrimed ? (_bid, _ask) : (bid, ask);
        double mid = (bidBefore.Price + askBefore.Price) / 2.0 / tickQuanta;
        for (; _filled <= interval; _filled++)
        {
            _mid[_filled] = mid;
        }

        if (_isPrimed && interval >= 0)
        {
            _flow[interval] += (bid.Price >= _bid.Price ? bid.Lots : 0) - (bid.Price <= _bid.Price ? _bid.Lots : 0)
                - (ask.Price <= _ask.Price ? ask.Lots : 0) + (ask.Price >= _ask.Price ? _ask.Lots : 0);
        }

        (_bid, _ask, _isPrimed) = (bid, ask, true);
    }

    /// <summary>Means over the half hours of R² and of the slope in ticks a share.</summary>
    public (double R2, double Slope) Means()
    {
        double last = (_bid.Price + _ask.Price) / 2.0 / tickQuanta;
        for (; _filled <= Intervals; _filled++)
        {
            _mid[_filled] = last;
        }

        (double r2, double slope) = (0, 0);
        for (var start = 0; start < Intervals; start += Window)
        {
            double[] x = _flow[start..(start + Window)];
            double[] y = [.. Enumerable.Range(start, Window).Select(i => _mid[i + 1] - _mid[i])];
            (double meanX, double meanY) = (x.Average(), y.Average());
            double xx = x.Sum(value => (value - meanX) * (value - meanX));
            double yy = y.Sum(value => (value - meanY) * (value - meanY));
            double xy = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum();
            r2 += xy * xy / (xx * yy);
            slope += xy / xx;
        }

        return (r2 * Window / Intervals, slope * Window / Intervals);
    }
}

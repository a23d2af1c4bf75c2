using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// The loops through which a move comes back as flow (L6): forced orders by the map, takers who follow the move or the
/// premium (M6b, L7), makers who leave (B9), each in linear gain, and their sum. What makers do is what order flow
/// imbalance (F1) is beyond the takers' lots, second by second on the move of the second before; M4's slope prices it.
/// Engine thread only.
/// </summary>
public struct LoopGroup
{
    private FlowPaths _takers;
    private TrendGain _makers;
    private long _ofiSum;
    private bool _hasOfi;

    /// <summary>Nothing seen yet.</summary>
    public LoopGroup(CatalogueOptions options)
    {
        double newSecond = new HalfLife(options.SlopeHalfLifeSeconds).Lost(1);
        _takers = new FlowPaths(newSecond);
        _makers = new TrendGain(newSecond);
    }

    /// <summary>A print of the continuous market.</summary>
    [Hot]
    public void Trade(int sign, long lots) => _takers.Trade(sign, lots);

    /// <summary>The end of a venue event.</summary>
    [Hot]
    public void EndEvent(BookStep step)
    {
        if (step != BookStep.Stepped)
        {
            Reset();
        }
    }

    /// <summary>Ends a second.</summary>
    /// <param name="flowSum">Σ order flow imbalance since the start (F1), lots.</param>
    /// <param name="mid2">Twice the mid; 0 where there is none.</param>
    /// <param name="premiumBps">L7; 0 where it is not known.</param>
    [Hot]
    public void CloseSecond(long flowSum, long mid2, double premiumBps)
    {
        if (mid2 <= 0)
        {
            Reset();
            return;
        }

        long taken = _takers.Close(mid2, premiumBps);
        long made = _hasOfi ? flowSum - _ofiSum - taken : 0;
        (_ofiSum, _hasOfi) = (flowSum, true);
        _makers.Trade(1, made);
        _makers.Close(mid2);
    }

    /// <summary>All of it.</summary>
    /// <param name="feedback">The map's gains.</param>
    /// <param name="lambda">M3, quanta a lot.</param>
    /// <param name="slope">M4, quanta a lot.</param>
    /// <param name="values">Receives all of it.</param>
    /// <returns>LowSamples while too few seconds were watched.</returns>
    [Hot]
    public readonly ValidityFlags Read(
        in FeedbackValues feedback, double lambda, double slope, ref LoopValues values)
    {
        _takers.Read(lambda, out values.Trend, out values.Funding);
        values.MakerFlow = _makers.Fit;
        values.Makers = slope * values.MakerFlow.Slope;
        double through = values.Trend + values.Funding + values.Makers;
        Add(feedback.Fall.LoopGain, through, ref values.Bid);
        Add(feedback.Squeeze.LoopGain, through, ref values.Ask);
        return values.MakerFlow.Flags;
    }

    private static void Add(double forced, double through, ref LoopLine line)
    {
        line.Forced = forced;
        line.Total = forced + through;
        line.Amplification = line.Total < 1 ? 1 / (1 - line.Total) : 0;
    }

    private void Reset()
    {
        _takers.Reset();
        _makers.Reset();
        _hasOfi = false;
    }
}

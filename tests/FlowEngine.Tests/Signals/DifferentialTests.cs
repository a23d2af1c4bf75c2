using CsCheck;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>
/// Every signal against <see cref="ReferenceSignals"/> after every event of random runs: incremental equals from
/// scratch.
/// </summary>
public class DifferentialTests
{
    private const int Runs = 1_000;

    private static readonly SignalOptions s_options = Script.Options with
    {
        OfiHalfLifeNs = 700_000_000,
        AverageDepthHalfLifeNs = 3 * Second,
        SpreadHalfLifeNs = 4 * Second,
        QuoteStepHalfLifeNs = 5 * Second,
        SignedVolumeHalfLifeNs = 6 * Second,
        TickVolumeHalfLifeNs = 7 * Second,
    };

    [Fact]
    public void Signals_match_the_slow_reference_on_random_runs() => Script.Runs.Sample(script =>
    {
        InstrumentSignals signals = Start(s_options);
        var reference = new ReferenceSignals();
        var book = new DictionaryBook();
        var before = new DictionaryBook();
        long timeNs = Script.StartNs;
        foreach (VenueEvent e in script)
        {
            timeNs += e.DtNs;
            Script.Play(signals, book, e, timeNs);
            reference.Take(e, book, before, timeNs);
            AssertFlow(reference, signals);
            AssertTrades(reference, signals);
            if (!reference.Frozen)
            {
                AssertBook(book, signals);
            }

            foreach (Change change in e.Changes)
            {
                before.Apply(change);
            }
        }
    }, iter: Runs);

    private static void AssertFlow(ReferenceSignals reference, InstrumentSignals signals)
    {
        PressureValues pressure = signals.Pressure;
        Assert.Equal(reference.OfiEvent, pressure.OfiEvent);
        Assert.Equal(reference.Clamps, signals.TimeRegressions);
        Assert.Equal(reference.Warmup, signals.PressureValidity.HasFlag(ValidityFlags.Warmup));
        if (reference.Frozen)
        {
            return;
        }

        double flow = reference.OfiDecayed(s_options.OfiHalfLifeNs);
        double depth = reference.AverageDepth(s_options.AverageDepthHalfLifeNs);
        Assert.Equal(reference.OfiSum, pressure.OfiSum);
        Near(flow, pressure.OfiDecayed, 1e-8);
        Near(depth, pressure.AverageDepth, 1e-5);
        double normalised = depth > 0 ? flow / depth : 0;
        Near(normalised, pressure.OfiNormalised, 1e-6 * (1 + Math.Abs(normalised)));

        LiquidityValues liquidity = signals.Liquidity;
        Near(reference.Spread(s_options.SpreadHalfLifeNs), liquidity.TimeWeightedSpread, 1e-4);
        double[] steps = reference.Steps(s_options.QuoteStepHalfLifeNs);
        Near(steps[0], liquidity.BidRetreat, 1e-8);
        Near(steps[1], liquidity.AskAdvance, 1e-8);
        Near(steps[2], liquidity.BidAdvance, 1e-8);
        Near(steps[3], liquidity.AskRetreat, 1e-8);
        if (steps.Sum() > 1e-3)
        {
            Near((steps[0] + steps[1] - steps[2] - steps[3]) / steps.Sum(), liquidity.DownStepShare, 1e-8);
        }

        if (steps[0] + steps[1] > 1e-3)
        {
            Near(steps[1] / (steps[0] + steps[1]), liquidity.NarrowingBySellers, 1e-8);
        }
    }

    private static void AssertTrades(ReferenceSignals reference, InstrumentSignals signals)
    {
        PressureValues pressure = signals.Pressure;
        double buy = reference.Signed(1, s_options.SignedVolumeHalfLifeNs);
        double sell = reference.Signed(-1, s_options.SignedVolumeHalfLifeNs);
        Near(buy, pressure.BuyLots, 1e-8);
        Near(sell, pressure.SellLots, 1e-8);
        if (buy + sell > 1e-3)
        {
            Near((buy - sell) / (buy + sell), pressure.TradeImbalance, 1e-7);
        }

        double up = reference.Ticked(1, s_options.TickVolumeHalfLifeNs);
        double down = reference.Ticked(-1, s_options.TickVolumeHalfLifeNs);
        Near(up, pressure.UpTickLots, 1e-8);
        Near(down, pressure.DownTickLots, 1e-8);
        if (up + down > 1e-3)
        {
            Near(down / (up + down), pressure.DownTickShare, 1e-7);
        }

        Assert.Equal(reference.Cvd(), pressure.CumulativeVolumeDelta);
        Assert.Equal((ulong)reference.Prints, pressure.TradeCount);
        Assert.Equal((ulong)reference.Inferred, pressure.InferredCount);
        Assert.Equal(reference.Longs, signals.Cascade.LiquidatedLongLots);
        Assert.Equal(reference.Shorts, signals.Cascade.LiquidatedShortLots);
    }

    private static void AssertBook(DictionaryBook book, InstrumentSignals signals)
    {
        (long Price, long Lots)[] bids = [.. book.Bids.Reverse().Select(x => (x.Key, x.Value))];
        (long Price, long Lots)[] asks = [.. book.Asks.Select(x => (x.Key, x.Value))];
        PressureValues p = signals.Pressure;
        foreach ((int k, double value) in ((int, double)[])
            [(1, p.Imbalance1), (3, p.Imbalance3), (5, p.Imbalance5), (10, p.Imbalance10)])
        {
            Assert.Equal(Ratio(bids.Take(k).Sum(x => x.Lots), asks.Take(k).Sum(x => x.Lots)), value, 1e-15);
        }

        bool both = bids.Length > 0 && asks.Length > 0;
        decimal mid = both ? (bids[0].Price + asks[0].Price) / 2m : 0;
        for (int i = 0; i < SignalWidths.Bands; i++)
        {
            decimal reach = mid * s_options.BandBps[i] / 10_000;
            long bid = both ? bids.Where(x => mid - x.Price <= reach).Sum(x => x.Lots) : 0;
            long ask = both ? asks.Where(x => x.Price - mid <= reach).Sum(x => x.Lots) : 0;
            Assert.Equal((bid, ask), (signals.Liquidity.BidBandLots[i], signals.Liquidity.AskBandLots[i]));
            Assert.Equal(Ratio(bid, ask), p.BandImbalance[i], 1e-15);
        }

        Near(both ? (double)WeightedMidOf(bids[0], asks[0]) : 0, signals.Touch.WeightedMid, 1e-9);
        Assert.Equal(both ? asks[0].Price - bids[0].Price : 0, signals.Liquidity.Spread);
        Near(both ? (double)((asks[0].Price - bids[0].Price) / mid * 10_000) : 0, signals.Liquidity.SpreadBps, 1e-9);
        Assert.Equal((uint)bids.Length, signals.Liquidity.BidLevels);
        Assert.Equal((uint)asks.Length, signals.Liquidity.AskLevels);
        for (int i = 0; i < SignalWidths.Sizes; i++)
        {
            AssertSweep(bids, -1, both, mid, i, signals);
            AssertSweep(asks, 1, both, mid, i, signals);
        }
    }

    private static void AssertSweep(
        (long Price, long Lots)[] side, int sign, bool both, decimal mid, int i, InstrumentSignals signals)
    {
        long left = s_options.SweepLots![i];
        decimal notional = 0;
        long worst = 0;
        foreach ((long price, long lots) in side.TakeWhile(_ => left > 0))
        {
            long take = Math.Min(left, lots);
            notional += price * take;
            left -= take;
            worst = price;
        }

        long filled = s_options.SweepLots[i] - left;
        decimal vwap = filled > 0 ? notional / filled : 0;
        decimal slippage = filled > 0 && both ? sign * (vwap - mid) : 0;
        ImpactValues impact = signals.Impact;
        bool sell = sign < 0;
        Assert.Equal(s_options.SweepLots[i], impact.Sizes[i]);
        Assert.Equal(filled, sell ? impact.SellFilled[i] : impact.BuyFilled[i]);
        Assert.Equal(worst, sell ? impact.SellWorst[i] : impact.BuyWorst[i]);
        Near((double)vwap, sell ? impact.SellVwap[i] : impact.BuyVwap[i], 1e-9);
        Near((double)slippage, sell ? impact.SellSlippage[i] : impact.BuySlippage[i], 1e-11);
        Near(
            both ? (double)(slippage / mid * 10_000) : 0,
            sell ? impact.SellSlippageBps[i] : impact.BuySlippageBps[i],
            1e-11);
    }

    private static decimal WeightedMidOf((long Price, long Lots) bid, (long Price, long Lots) ask) =>
        ((decimal)bid.Price * ask.Lots + (decimal)ask.Price * bid.Lots) / (bid.Lots + ask.Lots);

    private static double Ratio(long bid, long ask) =>
        bid + ask == 0 ? 0 : (double)(((decimal)bid - ask) / ((decimal)bid + ask));
}

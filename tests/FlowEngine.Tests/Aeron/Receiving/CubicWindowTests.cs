using CsCheck;
using FlowEngine.Aeron.Driver.Receiving;
using FlowEngine.Core.Counters;
using Xunit;

namespace FlowEngine.Tests.Aeron.Receiving;

/// <summary>The cubic window against its formula.</summary>
public sealed class CubicWindowTests
{
    private const int Mtu = 1408;
    private const int MaxDatagrams = 93;
    private const long RttNs = 100_000;

    private static readonly Gen<List<(long StepNs, bool IsLoss)>> s_steps =
        (from stepNs in Gen.OneOf(Gen.Long[1, 200_000], Gen.Long[1_000_000, 900_000_000])
         from loss in Gen.Int[0, 9]
         select (stepNs, loss == 0)).List[1, 200];

    [Fact]
    public void The_window_is_that_of_the_formula() => s_steps.Sample(
        steps =>
        {
            var window = NewWindow(out _, out var windowCounter);

            // RFC 8312 in datagrams: W(t) = C (t - K)^3 + Wmax, K = cbrt(Wmax B / C), after a loss (1 - B) W.
            const double C = 0.4, B = 0.2;
            var now = 0L;
            var (w, wMax, lossAt, updatedAt) = (10, (double)MaxDatagrams, 0L, 0L);
            foreach (var (stepNs, isLoss) in steps)
            {
                now += stepNs;
                if (isLoss)
                {
                    wMax = w;
                    w = Math.Max(1, (int)Math.Floor(w * 0.8));
                    lossAt = now;
                }
                else if (w < MaxDatagrams && now > updatedAt + RttNs)
                {
                    var t = (now - lossAt) * 1e-9;
                    var curve = (C * Math.Pow(t - Math.Pow(wMax * B / C, 1.0 / 3), 3)) + wMax;
                    w = (int)Math.Clamp(wMax + Math.Truncate(curve - wMax), 1, MaxDatagrams);
                    updatedAt = now;
                }

                var actual = window.OnRebuild(new RebuildStep(now, 0, 0, isLoss), out var isForced);

                // Where the curve passes a whole datagram, the last bits of a double decide.
                Assert.InRange(actual / Mtu, w - 1, w + 1);
                Assert.Equal(isLoss, isForced);
                Assert.Equal(actual, windowCounter.Get());
                w = actual / Mtu;
            }

            return true;
        },
        threads: 1);

    [Fact]
    public void It_starts_with_ten_datagrams_and_grows_by_the_curve_after_a_round_trip()
    {
        // As the original did in udp-rttm-cubic: 23 datagrams at most, 10 at first, 19 after the first round trip.
        var counters = CountersManager.InPrivateMemory(4);
        var window = new CubicWindow(
            32768, Mtu, RttNs, false, counters.Counter(counters.Allocate(10, default, "")),
            counters.Counter(counters.Allocate(10, default, "")), 0);
        Assert.Equal(14080, window.InitialWindowLength);
        Assert.Equal(14080, window.OnRebuild(new RebuildStep(RttNs, 0, 0, false), out _));
        Assert.Equal(26752, window.OnRebuild(new RebuildStep(RttNs + 1, 0, 0, false), out _));
    }

    [Fact]
    public void A_window_of_one_datagram_tells_of_each_step()
    {
        var window = NewWindow(out _, out _);
        for (var i = 1; i <= 40; i++)
        {
            window.OnRebuild(new RebuildStep(i, 0, 0, true), out _);
        }

        Assert.Equal(Mtu, window.OnRebuild(new RebuildStep(50, 64, 64, false), out var isForced));
        Assert.False(isForced);
        window.OnRebuild(new RebuildStep(51, 96, 64, false), out isForced);
        Assert.True(isForced);
    }

    [Fact]
    public void It_measures_the_round_trip_every_four_and_believes_no_nonsense()
    {
        var window = NewWindow(out var rtt, out _);
        Assert.True(window.IsRttDue((4 * RttNs) + 1));
        window.OnRttSent(1_000_000);
        Assert.False(window.IsRttDue(1_000_000 + (4 * RttNs)));
        window.OnRtt(1_500_000, 500_000);
        Assert.Equal(500_000, rtt.Get());
        Assert.False(window.IsRttDue(1_500_000 + 2_000_000));
        Assert.True(window.IsRttDue(1_500_000 + 2_000_001));
        window.OnRtt(1_600_000, -1);
        window.OnRtt(1_600_000, long.MaxValue);
        Assert.Equal(500_000, rtt.Get());
    }

    private static CubicWindow NewWindow(out AtomicCounter rtt, out AtomicCounter window)
    {
        var counters = CountersManager.InPrivateMemory(4);
        rtt = counters.Counter(counters.Allocate(10, default, "rtt"));
        window = counters.Counter(counters.Allocate(10, default, "wnd"));
        return new CubicWindow(MaxDatagrams * Mtu, Mtu, RttNs, measuresRtt: true, rtt, window, 0);
    }
}

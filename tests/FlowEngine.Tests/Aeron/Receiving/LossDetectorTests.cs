using CsCheck;
using FlowEngine.Aeron.Driver.Receiving;
using FlowEngine.Aeron.Logs;
using Xunit;

namespace FlowEngine.Tests.Aeron.Receiving;

/// <summary>When a hole is asked for, on a virtual clock.</summary>
public sealed unsafe class LossDetectorTests : IDisposable
{
    private const int DelayNs = 1_000;
    private const int RetryNs = 100_000;

    private readonly string _path = EmbeddedDriver.NewDirectory();
    private readonly LogBuffers _log;
    private readonly LossDetector _detector = new(NakDelay.Fixed(DelayNs, RetryNs));

    public LossDetectorTests()
    {
        _log = LogBuffers.Create(_path, Packets.TermLength, 4096);
    }

    [Fact]
    public void Nothing_is_missing_where_frames_follow_each_other()
    {
        Put(0, 64);
        Put(64, 96);
        var scan = Scan(0, 160, 0);
        Assert.Equal((160L, false, false), (scan.RebuildPosition, scan.IsNew, scan.IsDue));
    }

    [Fact]
    public void A_hole_is_asked_for_whole_after_the_delay_and_no_sooner()
    {
        Put(0, 64);
        Put(1024, 64);
        Assert.Equal((64L, true, false), Brief(Scan(0, 1088, 5_000)));
        Assert.Equal((64L, false, false), Brief(Scan(64, 1088, 5_000 + DelayNs - 1)));
        var scan = Scan(64, 1088, 5_000 + DelayNs);
        Assert.Equal((64L, false, true), Brief(scan));
        Assert.Equal(new Gap(Packets.TermId, 64, 960), scan.Gap);
    }

    [Fact]
    public void The_same_hole_is_asked_for_at_the_pace_of_the_retry_whatever_comes_behind_it()
    {
        Put(1024, 64);
        var hwm = 1088;
        var asked = new List<long>();
        for (var nowNs = 0L; nowNs <= 10 * RetryNs; nowNs += 500)
        {
            if (nowNs % 10_000 == 0)
            {
                // More arrives behind the hole: that must not put its timer back.
                Put(hwm, 32);
                hwm += 32;
            }

            if (Scan(0, hwm, nowNs).IsDue)
            {
                asked.Add(nowNs);
            }
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(k => DelayNs + ((long)k * RetryNs)), asked);
    }

    [Fact]
    public void What_is_left_of_a_hole_is_another_hole()
    {
        Put(1024, 64);
        Scan(0, 1088, 0);
        Assert.True(Scan(0, 1088, DelayNs).IsDue);
        Put(0, 512);
        Assert.Equal((512L, true, false), Brief(Scan(0, 1088, 2_000)));
        Assert.Equal(new Gap(Packets.TermId, 512, 512), Scan(512, 1088, 2_000 + DelayNs).Gap);
    }

    [Fact]
    public void A_hole_at_the_end_of_a_term_ends_with_the_term()
    {
        Put(0, Packets.TermLength - 768);
        var hwm = Packets.TermLength + 4096;
        Scan(0, hwm, 0);
        Assert.Equal(
            new Gap(Packets.TermId, Packets.TermLength - 768, 768), Scan(Packets.TermLength - 768, hwm, DelayNs).Gap);
    }

    [Fact]
    public void A_forged_length_that_points_out_of_the_term_stops_the_scan()
    {
        Put(0, 64);
        Put(64, int.MaxValue - 3);
        Assert.Equal(64, Scan(0, 4096, 0).RebuildPosition);
        Put(64, Packets.TermLength);
        Assert.Equal(64, Scan(0, 4096, 0).RebuildPosition);
    }

    [Fact]
    public void The_first_hole_is_found_whatever_came() =>
        Gen.Int[0, 2047].List[0, 200].Sample(
            cells =>
            {
                new Span<byte>(_log.Term(0), Packets.TermLength).Clear();
                foreach (var cell in cells)
                {
                    Put(cell * 32, 32);
                }

                var have = cells.ToHashSet();
                var hwm = (cells.Count == 0 ? 0 : cells.Max() + 1) * 32;
                var first = Enumerable.Range(0, 2049).First(cell => !have.Contains(cell));
                var detector = new LossDetector(NakDelay.Fixed(0, 0));
                var scan = detector.Scan(_log, Packets.TermId, 0, hwm, 0);
                Assert.Equal(first * 32, scan.RebuildPosition);
                Assert.Equal(first * 32 < hwm, scan.IsDue);
                if (scan.IsDue)
                {
                    var next = Enumerable.Range(first, 2049).First(have.Contains);
                    Assert.Equal(new Gap(Packets.TermId, first * 32, (next - first) * 32), scan.Gap);
                }

                return true;
            },
            threads: 1);

    [Fact]
    public void Back_off_in_a_group_is_a_truncated_exponential_distribution()
    {
        const double MaxNs = 10_000_000;
        const int GroupSize = 10;
        const int Count = 100_000;
        var delay = NakDelay.Group((long)MaxNs, GroupSize, new Random(42));
        var waits = Enumerable.Range(0, Count).Select(i => (double)delay.NextNs(isRetry: i % 2 == 0)).Order().ToArray();
        Assert.InRange(waits[0], 0, MaxNs);
        Assert.InRange(waits[^1], 0, MaxNs);

        // F(t) = (e^(lambda t / T) - 1) / (e^lambda - 1), lambda = ln(group) + 1.
        var lambda = Math.Log(GroupSize) + 1;
        foreach (var quantile in new[] { 0.01, 0.1, 0.25, 0.5, 0.75, 0.9 })
        {
            var wait = waits[(int)(quantile * Count)];
            var f = (Math.Exp(lambda * wait / MaxNs) - 1) / (Math.Exp(lambda) - 1);
            Assert.InRange(f, quantile - 0.01, quantile + 0.01);
        }
    }

    public void Dispose()
    {
        _log.Dispose();
        File.Delete(_path);
    }

    private static (long Position, bool IsNew, bool IsDue) Brief(LossScan scan) =>
        (scan.RebuildPosition, scan.IsNew, scan.IsDue);

    private LossScan Scan(long rebuild, long hwm, long nowNs) =>
        _detector.Scan(_log, Packets.TermId, rebuild, hwm, nowNs);

    private void Put(int offset, int length) => *(int*)(_log.Term(0) + offset) = length;
}

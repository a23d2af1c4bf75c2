using System.Diagnostics;
using FlowEngine.Core.Agents;
using HdrHistogram;

namespace FlowEngine.Peers.Messaging;

/// <summary>
/// The loops all .NET contestants run, compiled for each of them. Nobody yields: publisher and subscriber have a
/// processor each, and a driver beside them takes what it needs when it wakes.
/// </summary>
internal static class Measure
{
    private const int FragmentLimit = 64;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    public static double Throughput<TSend, TReceive>(TSend send, TReceive receive, int count)
        where TSend : struct, ISend
        where TReceive : struct, IReceive
    {
        var sum = 0L;
        var elapsedNs = 0.0;
        var subscriber = AgentThread.Start(
            "subscriber",
            () =>
            {
                CpuAffinity.Pin(1);
                var received = receive.Receive(FragmentLimit, ref sum);
                while (received == 0)
                {
                    received = receive.Receive(FragmentLimit, ref sum);
                }

                var start = Stopwatch.GetTimestamp();
                var first = received;
                while (received < count)
                {
                    received += receive.Receive(FragmentLimit, ref sum);
                }

                elapsedNs = Stopwatch.GetElapsedTime(start).TotalNanoseconds / (count - first) * count;
            });
        for (var i = 0L; i < count; i++)
        {
            while (send.Send(i) <= 0)
            {
                Thread.SpinWait(1);
            }
        }

        Await(subscriber);
        Check(sum, count);
        return count * 1000.0 / elapsedNs;
    }

    public static RoundTrips RoundTrip<TSend, TReceive>(
        TSend ping, TReceive pinged, TSend pong, TReceive ponged, int count)
        where TSend : struct, ISend
        where TReceive : struct, IReceive
    {
        var echo = AgentThread.Start(
            "echo",
            () =>
            {
                CpuAffinity.Pin(1);
                var echoed = 0;
                while (echoed < count)
                {
                    var value = 0L;
                    if (pinged.Receive(1, ref value) == 0)
                    {
                        continue;
                    }

                    while (pong.Send(value) <= 0)
                    {
                        Thread.SpinWait(1);
                    }

                    echoed++;
                }
            });
        LongHistogram histogram = new(TimeSpan.FromSeconds(10).Ticks * 100, 3);
        var sum = 0L;
        for (var i = 0L; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            while (ping.Send(i) <= 0)
            {
                Thread.SpinWait(1);
            }

            while (ponged.Receive(1, ref sum) == 0)
            {
            }

            histogram.RecordValue(Stopwatch.GetTimestamp() - start);
        }

        Await(echo);
        Check(sum, count);
        var tick = 1e9 / Stopwatch.Frequency;
        return new RoundTrips(
            histogram.GetValueAtPercentile(50) * tick,
            histogram.GetValueAtPercentile(99) * tick,
            histogram.GetValueAtPercentile(99.9) * tick);
    }

    /// <summary>Publishes and polls on one thread in turns; only one of the two is timed.</summary>
    public static double OneThread<TSend, TReceive>(TSend send, TReceive receive, int count, bool timePolls)
        where TSend : struct, ISend
        where TReceive : struct, IReceive
    {
        const int Batch = 1000;
        var (ticks, sum, sent) = (0L, 0L, 0L);
        while (sent < count)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Batch; i++, sent++)
            {
                while (send.Send(sent) <= 0)
                {
                    Thread.SpinWait(1);
                }
            }

            var between = Stopwatch.GetTimestamp();
            for (var received = 0; received < Batch;)
            {
                received += receive.Receive(FragmentLimit, ref sum);
            }

            var end = Stopwatch.GetTimestamp();
            ticks += timePolls ? end - between : between - start;
        }

        Check(sum, sent);
        return ticks * (1e9 / Stopwatch.Frequency) / sent;
    }

    private static void Await(AgentThread thread)
    {
        if (!thread.Join(s_limit))
        {
            throw new TimeoutException($"a stream did not end within {s_limit.TotalSeconds} s");
        }

        if (thread.Failure is { } failure)
        {
            throw new InvalidOperationException("a stream's thread failed", failure);
        }
    }

    private static void Check(long sum, long count)
    {
        if (sum != count * (count - 1) / 2)
        {
            throw new InvalidOperationException($"lost or repeated: the sum of {count} messages is {sum}");
        }
    }
}

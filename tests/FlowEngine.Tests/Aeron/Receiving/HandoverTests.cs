using FlowEngine.Aeron.Driver.Receiving;
using Xunit;

namespace FlowEngine.Tests.Aeron.Receiving;

/// <summary>A value passed between two threads without waiting.</summary>
public sealed class HandoverTests
{
    [Fact]
    public void A_reader_sees_whole_values_only_and_the_last_in_the_end()
    {
        const int Last = 2_000_000;
        var handover = new Handover<Triple>(default);
        var writer = new Thread(() =>
        {
            for (var i = 1L; i <= Last; i++)
            {
                handover.Write(new Triple(i, -i, i * 3));
            }
        });
        writer.Start();
        var reads = 0L;
        for (var change = 0L; change < Last;)
        {
            change = handover.ChangeNumber;
            if (handover.TryRead(change, out var value))
            {
                Assert.Equal(new Triple(change, -change, change * 3), value);
                reads++;
            }
        }

        writer.Join();
        Assert.True(reads > 0);
        Assert.True(handover.TryRead(Last, out _));
        Assert.False(handover.TryRead(Last - 1, out _));
    }

    private readonly record struct Triple(long A, long B, long C);
}

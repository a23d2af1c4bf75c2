using FlowEngine.Aeron.Driver;
using FlowEngine.Testing;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>
/// Loss, duplication and reordering in both directions: every message comes once, whole, in its turn. Prints what the
/// drivers counted. FLOWENGINE_FULL=1 sends a million messages.
/// </summary>
public sealed class NetworkLossTests(ITestOutputHelper output) : IDisposable
{
    private readonly NetworkHouse _house = new();

    public static TheoryData<double> Losses => [0, 0.01, 0.05, 0.20];

    private static int Messages => Environment.GetEnvironmentVariable("FLOWENGINE_FULL") == "1" ? 1_000_000 : 20_000;

    [Theory]
    [MemberData(nameof(Losses))]
    public void Every_message_comes_once_and_in_order(double loss)
    {
        const string Channel = "aeron:udp?endpoint=127.0.0.1:24200";
        var faults = new FaultPlan
        {
            Seed = 11,
            LossSend = loss,
            LossReceive = loss,
            DuplicateSend = loss / 2,
            DuplicateReceive = loss / 2,
            ReorderSend = loss / 2,
            ReorderReceive = loss / 2,
        };
        var sender = _house.Add();
        var receiver = _house.Add(context => context with { Faults = faults });
        var subscription = receiver.Client.AddSubscription(Channel, 1);
        var publication = sender.Client.AddPublication(Channel, 1);
        _house.Until(() => publication.IsConnected && subscription.IsConnected);
        var stream = new NumberedStream(publication.Offer, maxLength: 2000);
        var reader = new NumberedReader(subscription);
        var total = Messages;
        _house.MaxSteps = 100 * total;
        _house.Until(() => stream.Advance(total) & reader.Poll() == total, limitSeconds: 100_000);

        output.WriteLine($"{total} messages at {loss:p0} loss each way");
        foreach (var counter in new[]
        {
            SystemCounter.NaksReceived, SystemCounter.RetransmitsSent, SystemCounter.RetransmittedBytes,
            SystemCounter.StatusMessagesReceived, SystemCounter.StatusMessagesRejected,
        })
        {
            output.WriteLine($"sender {counter}: {sender.System(counter)}");
        }

        foreach (var counter in new[]
        {
            SystemCounter.BytesReceived, SystemCounter.NaksSent, SystemCounter.StatusMessagesSent,
            SystemCounter.FlowControlUnderRuns, SystemCounter.FlowControlOverRuns, SystemCounter.InvalidPackets,
        })
        {
            output.WriteLine($"receiver {counter}: {receiver.System(counter)}");
        }

        output.WriteLine($"faults: {faults.Counts}");
        Assert.Equal(loss > 0, receiver.System(SystemCounter.NaksSent) > 0);
        Assert.Equal(loss > 0, sender.System(SystemCounter.RetransmitsSent) > 0);
        Assert.Equal(0, receiver.System(SystemCounter.InvalidPackets));
    }

    [Fact]
    public void What_an_unreliable_subscription_misses_is_padded()
    {
        const string Channel = "aeron:udp?endpoint=127.0.0.1:24201";
        var (sender, receiver) = (_house.Add(), _house.Add());
        var subscription = receiver.Client.AddSubscription(Channel + "|reliable=false", 1);
        var publication = sender.Client.AddPublication(Channel, 1);
        _house.Until(() => publication.IsConnected && subscription.IsConnected);
        _house.Network.Loss = 0.05;
        var collector = new Collector();
        var sent = 0;
        _house.Until(() =>
        {
            if (sent < 3000 && publication.Offer(BitConverter.GetBytes(sent)) > 0)
            {
                sent++;
            }

            subscription.Poll(ref collector, 100);
            return sent == 3000 && subscription.IsConnected && subscription.Images[0].Position == publication.Position;
        });
        var numbers = collector.Fragments.ConvertAll(fragment => BitConverter.ToInt32(fragment.Payload));
        Assert.True(numbers.Zip(numbers.Skip(1)).All(pair => pair.First < pair.Second));
        Assert.InRange(numbers.Count, 2000, 2999);
        Assert.True(receiver.System(SystemCounter.LossGapFills) > 0);
        Assert.Equal(0, receiver.System(SystemCounter.NaksSent));
        output.WriteLine($"{numbers.Count} of 3000 came, {receiver.System(SystemCounter.LossGapFills)} gaps filled");
    }

    public void Dispose() => _house.Dispose();
}

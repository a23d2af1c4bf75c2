using System.Buffers.Binary;
using FlowEngine.Aeron;

namespace FlowEngine.Peers.Messaging;

/// <summary>Our client, on our driver or on Aeron's.</summary>
internal sealed class OurStreams(string directory) : IStreamPeer
{
    private readonly AeronClient _client = AeronClient.Connect(new AeronContext { Directory = directory });
    private int _nextStream = 1000;

    /// <inheritdoc/>
    public double Throughput(string channel, int length, int count, Publishing publishing)
    {
        var stream = _nextStream++;
        using var subscription = _client.AddSubscription(channel, stream);
        Receiver receive = new(subscription);
        var payload = new byte[length];
        if (publishing is Publishing.ExclusiveOffer or Publishing.ExclusiveClaim)
        {
            using var exclusive = _client.AddExclusivePublication(channel, stream);
            AwaitConnected(() => exclusive.IsConnected && subscription.IsConnected);
            return publishing is Publishing.ExclusiveOffer
                ? Measure.Throughput(new ExclusiveOffer(exclusive, payload), receive, count)
                : Measure.Throughput(new ExclusiveClaim(exclusive, length), receive, count);
        }

        using var concurrent = _client.AddPublication(channel, stream);
        AwaitConnected(() => concurrent.IsConnected && subscription.IsConnected);
        return publishing is Publishing.ConcurrentOffer
            ? Measure.Throughput(new ConcurrentOffer(concurrent, payload), receive, count)
            : Measure.Throughput(new ConcurrentClaim(concurrent, length), receive, count);
    }

    /// <inheritdoc/>
    public RoundTrips RoundTrip(string channel, int length, int count)
    {
        var (there, back) = (_nextStream++, _nextStream++);
        using var pinged = _client.AddSubscription(channel, there);
        using var ponged = _client.AddSubscription(channel, back);
        using var ping = _client.AddExclusivePublication(channel, there);
        using var pong = _client.AddExclusivePublication(channel, back);
        AwaitConnected(() => ping.IsConnected && pong.IsConnected && pinged.IsConnected && ponged.IsConnected);
        return Measure.RoundTrip(
            new ExclusiveOffer(ping, new byte[length]),
            new Receiver(pinged),
            new ExclusiveOffer(pong, new byte[length]),
            new Receiver(ponged),
            count);
    }

    /// <inheritdoc/>
    public double PollCost(int length, int count) => OneThread(length, count, timePolls: true);

    /// <inheritdoc/>
    public double ClaimCost(int length, int count) => OneThread(length, count, timePolls: false);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    internal static void AwaitConnected(Func<bool> isConnected)
    {
        if (!SpinWait.SpinUntil(isConnected, TimeSpan.FromSeconds(20)))
        {
            throw new TimeoutException("publisher and subscriber did not find each other within 20 s");
        }
    }

    private double OneThread(int length, int count, bool timePolls)
    {
        var stream = _nextStream++;
        using var subscription = _client.AddSubscription("aeron:ipc", stream);
        using var publication = _client.AddExclusivePublication("aeron:ipc", stream);
        AwaitConnected(() => publication.IsConnected && subscription.IsConnected);
        return Measure.OneThread(
            new ExclusiveClaim(publication, length), new Receiver(subscription), count, timePolls);
    }

    private readonly struct ExclusiveOffer(ExclusivePublication publication, byte[] payload) : ISend
    {
        public long Send(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(payload, value);
            return publication.Offer(payload);
        }
    }

    private readonly struct ExclusiveClaim(ExclusivePublication publication, int length) : ISend
    {
        public long Send(long value)
        {
            var position = publication.TryClaim(length, out var claim);
            if (position > 0)
            {
                BinaryPrimitives.WriteInt64LittleEndian(claim.Span, value);
                claim.Commit();
            }

            return position;
        }
    }

    private readonly struct ConcurrentOffer(Publication publication, byte[] payload) : ISend
    {
        public long Send(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(payload, value);
            return publication.Offer(payload);
        }
    }

    private readonly struct ConcurrentClaim(Publication publication, int length) : ISend
    {
        public long Send(long value)
        {
            var position = publication.TryClaim(length, out var claim);
            if (position > 0)
            {
                BinaryPrimitives.WriteInt64LittleEndian(claim.Span, value);
                claim.Commit();
            }

            return position;
        }
    }

    private readonly struct Receiver(Subscription subscription) : IReceive
    {
        public int Receive(int limit, ref long sum)
        {
            var handler = new SumHandler { Sum = sum };
            var received = subscription.Poll(ref handler, limit);
            sum = handler.Sum;
            return received;
        }
    }

    private struct SumHandler : IFragmentHandler
    {
        public long Sum;

        public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header) =>
            Sum += BinaryPrimitives.ReadInt64LittleEndian(payload);
    }
}

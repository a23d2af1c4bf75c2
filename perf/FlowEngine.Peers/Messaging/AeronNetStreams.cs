using Adaptive.Aeron.LogBuffer;
using Adaptive.Agrona;
using Adaptive.Agrona.Concurrent;
using Theirs = Adaptive.Aeron;

namespace FlowEngine.Peers.Messaging;

/// <summary>Aeron.NET's client, driven as its own samples do: one handler, one buffer, nothing allocated.</summary>
internal sealed class AeronNetStreams(string directory) : IStreamPeer
{
    private readonly Theirs.Aeron _client =
        Theirs.Aeron.Connect(new Theirs.Aeron.Context().AeronDirectoryName(directory));

    private int _nextStream = 1000;

    /// <inheritdoc/>
    public double Throughput(string channel, int length, int count, Publishing publishing)
    {
        var stream = _nextStream++;
        using var subscription = _client.AddSubscription(channel, stream);
        Receiver receive = new(subscription, new SumHandler());
        if (publishing is Publishing.ExclusiveOffer or Publishing.ExclusiveClaim)
        {
            using var exclusive = _client.AddExclusivePublication(channel, stream);
            OurStreams.AwaitConnected(() => exclusive.IsConnected && subscription.IsConnected);
            return publishing is Publishing.ExclusiveOffer
                ? Measure.Throughput(new ExclusiveOffer(exclusive, Buffer(length), length), receive, count)
                : Measure.Throughput(new ExclusiveClaim(exclusive, length, new BufferClaim()), receive, count);
        }

        using var concurrent = _client.AddPublication(channel, stream);
        OurStreams.AwaitConnected(() => concurrent.IsConnected && subscription.IsConnected);
        return publishing is Publishing.ConcurrentOffer
            ? Measure.Throughput(new ConcurrentOffer(concurrent, Buffer(length), length), receive, count)
            : Measure.Throughput(new ConcurrentClaim(concurrent, length, new BufferClaim()), receive, count);
    }

    /// <inheritdoc/>
    public RoundTrips RoundTrip(string channel, int length, int count)
    {
        var (there, back) = (_nextStream++, _nextStream++);
        using var pinged = _client.AddSubscription(channel, there);
        using var ponged = _client.AddSubscription(channel, back);
        using var ping = _client.AddExclusivePublication(channel, there);
        using var pong = _client.AddExclusivePublication(channel, back);
        OurStreams.AwaitConnected(
            () => ping.IsConnected && pong.IsConnected && pinged.IsConnected && ponged.IsConnected);
        return Measure.RoundTrip(
            new ExclusiveOffer(ping, Buffer(length), length),
            new Receiver(pinged, new SumHandler()),
            new ExclusiveOffer(pong, Buffer(length), length),
            new Receiver(ponged, new SumHandler()),
            count);
    }

    /// <inheritdoc/>
    public double PollCost(int length, int count) => OneThread(length, count, timePolls: true);

    /// <inheritdoc/>
    public double ClaimCost(int length, int count) => OneThread(length, count, timePolls: false);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static UnsafeBuffer Buffer(int length) => new(new byte[length]);

    private double OneThread(int length, int count, bool timePolls)
    {
        var stream = _nextStream++;
        using var subscription = _client.AddSubscription("aeron:ipc", stream);
        using var publication = _client.AddExclusivePublication("aeron:ipc", stream);
        OurStreams.AwaitConnected(() => publication.IsConnected && subscription.IsConnected);
        return Measure.OneThread(
            new ExclusiveClaim(publication, length, new BufferClaim()),
            new Receiver(subscription, new SumHandler()),
            count,
            timePolls);
    }

    private readonly struct ExclusiveOffer(Theirs.ExclusivePublication publication, UnsafeBuffer buffer, int length)
        : ISend
    {
        public long Send(long value)
        {
            buffer.PutLong(0, value);
            return publication.Offer(buffer, 0, length);
        }
    }

    private readonly struct ExclusiveClaim(Theirs.ExclusivePublication publication, int length, BufferClaim claim)
        : ISend
    {
        public long Send(long value)
        {
            var position = publication.TryClaim(length, claim);
            if (position > 0)
            {
                claim.Buffer.PutLong(claim.Offset, value);
                claim.Commit();
            }

            return position;
        }
    }

    private readonly struct ConcurrentOffer(Theirs.Publication publication, UnsafeBuffer buffer, int length) : ISend
    {
        public long Send(long value)
        {
            buffer.PutLong(0, value);
            return publication.Offer(buffer, 0, length);
        }
    }

    private readonly struct ConcurrentClaim(Theirs.Publication publication, int length, BufferClaim claim) : ISend
    {
        public long Send(long value)
        {
            var position = publication.TryClaim(length, claim);
            if (position > 0)
            {
                claim.Buffer.PutLong(claim.Offset, value);
                claim.Commit();
            }

            return position;
        }
    }

    private readonly struct Receiver(Theirs.Subscription subscription, SumHandler handler) : IReceive
    {
        public int Receive(int limit, ref long sum)
        {
            handler.Sum = 0;
            var received = subscription.Poll(handler, limit);
            sum += handler.Sum;
            return received;
        }
    }

    private sealed class SumHandler : IFragmentHandler
    {
        public long Sum { get; set; }

        public void OnFragment(IDirectBuffer buffer, int offset, int length, Header header) =>
            Sum += buffer.GetLong(offset);
    }
}

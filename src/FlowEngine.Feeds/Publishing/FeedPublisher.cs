using System.Buffers.Binary;
using FlowEngine.Aeron;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Time;
using FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Publishing;

/// <summary>
/// Publishes a packet source to Aeron, open loop: each packet is due by the schedule, whatever became of those before
/// it, so after back pressure the publisher catches up and nothing is shifted or dropped. Packets longer than one frame
/// are split: subscribers put them together with a <see cref="FragmentAssembler{THandler}"/>. Publishing thread;
/// counters from any.
/// </summary>
public sealed class FeedPublisher<TSource> : IAgent
    where TSource : IPacketSource
{
    private const double NanosPerSecond = 1e9;

    private readonly TSource _source;
    private readonly ExclusivePublication _publication;
    private readonly FeedPublisherOptions _options;
    private readonly byte[] _buffer;
    private readonly long _connectTimeoutNs;
    private readonly double _nanosPerPacket;
    private long _waitingSinceNs = -1;
    private long _startNs;
    private long _startEpochNs;
    private long _packets;
    private long _dueNs;
    private int _pendingLength;
    private bool _isStarted;
    private volatile bool _isDone;

    /// <summary>Prepares the publisher; the caller keeps owning source and publication.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public FeedPublisher(TSource source, ExclusivePublication publication, FeedPublisherOptions options)
    {
        ArgumentNullException.ThrowIfNull(publication);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _source = source;
        _publication = publication;
        _options = options;
        _buffer = new byte[source.MaxPacketLength];
        _connectTimeoutNs = options.ConnectTimeout.Ticks * 100;
        _nanosPerPacket = NanosPerSecond / options.PacketsPerSecond;
    }

    /// <inheritdoc/>
    public string Name => "feed-publisher";

    /// <summary>Whether all packets were sent, or none can be any more (<see cref="Failure"/>).</summary>
    public bool IsDone => _isDone;

    /// <summary>Why publishing ended before the source did; null while it did not.</summary>
    public string? Failure { get; private set; }

    /// <summary>Packets sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Bytes sent, envelopes included.</summary>
    public long BytesSent { get; private set; }

    /// <summary>Times that the publication took nothing because subscribers were behind.</summary>
    public long BackPressured { get; private set; }

    /// <summary>
    /// When the schedule began, nanoseconds since epoch: a packet is due at this time plus its offset; 0 before it
    /// began.
    /// </summary>
    public long StartEpochNs => Volatile.Read(ref _startEpochNs); // pairs with the write in TryStart

    /// <summary>Longest time that a packet was sent after it was due, in nanoseconds.</summary>
    public long MaxLateNs { get; private set; }

    /// <inheritdoc/>
    public int DoWork(long nowNs)
    {
        if (_isDone || (!_isStarted && !TryStart(nowNs)))
        {
            return 0;
        }

        var work = 0;
        while (work < _options.PacketsPerCycle && TryLoad() && _dueNs <= nowNs && TrySend(nowNs))
        {
            work++;
        }

        return work;
    }

    private bool TryStart(long nowNs)
    {
        if (_publication.IsConnected)
        {
            _isStarted = true;
            _startNs = nowNs;

            // Of the same moment as the duty cycle's time; pairs with the read in StartEpochNs.
            Volatile.Write(ref _startEpochNs, SystemClock.EpochNanosNow() - (SystemClock.Nanos() - nowNs));
            return true;
        }

        if (_waitingSinceNs < 0)
        {
            _waitingSinceNs = nowNs;
        }

        if (_connectTimeoutNs > 0 && nowNs - _waitingSinceNs > _connectTimeoutNs)
        {
            string where = $"{_publication.Channel} stream {_publication.StreamId}";
            Fail($"no subscriber on {where} within {_options.ConnectTimeout}");
        }

        return false;
    }

    private bool TryLoad()
    {
        if (_pendingLength > 0)
        {
            return true;
        }

        int length = _source.NextPacket(_buffer, out long offsetNs);
        if (length == 0)
        {
            _isDone = true;
            return false;
        }

        long dueOffsetNs = _options.Pace switch
        {
            FeedPace.Source => (long)(offsetNs / _options.Speed),
            FeedPace.Rate => (long)(_packets * _nanosPerPacket),
            _ => 0,
        };
        _packets++;
        _pendingLength = length;
        _dueNs = _startNs + dueOffsetNs;
        if (_options.StampDueTime)
        {
            // The capture time is the first field of the envelope's block.
            BinaryPrimitives.WriteInt64LittleEndian(
                _buffer.AsSpan(VenuePacketWriter.HeaderLength), _startEpochNs + dueOffsetNs);
        }

        return true;
    }

    private bool TrySend(long nowNs)
    {
        long result = _publication.Offer(_buffer.AsSpan(0, _pendingLength));
        if (result == PublicationResult.AdminAction)
        {
            // A term was changed: the next try goes into the new one.
            result = _publication.Offer(_buffer.AsSpan(0, _pendingLength));
        }

        if (result > 0)
        {
            Sent++;
            BytesSent += _pendingLength;
            MaxLateNs = Math.Max(MaxLateNs, nowNs - _dueNs);
            _pendingLength = 0;
            return true;
        }

        if (result is PublicationResult.Closed or PublicationResult.MaxPositionExceeded)
        {
            Fail($"the publication ended ({PublicationResult.Describe(result)})");
        }
        else if (result == PublicationResult.BackPressured)
        {
            BackPressured++;
        }

        return false;
    }

    private void Fail(string why)
    {
        Failure = why;
        _isDone = true;
    }
}

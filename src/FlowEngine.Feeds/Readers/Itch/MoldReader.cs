using FlowEngine.Feeds.Captures;

namespace FlowEngine.Feeds.Readers.Itch;

/// <summary>
/// NASDAQ ITCH 5.0 over MoldUDP64 in a network capture. Redundant lines are one stream by sequence; what neither line
/// has is a gap, and every book is lost with it, since ITCH sends no snapshots. One session at a time.
/// </summary>
internal sealed class MoldReader : FileReader
{
    private const int MaxPacketsLooked = 64;
    private const long DayNs = 86_400_000_000_000;

    private readonly PcapReader _capture;
    private readonly ItchBooks _books;
    private readonly byte[] _session = new byte[10];
    private ulong _next;

    /// <summary>A reader that owns the stream.</summary>
    public MoldReader(string path, Stream stream)
        : base(path, FeedVenue.Nasdaq)
    {
        _capture = PcapReader.Open(stream, path);
        _books = new ItchBooks(Run, Statistics);
    }

    /// <inheritdoc/>
    public override InputFormat Format => InputFormat.Itch;

    /// <inheritdoc/>
    public override string Place => $"message {_next} (record {Statistics.Records})";

    /// <summary>Messages that were lost between two packets.</summary>
    public ulong MissedMessages { get; private set; }

    /// <summary>Messages that had come before.</summary>
    public ulong RepeatedMessages { get; private set; }

    /// <summary>Whether the first datagrams of a capture that begins like this are ITCH over MoldUDP64.</summary>
    public static bool Detect(ReadOnlySpan<byte> head)
    {
        using var stream = new MemoryStream(head.ToArray());
        try
        {
            using PcapReader capture = PcapReader.Open(stream, "");
            for (var i = 0; i < MaxPacketsLooked && capture.TryRead(out CapturedPacket packet); i++)
            {
                if (!MoldPacket.Detect(packet.Payload, out int messages))
                {
                    return false;
                }

                if (messages > 0)
                {
                    return true;
                }
            }
        }
        catch (CaptureException)
        {
            // Not enough of the file to tell: what reads captures will say what is wrong with it.
        }

        return false;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _capture.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    private protected override bool ReadRecord()
    {
        if (!_capture.TryRead(out CapturedPacket packet))
        {
            return false;
        }

        Run.CaptureTimeNs = packet.CaptureTimeNs;
        if (!MoldPacket.Detect(packet.Payload, out int count))
        {
            Statistics.Records++;
            Statistics.Refuse(Place, "a datagram that is not ITCH 5.0 over MoldUDP64");
            return true;
        }

        var mold = new MoldPacket(packet.Payload);
        SeeSequence(in mold);
        ReadOnlySpan<byte> messages = mold.Messages;
        long midnightNs = EasternTime.MidnightNs(
            DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays((packet.CaptureTimeNs - (5 * DayNs / 24)) / DayNs)));
        for (ulong sequence = mold.Sequence; count > 0 && MoldPacket.TryNext(ref messages, out var message); count--)
        {
            if (sequence != 0 && sequence++ < _next)
            {
                RepeatedMessages++;
                Statistics.Duplicates++;
                continue;
            }

            Statistics.Records++;
            _next = Math.Max(_next, sequence);
            if (_books.Read(message, midnightNs, isFirst: sequence == 2) is { } fault)
            {
                Statistics.Refuse(Place, fault);
            }
        }

        return true;
    }

    private void SeeSequence(in MoldPacket mold)
    {
        if (mold.Sequence == 0)
        {
            return;
        }

        if (!mold.Session.SequenceEqual(_session))
        {
            if (_next != 0)
            {
                _books.Lose(Run.CaptureTimeNs);
            }

            mold.Session.CopyTo(_session);
            _next = mold.Sequence;
        }
        else if (mold.Sequence > _next)
        {
            MissedMessages += mold.Sequence - _next;
            Statistics.Refuse(Place, $"{mold.Sequence - _next} messages before {mold.Sequence} are missing");
            _next = mold.Sequence;
            _books.Lose(Run.CaptureTimeNs);
        }
    }
}

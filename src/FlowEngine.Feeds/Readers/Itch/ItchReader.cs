using System.Buffers.Binary;
using System.Globalization;
using FlowEngine.Feeds.Captures;

namespace FlowEngine.Feeds.Readers.Itch;

/// <summary>
/// NASDAQ ITCH 5.0 as a file: each message behind its length (u16, big-endian). The messages tell the time of day; the
/// day is in the name of the file (01302019.NASDAQ_ITCH50), else it is 1970-01-01.
/// </summary>
internal sealed class ItchReader : FileReader
{
    private const int PrefixLength = 2;
    private const int DateLength = 8;
    private const int Sample = 64;

    private readonly CaptureStream _stream;
    private readonly ItchBooks _books;
    private readonly long _midnightNs;
    private long _offset;
    private bool _ended;

    /// <summary>A reader that owns the stream.</summary>
    public ItchReader(string path, Stream stream)
        : base(path, FeedVenue.Nasdaq)
    {
        _stream = new CaptureStream(stream, path);
        _books = new ItchBooks(Run, Statistics);
        _midnightNs = EasternTime.MidnightNs(DayOf(System.IO.Path.GetFileName(path)));
    }

    /// <inheritdoc/>
    public override InputFormat Format => InputFormat.Itch;

    /// <inheritdoc/>
    public override string Place => $"message {Statistics.Records} (byte {_offset})";

    /// <summary>Whether a file begins like this: some messages whose lengths and types agree.</summary>
    public static bool Detect(ReadOnlySpan<byte> head)
    {
        var messages = 0;
        while (head.Length >= PrefixLength && messages < Sample)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(head);
            if (head.Length < PrefixLength + length)
            {
                break;
            }

            if (length == 0 || !new ItchMessage(head.Slice(PrefixLength, length)).IsWhole)
            {
                return false;
            }

            head = head[(PrefixLength + length)..];
            messages++;
        }

        return messages > 0;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _stream.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    private protected override bool ReadRecord()
    {
        _offset = _stream.Offset;
        if (_ended || _stream.Peek(1).IsEmpty)
        {
            return false;
        }

        int length = _stream.TryTake(PrefixLength, out ReadOnlySpan<byte> prefix)
            ? BinaryPrimitives.ReadUInt16BigEndian(prefix)
            : -1;
        if (length < 0 || !_stream.TryTake(length, out ReadOnlySpan<byte> message))
        {
            _ended = true;
            Statistics.IsCutOff = true;
            Statistics.Refuse(Place, "the file ends in a message");
            return false;
        }

        Statistics.Records++;
        long timeOfDayNs = new ItchMessage(message) is { IsWhole: true } whole ? whole.TimeOfDayNs : 0;
        Run.CaptureTimeNs = _midnightNs + timeOfDayNs;
        if (_books.Read(message, _midnightNs, isFirst: false) is { } fault)
        {
            Statistics.Refuse(Place, fault);
        }

        return true;
    }

    private static DateOnly DayOf(string name)
    {
        for (var at = 0; at + DateLength <= name.Length; at++)
        {
            if (DateOnly.TryParseExact(name.AsSpan(at, DateLength), "MMddyyyy", CultureInfo.InvariantCulture,
                    DateTimeStyles.None, out DateOnly day) && day.Year is > 1990 and < 2100)
            {
                return day;
            }
        }

        return DateOnly.FromDateTime(DateTime.UnixEpoch);
    }
}

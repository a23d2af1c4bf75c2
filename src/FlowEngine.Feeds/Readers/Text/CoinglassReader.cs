using System.Text;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Text;

/// <summary>
/// Coinglass's tables of Bitcoin futures: bars with funding and open interest, or sums of liquidations. A row speaks of
/// the interval that begins at its time, so it is told when that ends. Open interest and liquidations are in dollars:
/// lots of a hundredth of a cent at a price of one. Prices and traded volume of the bars are passed over.
/// </summary>
internal sealed class CoinglassReader : FileReader
{
    private const int DollarDigits = 4;
    private const int RateDigits = 9;
    private const long MillisecondNs = 1_000_000;
    private const long LatestMs = 4_000_000_000_000;

    private readonly LineReader _lines;
    private readonly ReaderInstrument _instrument = new(FeedVenue.Other, "BTC-USD", "coinglass BTC")
    {
        Lot = new DecimalScale(1, -DollarDigits),
        Contract = ContractKind.Linear,
    };

    private readonly long _stepMs;
    private string[] _columns = [];
    private long _newestMs;

    /// <summary>A reader that owns the stream; the head tells how long an interval is.</summary>
    public CoinglassReader(string path, Stream stream, ReadOnlySpan<byte> head)
        : base(path, FeedVenue.Other)
    {
        _lines = new LineReader(stream);
        _stepMs = StepOf(head);
    }

    /// <inheritdoc/>
    public override InputFormat Format => InputFormat.Coinglass;

    /// <inheritdoc/>
    public override string Place => _lines.Place;

    /// <summary>How a table begins.</summary>
    public static ReadOnlySpan<byte> Beginning => "timestamp,datetime_utc,"u8;

    /// <summary>Rows that do not follow the one before by one interval.</summary>
    public long StepGaps { get; private set; }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _lines.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    private protected override bool ReadRecord()
    {
        if (!_lines.TryRead(out ReadOnlySpan<byte> line))
        {
            return false;
        }

        if (_columns.Length == 0)
        {
            _columns = Encoding.UTF8.GetString(line).Split(',');
            if (!line.StartsWith(Beginning))
            {
                Statistics.Refuse(Place, "no columns of Coinglass: the file is passed over");
                return false;
            }

            return true;
        }

        Statistics.Records++;
        if (Read(line) is { } fault)
        {
            Statistics.Refuse(Place, fault);
        }

        return true;
    }

    private string? Read(ReadOnlySpan<byte> line)
    {
        var fields = new CsvFields(line);
        if (!fields.TryWhole(out long ms) || ms is <= 0 or > LatestMs)
        {
            return "a row without its time";
        }

        (long? funding, long? interest, long longs, long shorts) = (null, null, 0L, 0L);
        for (var column = 1; column < _columns.Length; column++)
        {
            if (fields.IsAtEnd)
            {
                return "too few fields";
            }

            ReadOnlySpan<byte> field = fields.Next();
            long value = 0;
            bool isNumber = _columns[column] switch
            {
                "funding_close" => DecimalText.TryRound(field, RateDigits, out value),
                "oi_close" or "longUsd" or "shortUsd" =>
                    DecimalText.TryRound(field, DollarDigits, out value) && value is >= 0 and <= FeedLimits.MaxLots,
                _ => true,
            };
            if (!isNumber)
            {
                return $"no number under {_columns[column]}";
            }

            funding = _columns[column] == "funding_close" ? value : funding;
            interest = _columns[column] == "oi_close" ? value : interest;
            longs = _columns[column] == "longUsd" ? value : longs;
            shorts = _columns[column] == "shortUsd" ? value : shorts;
        }

        Write(ms, funding, interest, longs, shorts);
        return null;
    }

    private void Write(long ms, long? funding, long? interest, long longs, long shorts)
    {
        long timeNs = (ms + _stepMs) * MillisecondNs;
        Run.CaptureTimeNs = timeNs;
        if (_newestMs == 0)
        {
            Run.Define(_instrument);
        }
        else if (ms - _newestMs != _stepMs)
        {
            StepGaps++;
        }

        _newestMs = ms;
        if (funding is not null || interest is not null)
        {
            Run.Ticker(_instrument, timeNs, null, null, funding, interest);
        }

        // Longs are liquidated by selling.
        const Wire.UpdateFlags Flags = Wire.UpdateFlags.EndOfEvent | Wire.UpdateFlags.Throttled;
        if (longs > 0)
        {
            Run.Liquidation(_instrument, timeNs, Flags, new RunLevel(Side.Ask, 1, longs));
        }

        if (shorts > 0)
        {
            Run.Liquidation(_instrument, timeNs, Flags, new RunLevel(Side.Bid, 1, shorts));
        }
    }

    private static long StepOf(ReadOnlySpan<byte> head)
    {
        Span<long> times = stackalloc long[2];
        var found = 0;
        while (found < times.Length && head.IndexOf((byte)'\n') is var end and >= 0)
        {
            var fields = new CsvFields(head[..end]);
            if (fields.TryWhole(out long ms) && ms is > 0 and < LatestMs)
            {
                times[found++] = ms;
            }

            head = head[(end + 1)..];
        }

        return found == times.Length ? Math.Clamp(times[1] - times[0], 0, 86_400_000) : 0;
    }
}

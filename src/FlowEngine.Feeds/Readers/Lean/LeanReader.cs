using FlowEngine.Feeds.Readers.Text;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Lean;

/// <summary>
/// A day of an US equity as Lean keeps it: national best quotes, one side a row, as a book of one level; or trades,
/// whose aggressor nobody tells. A row is one venue event. Outside of the regular session the status says so.
/// </summary>
internal sealed class LeanReader : FileReader
{
    private const int PriceExponent = -4;
    private const int CentQuanta = 100;
    private const long MillisecondNs = 1_000_000;
    private const long DayMs = 86_400_000;
    private const long OpenMs = 34_200_000;
    private const long CloseMs = 57_600_000;

    private readonly LineReader _lines;
    private readonly ReaderInstrument _instrument;
    private readonly BookPicture _picture;
    private readonly long _midnightNs;
    private RunLevel _bid = new(Side.Bid, 0, 0);
    private RunLevel _ask = new(Side.Ask, 0, 0);
    private TradingStatus _status;
    private bool _isDefined;
    private bool _wasCrossed;

    /// <summary>A reader that owns the stream.</summary>
    public LeanReader(string path, Stream stream, LeanName name)
        : base(path, FeedVenue.UsConsolidated)
    {
        Name = name;
        _lines = new LineReader(stream);
        _midnightNs = EasternTime.MidnightNs(name.Day);
        _instrument = new ReaderInstrument(FeedVenue.UsConsolidated, name.Symbol)
        {
            Quantum = new DecimalScale(1, PriceExponent),
            TickQuanta = CentQuanta,
            Contract = ContractKind.Spot,
            DepthLevels = 1,
        };
        _picture = new BookPicture(_instrument);
    }

    /// <summary>What the file's name tells.</summary>
    public LeanName Name { get; }

    /// <inheritdoc/>
    public override InputFormat Format => InputFormat.Lean;

    /// <inheritdoc/>
    public override string Place => _lines.Place;

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

        Statistics.Records++;
        var fields = new CsvFields(line);
        if (!fields.TryWhole(out long ms) || ms is < 0 or >= DayMs)
        {
            Statistics.Refuse(Place, "a row without its time");
            return true;
        }

        Run.CaptureTimeNs = _midnightNs + (ms * MillisecondNs);
        if (!_isDefined)
        {
            _isDefined = true;
            Run.Define(_instrument);
        }

        string? fault = Name.IsQuotes ? ReadQuote(ref fields, ms) : ReadTrade(ref fields);
        if (fault is not null)
        {
            Statistics.Refuse(Place, fault);
        }

        return true;
    }

    // bid, bid size, ask, ask size, exchange, condition, suspicious: noughts on the side that the row does not tell.
    private string? ReadQuote(ref CsvFields fields, long ms)
    {
        if (!fields.TryWhole(out long bid) || !fields.TryWhole(out long bidLots)
            || !fields.TryWhole(out long ask) || !fields.TryWhole(out long askLots)
            || !IsLevel(bid, bidLots) || !IsLevel(ask, askLots))
        {
            return "no quote";
        }

        if (bid == 0 && ask == 0)
        {
            Statistics.Skipped++;
            return null;
        }

        SeeSession(ms);
        _bid = bid > 0 ? new RunLevel(Side.Bid, bid, bidLots) : _bid;
        _ask = ask > 0 ? new RunLevel(Side.Ask, ask, askLots) : _ask;
        Span<RunLevel> levels = stackalloc RunLevel[2];
        var count = 0;
        foreach (RunLevel level in (ReadOnlySpan<RunLevel>)[_bid, _ask])
        {
            if (level.Lots > 0)
            {
                levels[count++] = level;
            }
        }

        _picture.Write(Run, Run.CaptureTimeNs, Wire.UpdateFlags.None, levels[..count]);
        // Exchanges cross each other for a moment, at times for longer than a book stands it.
        bool isCrossed = count == 2 && _bid.Price >= _ask.Price;
        if (_wasCrossed && !isCrossed)
        {
            _picture.Confirm(Run, Run.CaptureTimeNs);
        }

        _wasCrossed = isCrossed;
        return null;
    }

    // price, size, exchange, condition, suspicious
    private string? ReadTrade(ref CsvFields fields)
    {
        if (!fields.TryWhole(out long price) || !fields.TryWhole(out long lots)
            || price is <= 0 or > FeedLimits.MaxPriceQuanta || lots is <= 0 or > FeedLimits.MaxLots)
        {
            return "no trade";
        }

        fields.Next();
        fields.Next();
        bool isSuspicious = fields.Next().SequenceEqual("1"u8);
        Run.Trade(_instrument, Run.CaptureTimeNs,
            Wire.UpdateFlags.EndOfEvent | (isSuspicious ? Wire.UpdateFlags.OffBook : 0),
            new RunTrade((ulong)_lines.Number, Side.Unknown, price, lots));
        return null;
    }

    private void SeeSession(long ms)
    {
        TradingStatus status = ms < OpenMs ? TradingStatus.PreOpen
            : ms < CloseMs ? TradingStatus.Open
            : TradingStatus.Closed;
        if (status != _status)
        {
            _status = status;
            Run.Status(_instrument, Run.CaptureTimeNs, status);
        }
    }

    private static bool IsLevel(long price, long lots) =>
        price is >= 0 and <= FeedLimits.MaxPriceQuanta && price % CentQuanta == 0
        && lots is >= 0 and <= FeedLimits.MaxLots && (price > 0 || lots == 0);
}

using System.Text.Json;
using FlowEngine.Feeds.Readers.Text;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Json;

/// <summary>
/// Recordings of Kraken and OKX as JSON lines: requests, their answers and what the websockets received, each message
/// as a string inside. Instruments' units come from the recorded answers, else from the first book.
/// </summary>
internal abstract class FeedRecording : JsonRecording
{
    private const int NanosecondDigits = 9;
    private const long TooLateNs = 4_000_000_000_000_000_000;

    private readonly Dictionary<string, FeedInstrument> _instruments = [];
    private readonly Dictionary<string, (DecimalScale Quantum, DecimalScale Lot, ContractKind Kind)> _units = [];

    /// <summary>A reader that owns the stream.</summary>
    private protected FeedRecording(string path, Stream stream, ushort venue)
        : base(path, stream, venue) => Venue = venue;

    private protected ushort Venue { get; }

    /// <inheritdoc/>
    private protected override string? ReadLine(ReadOnlySpan<byte> line)
    {
        using JsonDocument document = Parse(line);
        JsonElement root = document.RootElement;
        string? type = root.Field("t").Text();
        if (type is not ("http" or "recv") || root.Field("data").Text() is not { } data)
        {
            Statistics.Skipped++;
            return type is null ? "a line without its type" : null;
        }

        if (!root.Field("ts").TryDecimal(NanosecondDigits, out long timeNs) || timeNs is <= 0 or > TooLateNs)
        {
            return "a line without its time";
        }

        Run.CaptureTimeNs = timeNs;
        using JsonDocument inner = JsonDocument.Parse(data);
        if (type == "http")
        {
            ReadAnswer(inner.RootElement);
            return null;
        }

        return ReadMessage(inner.RootElement, timeNs);
    }

    /// <summary>Takes the units of instruments from an answer, where it has some.</summary>
    private protected abstract void ReadAnswer(JsonElement answer);

    /// <summary>Reads one message of a websocket.</summary>
    /// <returns>Why it was refused; null when it was not.</returns>
    private protected abstract string? ReadMessage(JsonElement message, long timeNs);

    private protected string? Skip()
    {
        Statistics.Skipped++;
        return null;
    }

    private protected void SetUnits(string symbol, DecimalScale quantum, DecimalScale lot, ContractKind kind) =>
        _units[symbol] = (quantum, lot, kind);

    /// <summary>Finds an instrument, and makes it of the units known.</summary>
    private protected FeedInstrument? Find(string? symbol, int depth, DepthRule rule)
    {
        if (symbol is null)
        {
            return null;
        }

        if (!_instruments.TryGetValue(symbol, out FeedInstrument? instrument))
        {
            if (!_units.TryGetValue(symbol, out (DecimalScale Quantum, DecimalScale Lot, ContractKind Kind) units))
            {
                return null;
            }

            instrument = new FeedInstrument(new ReaderInstrument(Venue, symbol)
            {
                Quantum = units.Quantum,
                Lot = units.Lot,
                Contract = units.Kind,
                DepthLevels = depth,
                DepthRule = rule,
                Sequence = (ulong)Run.CaptureTimeNs,
            });
            _instruments.Add(symbol, instrument);
            Run.Define(instrument.Definition);
        }

        return instrument;
    }

    /// <summary>Writes one book message and the venue's checksum of the book after it.</summary>
    private protected void WriteBook(
        FeedInstrument instrument, bool isSnapshot, long timeNs, Wire.ChecksumKind kind, uint? checksum)
    {
        ReaderInstrument definition = instrument.Definition;
        ulong previous = definition.Sequence;
        if (isSnapshot)
        {
            Run.Snapshot(definition, timeNs, previous + 1, Levels);
        }
        else
        {
            Run.Levels(definition, timeNs, previous + 1, previous, Wire.UpdateFlags.EndOfEvent, Levels);
        }

        if (checksum is { } value)
        {
            Run.Checksum(definition, timeNs, kind, value, instrument.WrittenPriceDigits, instrument.WrittenLotDigits);
        }
    }

    /// <summary>The unit of so many digits behind the point.</summary>
    private protected static DecimalScale UnitOf(long digits) => new(1, (sbyte)-Math.Clamp(digits, 0, 18));

    /// <summary>The unit of a step such as 0.5: the power of ten that it and all its multiples are counts of.</summary>
    private protected static DecimalScale UnitOf(ReadOnlySpan<byte> step) =>
        UnitOf(Math.Max(0, DecimalText.SignificantDigits(step)));

    /// <summary>An instrument of a recording.</summary>
    private protected sealed class FeedInstrument(ReaderInstrument definition)
    {
        public ReaderInstrument Definition { get; } = definition;

        public int PriceDigits => -Definition.Quantum.Exponent;

        public int LotDigits => -Definition.Lot.Exponent;

        /// <summary>Digits with which the venue writes prices: it may pad them.</summary>
        public int WrittenPriceDigits { get; set; }

        /// <summary>Digits with which the venue writes sizes.</summary>
        public int WrittenLotDigits { get; set; }
    }
}

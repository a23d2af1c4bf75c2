using FlowEngine.Feeds.Captures;
using FlowEngine.Market;

namespace FlowEngine.Feeds.Readers.Databento;

/// <summary>
/// Databento's DBN, versions 1 to 3, and records without metadata (fragments, version 0 unpacked), whose instruments
/// have numbers instead of names: orders (MBO) as orders, levels (MBP, BBO) as changes between rows, trades. Other
/// records are passed over. A record whose length makes no sense ends the file: nothing says where the next begins.
/// </summary>
internal sealed class DbnReader : FileReader
{
    private readonly CaptureStream _stream;
    private readonly DbnMetadata _metadata;
    private readonly DbnTicks _ticks = new();
    private readonly Dictionary<uint, DbnInstrument> _instruments = [];
    private readonly ushort _venue;
    private long _offset;
    private bool _isCut;

    /// <summary>A reader that owns the stream.</summary>
    /// <exception cref="CaptureException">The metadata are not DBN's.</exception>
    public DbnReader(string path, Stream stream, ReadOnlySpan<byte> head)
        : base(path, VenueOf(head))
    {
        _stream = new CaptureStream(stream, path);
        _venue = VenueOf(head);
        int length = DbnMetadata.LengthOf(_stream.Peek(DbnMetadata.PrefixLength));
        if (length == 0 && DbnRecord.Detect(head))
        {
            _metadata = DbnMetadata.None;
            _ticks.Learn(head);
            return;
        }

        if (length == 0 || !_stream.TryTake(length, out ReadOnlySpan<byte> whole))
        {
            throw new CaptureException(path, 0, "has no DBN metadata of version 1 to 3", "download it again");
        }

        _metadata = DbnMetadata.Parse(whole);
        if (head.Length > length)
        {
            _ticks.Learn(head[length..]);
        }
    }

    /// <inheritdoc/>
    public override InputFormat Format => InputFormat.Dbn;

    /// <inheritdoc/>
    public override string Place => $"record {Statistics.Records} (byte {_offset})";

    /// <inheritdoc/>
    public override void Dispose()
    {
        _stream.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    private protected override bool ReadRecord()
    {
        if (_isCut)
        {
            return false;
        }

        _offset = _stream.Offset;
        ReadOnlySpan<byte> start = _stream.Peek(1);
        if (start.IsEmpty)
        {
            return End();
        }

        int length = start[0] * sizeof(uint);
        Statistics.Records++;
        if (length < DbnRecord.HeaderLength || !_stream.TryTake(length, out ReadOnlySpan<byte> bytes))
        {
            Statistics.IsCutOff = true;
            Statistics.Refuse(Place, length < DbnRecord.HeaderLength
                ? $"a record of {length} bytes: the rest cannot be found"
                : "the file ends in a record");
            _isCut = true;
            return End();
        }

        var record = new DbnRecord(bytes);
        if (!record.IsWhole)
        {
            Statistics.Refuse(Place, $"a record of type {(byte)record.Type} in {length} bytes");
        }
        else if (record.Type == DbnRecordType.Definition)
        {
            _ticks.Define(in record);
        }
        else if (record.TellsMarket)
        {
            Read(in record);
        }
        else if (record.Type == DbnRecordType.Status && record.Status != TradingStatus.Unknown
            && _instruments.TryGetValue(record.InstrumentId, out DbnInstrument? instrument))
        {
            instrument.ReadStatus(in record, Run);
        }
        else
        {
            Statistics.Skipped++;
        }

        return true;
    }

    private bool End()
    {
        bool hasInstruments = _instruments.Count > 0;
        foreach (DbnInstrument instrument in _instruments.Values)
        {
            instrument.End(Run);
        }

        _instruments.Clear();
        return hasInstruments;
    }

    private void Read(in DbnRecord record)
    {
        if (record.VenueTimeNs < 0 || record.ReceiveTimeNs < 0)
        {
            Statistics.Refuse(Place, "a time beyond the year 2262");
            return;
        }

        Run.CaptureTimeNs = record.ReceiveTimeNs;
        if (!_instruments.TryGetValue(record.InstrumentId, out DbnInstrument? instrument))
        {
            bool isOrders = record.Type == DbnRecordType.Order;
            instrument = new DbnInstrument(
                new ReaderInstrument(_venue, _metadata.SymbolOf(record.InstrumentId))
                {
                    Quantum = DbnTicks.Scale(_ticks[record.InstrumentId]),
                    Book = isOrders ? BookKind.Orders : BookKind.PriceLevels,
                    DepthLevels = isOrders ? 0 : record.Levels,
                    Sequence = (ulong)record.ReceiveTimeNs,
                },
                _ticks[record.InstrumentId]);
            _instruments.Add(record.InstrumentId, instrument);
            Run.Define(instrument.Definition);
        }

        string? fault = record.Type == DbnRecordType.Order
            ? instrument.ReadOrder(in record, Run, Statistics)
            : instrument.ReadLevels(in record, Run);
        if (fault is not null)
        {
            Statistics.Refuse(Place, fault);
        }
    }

    private static ushort VenueOf(ReadOnlySpan<byte> head) =>
        head.Length > DbnMetadata.PrefixLength && head[DbnMetadata.PrefixLength..].StartsWith("GLBX"u8)
            ? FeedVenue.Cme
            : head.Length > DbnMetadata.PrefixLength && head[DbnMetadata.PrefixLength..].StartsWith("XNAS"u8)
                ? FeedVenue.Nasdaq
                : FeedVenue.Other;
}

using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using FlowEngine.Feeds;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.Deribit;

namespace FlowEngine.Benchmarks.Feeds;

/// <summary>
/// A Deribit datagram with one book message → level events, envelope included, against a decode written by hand for
/// this one message: fixed offsets, no schema, no gap, grid, enum or range checks. One operation is one level.
/// </summary>
[MemoryDiagnoser]
public class DecodeBench
{
    private const int Levels = 16;
    private const int HeadersLength = 8 + 12;
    private const int BlockLength = 29;
    private const int GroupHeaderLength = 8;
    private const int EntryLength = 18;
    private const double TicksPerPrice = 2;
    private const double LotsPerAmount = 0.1;

    private readonly FeedDecoder _decoder = new(new InstrumentTable(16));
    private readonly Dictionary<uint, int> _ids = new() { [7] = 0 };
    private Slots _slots = new(new MarketEvent[64]);
    private byte[] _message = [];
    private uint _sequence;

    /// <summary>Defines the instrument and builds the packet.</summary>
    [GlobalSetup]
    public void Setup()
    {
        byte[] buffer = new byte[2048];
        var instrument = new Wire.InstrumentV2Writer(buffer.AsSpan(8))
        {
            InstrumentId = 7,
            InstrumentState = Wire.InstrumentState.Open,
            Kind = Wire.InstrumentKind.Future,
            InstrumentType = Wire.InstrumentType.Reversed,
            ContractSize = 10,
            MinTradeAmount = 10,
            TickSize = 0.5,
        };
        _ = instrument.BeginTickStepsList(0);
        instrument.SetInstrumentName("BTC-PERPETUAL"u8);
        _slots.Count = 0;
        _decoder.Decode(Wrap(buffer, instrument.EncodedLength, groups: 1, texts: 1), 0, ref _slots);
        if (_slots.Count != 2)
        {
            throw new InvalidOperationException("the instrument was not defined");
        }

        Array.Clear(buffer);
        var book = new Wire.BookWriter(buffer.AsSpan(8))
        {
            InstrumentId = 7,
            TimestampMs = 1_686_858_149_957,
            PrevChangeId = 100,
            ChangeId = 101,
            IsLast = Wire.YesNo.Yes,
        };
        var changes = book.BeginChangesList(Levels);
        for (var i = 0; i < Levels; i++)
        {
            changes.Next();
            changes.Side = i % 2 == 0 ? Wire.BookSide.Bid : Wire.BookSide.Ask;
            changes.Change = Wire.BookChange.Changed;
            changes.Price = 25_000 + (0.5 * i);
            changes.Amount = 10 * (i + 1);
        }

        _message = Wrap(buffer, book.EncodedLength, groups: 1, texts: 0);
        if (FlowEngineDecoder() != ByHand())
        {
            throw new InvalidOperationException("the two decoders disagree");
        }
    }

    /// <summary>The decoder the engine runs.</summary>
    [Benchmark(OperationsPerInvoke = Levels)]
    public long FlowEngineDecoder()
    {
        // The decoder drops packets that it has seen, so each has a sequence of its own.
        BinaryPrimitives.WriteUInt32LittleEndian(_message.AsSpan(VenueEnvelope.Overhead + 4), ++_sequence);
        _slots.Count = 0;
        _decoder.Decode(_message, 1, ref _slots);
        return Sum();
    }

    /// <summary>Reads by fixed offsets; believes every byte.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Levels)]
    public long ByHand()
    {
        _slots.Count = 0;
        ReadOnlySpan<byte> body = _message.AsSpan(VenueEnvelope.Overhead + HeadersLength);
        int id = _ids[BinaryPrimitives.ReadUInt32LittleEndian(body)];
        long time = (long)BinaryPrimitives.ReadUInt64LittleEndian(body[4..]) * 1_000_000;
        ulong previous = BinaryPrimitives.ReadUInt64LittleEndian(body[12..]);
        ulong change = BinaryPrimitives.ReadUInt64LittleEndian(body[20..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(body[(BlockLength + 2)..]);
        ReadOnlySpan<byte> entry = body[(BlockLength + GroupHeaderLength)..];
        for (var i = 0; i < count; i++, entry = entry[EntryLength..])
        {
            ref MarketEvent slot = ref _slots.Next();
            slot.InstrumentId = id;
            slot.Kind = entry[1] == (byte)Wire.BookChange.Deleted ? EventKind.LevelDelete : EventKind.LevelSet;
            slot.Side = entry[0] == 1 ? Side.Bid : Side.Ask;
            slot.Price = (long)Math.Round(BinaryPrimitives.ReadDoubleLittleEndian(entry[2..]) * TicksPerPrice);
            slot.Quantity = (long)Math.Round(BinaryPrimitives.ReadDoubleLittleEndian(entry[10..]) * LotsPerAmount);
            slot.VenueSequence = change;
            slot.Id = previous;
            slot.VenueTime = time;
            slot.ReceiveTime = 1;
            slot.Flags = i == count - 1 ? EventFlags.EndOfEvent : EventFlags.None;
        }

        return Sum();
    }

    private long Sum()
    {
        MarketEvent last = _slots.Events[_slots.Count - 1];
        return _slots.Count + last.Price + last.Quantity + (long)last.Flags;
    }

    private static byte[] Wrap(byte[] buffer, int messageLength, ushort groups, ushort texts)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(buffer, (ushort)messageLength);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(2), 3);
        // The writer knows nothing of what the header counts beyond its block.
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(8 + 8), groups);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(8 + 10), texts);
        byte[] message = new byte[VenueEnvelope.Overhead + 8 + messageLength];
        VenueEnvelope.Write(
            message, 5, FeedVenue.Deribit, 6100, 0, FeedFormat.DeribitMulticast, buffer.AsSpan(0, 8 + messageLength));
        return message;
    }

    private struct Slots(MarketEvent[] events) : IEventSink
    {
        public int Count;

        public readonly MarketEvent[] Events => events;

        public ref MarketEvent Next()
        {
            ref MarketEvent slot = ref events[Count++];
            slot = default;
            return ref slot;
        }
    }
}

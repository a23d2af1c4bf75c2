using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowEngine.Peers.Messages.Binance;
using Org.SbeTool.Sbe.Dll;
using Official = Spot_stream;

namespace FlowEngine.Peers.Sbe;

/// <summary>Binance's depth event: two groups of twenty levels and an empty symbol.</summary>
internal sealed class DepthCodecs : IMessageCodecs
{
    private readonly GoldenMessage _messages = new("binance_depth20_nosymbol.bin");
    private readonly byte[] _text = new byte[256];
    private readonly (long Price, long Qty)[] _bids;
    private readonly (long Price, long Qty)[] _asks;
    private readonly long _eventTime;
    private readonly long _bookUpdateId;
    private readonly sbyte _priceExponent;
    private readonly sbyte _qtyExponent;
    private readonly DirectBuffer _source;
    private readonly DirectBuffer _target;
    private readonly Official.MessageHeader _header = new();
    private readonly Official.DepthSnapshotStreamEvent _event = new();

    public DepthCodecs()
    {
        _source = new DirectBuffer(_messages.Source);
        _target = new DirectBuffer(_messages.Target);
        if (!DepthSnapshotStreamEventReader.TryWrap(_messages.Golden, out var golden))
        {
            throw new InvalidOperationException("the golden message is not what it should be");
        }

        _eventTime = golden.EventTime;
        _bookUpdateId = golden.BookUpdateId;
        _priceExponent = golden.PriceExponent;
        _qtyExponent = golden.QtyExponent;
        _bids = new (long, long)[golden.Bids.Count];
        for (var i = 0; i < _bids.Length; i++)
        {
            _bids[i] = (golden.Bids[i].Price, golden.Bids[i].Qty);
        }

        _asks = new (long, long)[golden.Asks.Count];
        for (var i = 0; i < _asks.Length; i++)
        {
            _asks[i] = (golden.Asks[i].Price, golden.Asks[i].Qty);
        }
    }

    public string Name => "Binance depth 20";

    public GoldenMessage Messages => _messages;

    public IReadOnlyList<Codec> Decoders =>
        [new(Codec.Ours, DecodeOurs), new(Codec.Official, DecodeOfficial), new(Codec.ByHand, DecodeByHand)];

    public IReadOnlyList<Codec> Encoders =>
        [new(Codec.Ours, EncodeOurs), new(Codec.Official, EncodeOfficial), new(Codec.ByHand, EncodeByHand)];

    private long DecodeOurs(int turns)
    {
        var sum = 0L;
        ref var source = ref MemoryMarshal.GetArrayDataReference(_messages.Source);
        var length = _messages.Golden.Length;
        for (var turn = 0; turn < turns; turn++)
        {
            // A span over the message, as a transport hands it out.
            var bytes = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref source, _messages.Offset(turn)), length);
            if (!DepthSnapshotStreamEventReader.TryWrap(bytes, out var reader))
            {
                return -1;
            }

            sum += reader.EventTime + reader.BookUpdateId + reader.PriceExponent + reader.QtyExponent;
            foreach (var level in reader.Bids)
            {
                sum += level.Price + level.Qty;
            }

            foreach (var level in reader.Asks)
            {
                sum += level.Price - level.Qty;
            }

            var symbol = reader.Symbol;
            symbol.CopyTo(_text);
            sum += symbol.Length;
        }

        return sum;
    }

    private long DecodeOfficial(int turns)
    {
        var sum = 0L;
        for (var turn = 0; turn < turns; turn++)
        {
            var offset = _messages.Offset(turn);
            _header.Wrap(_source, offset, 0);
            var message = _event.WrapForDecode(
                _source, offset + Official.MessageHeader.Size, _header.BlockLength, _header.Version);
            sum += message.EventTime + message.BookUpdateId + message.PriceExponent + message.QtyExponent;
            var bids = message.Bids;
            while (bids.HasNext)
            {
                var level = bids.Next();
                sum += level.Price + level.Qty;
            }

            var asks = message.Asks;
            while (asks.HasNext)
            {
                var level = asks.Next();
                sum += level.Price - level.Qty;
            }

            sum += message.GetSymbol(_text);
        }

        return sum;
    }

    private long DecodeByHand(int turns)
    {
        var sum = 0L;
        ref var source = ref MemoryMarshal.GetArrayDataReference(_messages.Source);
        for (var turn = 0; turn < turns; turn++)
        {
            ref var message = ref Unsafe.Add(ref source, _messages.Offset(turn));
            ref var block = ref Unsafe.Add(ref message, 8);
            sum += Unsafe.ReadUnaligned<long>(ref block)
                + Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref block, 8))
                + (sbyte)Unsafe.Add(ref block, 16) + (sbyte)Unsafe.Add(ref block, 17);
            ref var group = ref Unsafe.Add(ref block, Unsafe.ReadUnaligned<ushort>(ref message));
            for (var side = 1; side >= -1; side -= 2)
            {
                var stride = (int)Unsafe.ReadUnaligned<ushort>(ref group);
                var count = (int)Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref group, 2));
                ref var entry = ref Unsafe.Add(ref group, 4);
                for (var i = 0; i < count; i++)
                {
                    sum += Unsafe.ReadUnaligned<long>(ref entry)
                        + (side * Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref entry, 8)));
                    entry = ref Unsafe.Add(ref entry, stride);
                }

                group = ref entry;
            }

            int length = group;
            MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref group, 1), length).CopyTo(_text);
            sum += length;
        }

        return sum;
    }

    private long EncodeOurs(int turns)
    {
        var sum = 0L;
        for (var turn = 0; turn < turns; turn++)
        {
            var writer = new DepthSnapshotStreamEventWriter(
                _messages.Target.AsSpan(_messages.Offset(turn), _messages.Stride))
            {
                EventTime = _eventTime,
                BookUpdateId = _bookUpdateId,
                PriceExponent = _priceExponent,
                QtyExponent = _qtyExponent,
            };
            var bids = writer.BeginBids(_bids.Length);
            foreach (ref readonly var level in _bids.AsSpan())
            {
                bids.Next();
                bids.Price = level.Price;
                bids.Qty = level.Qty;
            }

            var asks = writer.BeginAsks(_asks.Length);
            foreach (ref readonly var level in _asks.AsSpan())
            {
                asks.Next();
                asks.Price = level.Price;
                asks.Qty = level.Qty;
            }

            writer.SetSymbol([]);
            sum += writer.EncodedLength;
        }

        return sum;
    }

    private long EncodeOfficial(int turns)
    {
        var sum = 0L;
        for (var turn = 0; turn < turns; turn++)
        {
            var message = _event.WrapForEncodeAndApplyHeader(_target, _messages.Offset(turn), _header);
            message.EventTime = _eventTime;
            message.BookUpdateId = _bookUpdateId;
            message.PriceExponent = _priceExponent;
            message.QtyExponent = _qtyExponent;
            var bids = message.BidsCount(_bids.Length);
            foreach (ref readonly var level in _bids.AsSpan())
            {
                bids.Next();
                bids.Price = level.Price;
                bids.Qty = level.Qty;
            }

            var asks = message.AsksCount(_asks.Length);
            foreach (ref readonly var level in _asks.AsSpan())
            {
                asks.Next();
                asks.Price = level.Price;
                asks.Qty = level.Qty;
            }

            message.SetSymbol(ReadOnlySpan<byte>.Empty);
            sum += message.Size;
        }

        return sum;
    }

    private long EncodeByHand(int turns)
    {
        var sum = 0L;
        ref var target = ref MemoryMarshal.GetArrayDataReference(_messages.Target);
        for (var turn = 0; turn < turns; turn++)
        {
            ref var message = ref Unsafe.Add(ref target, _messages.Offset(turn));
            Unsafe.WriteUnaligned(ref message, 18UL | (10002UL << 16) | (1UL << 32));
            ref var block = ref Unsafe.Add(ref message, 8);
            Unsafe.WriteUnaligned(ref block, _eventTime);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref block, 8), _bookUpdateId);
            Unsafe.Add(ref block, 16) = (byte)_priceExponent;
            Unsafe.Add(ref block, 17) = (byte)_qtyExponent;
            ref var entry = ref WriteByHand(ref Unsafe.Add(ref block, 18), _bids);
            entry = ref WriteByHand(ref entry, _asks);
            entry = 0;
            sum += 35 + (16 * (_bids.Length + _asks.Length));
        }

        return sum;
    }

    private static ref byte WriteByHand(ref byte group, (long Price, long Qty)[] levels)
    {
        Unsafe.WriteUnaligned(ref group, 16 | (levels.Length << 16));
        ref var entry = ref Unsafe.Add(ref group, 4);
        foreach (ref readonly var level in levels.AsSpan())
        {
            Unsafe.WriteUnaligned(ref entry, level.Price);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref entry, 8), level.Qty);
            entry = ref Unsafe.Add(ref entry, 16);
        }

        return ref entry;
    }
}

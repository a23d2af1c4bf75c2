using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowEngine.Peers.Messages.Binance;
using Org.SbeTool.Sbe.Dll;
using Official = Spot_stream;

namespace FlowEngine.Peers.Sbe;

/// <summary>Binance's best bid and ask event: a block and a symbol.</summary>
internal sealed class BestBidAskCodecs : IMessageCodecs
{
    private readonly GoldenMessage _messages = new("binance_bestbidask.bin");
    private readonly byte[] _text = new byte[256];
    private readonly byte[] _symbol;
    private readonly long[] _values;
    private readonly sbyte _priceExponent;
    private readonly sbyte _qtyExponent;
    private readonly DirectBuffer _source;
    private readonly DirectBuffer _target;
    private readonly Official.MessageHeader _header = new();
    private readonly Official.BestBidAskStreamEvent _event = new();

    public BestBidAskCodecs()
    {
        _source = new DirectBuffer(_messages.Source);
        _target = new DirectBuffer(_messages.Target);
        if (!BestBidAskStreamEventReader.TryWrap(_messages.Golden, out var golden))
        {
            throw new InvalidOperationException("the golden message is not what it should be");
        }

        _values =
        [
            golden.EventTime, golden.BookUpdateId, golden.BidPrice, golden.BidQty, golden.AskPrice, golden.AskQty,
        ];
        _priceExponent = golden.PriceExponent;
        _qtyExponent = golden.QtyExponent;
        _symbol = golden.Symbol.ToArray();
    }

    public string Name => "Binance best bid ask";

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
            if (!BestBidAskStreamEventReader.TryWrap(bytes, out var reader))
            {
                return -1;
            }

            sum += reader.EventTime + reader.BookUpdateId + reader.PriceExponent + reader.QtyExponent
                + reader.BidPrice + reader.BidQty + reader.AskPrice + reader.AskQty;
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
            sum += message.EventTime + message.BookUpdateId + message.PriceExponent + message.QtyExponent
                + message.BidPrice + message.BidQty + message.AskPrice + message.AskQty;
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
                + (sbyte)Unsafe.Add(ref block, 16) + (sbyte)Unsafe.Add(ref block, 17)
                + Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref block, 18))
                + Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref block, 26))
                + Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref block, 34))
                + Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref block, 42));
            ref var symbol = ref Unsafe.Add(ref block, Unsafe.ReadUnaligned<ushort>(ref message));
            int length = symbol;
            MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref symbol, 1), length).CopyTo(_text);
            sum += length;
        }

        return sum;
    }

    private long EncodeOurs(int turns)
    {
        var sum = 0L;
        var values = _values;
        for (var turn = 0; turn < turns; turn++)
        {
            var writer = new BestBidAskStreamEventWriter(
                _messages.Target.AsSpan(_messages.Offset(turn), _messages.Stride))
            {
                EventTime = values[0],
                BookUpdateId = values[1],
                PriceExponent = _priceExponent,
                QtyExponent = _qtyExponent,
                BidPrice = values[2],
                BidQty = values[3],
                AskPrice = values[4],
                AskQty = values[5],
            };
            writer.SetSymbol(_symbol);
            sum += writer.EncodedLength;
        }

        return sum;
    }

    private long EncodeOfficial(int turns)
    {
        var sum = 0L;
        var values = _values;
        for (var turn = 0; turn < turns; turn++)
        {
            var message = _event.WrapForEncodeAndApplyHeader(_target, _messages.Offset(turn), _header);
            message.EventTime = values[0];
            message.BookUpdateId = values[1];
            message.PriceExponent = _priceExponent;
            message.QtyExponent = _qtyExponent;
            message.BidPrice = values[2];
            message.BidQty = values[3];
            message.AskPrice = values[4];
            message.AskQty = values[5];
            message.SetSymbol(_symbol);
            sum += message.Size;
        }

        return sum;
    }

    private long EncodeByHand(int turns)
    {
        var sum = 0L;
        var values = _values;
        ref var target = ref MemoryMarshal.GetArrayDataReference(_messages.Target);
        for (var turn = 0; turn < turns; turn++)
        {
            ref var message = ref Unsafe.Add(ref target, _messages.Offset(turn));
            Unsafe.WriteUnaligned(ref message, 50UL | (10001UL << 16) | (1UL << 32));
            ref var block = ref Unsafe.Add(ref message, 8);
            Unsafe.WriteUnaligned(ref block, values[0]);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref block, 8), values[1]);
            Unsafe.Add(ref block, 16) = (byte)_priceExponent;
            Unsafe.Add(ref block, 17) = (byte)_qtyExponent;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref block, 18), values[2]);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref block, 26), values[3]);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref block, 34), values[4]);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref block, 42), values[5]);
            Unsafe.Add(ref block, 50) = (byte)_symbol.Length;
            _symbol.AsSpan().CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref block, 51), _symbol.Length));
            sum += 59 + _symbol.Length;
        }

        return sum;
    }
}

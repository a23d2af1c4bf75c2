using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowEngine.Peers.Messages.Binance;
using Org.SbeTool.Sbe.Dll;
using Official = Spot_stream;

namespace FlowEngine.Peers.Sbe;

/// <summary>Binance's trade event: a block, a group of two and a symbol.</summary>
internal sealed class TradesCodecs : IMessageCodecs
{
    private readonly GoldenMessage _messages = new("binance_trades.bin");
    private readonly byte[] _text = new byte[256];
    private readonly byte[] _symbol;
    private readonly (long Id, long Price, long Qty, bool Maker)[] _trades;
    private readonly long _eventTime;
    private readonly long _transactTime;
    private readonly sbyte _priceExponent;
    private readonly sbyte _qtyExponent;
    private readonly DirectBuffer _source;
    private readonly DirectBuffer _target;
    private readonly Official.MessageHeader _header = new();
    private readonly Official.TradesStreamEvent _event = new();

    public TradesCodecs()
    {
        _source = new DirectBuffer(_messages.Source);
        _target = new DirectBuffer(_messages.Target);
        if (!TradesStreamEventReader.TryWrap(_messages.Golden, out var golden))
        {
            throw new InvalidOperationException("the golden message is not what it should be");
        }

        _eventTime = golden.EventTime;
        _transactTime = golden.TransactTime;
        _priceExponent = golden.PriceExponent;
        _qtyExponent = golden.QtyExponent;
        _symbol = golden.Symbol.ToArray();
        _trades = new (long, long, long, bool)[golden.Trades.Count];
        for (var i = 0; i < _trades.Length; i++)
        {
            var trade = golden.Trades[i];
            _trades[i] = (trade.Id, trade.Price, trade.Qty, trade.IsBuyerMaker == BoolEnum.True);
        }
    }

    public string Name => "Binance trade";

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
            if (!TradesStreamEventReader.TryWrap(bytes, out var reader))
            {
                return -1;
            }

            sum += reader.EventTime + reader.TransactTime + reader.PriceExponent + reader.QtyExponent;
            foreach (var trade in reader.Trades)
            {
                sum += trade.Id + trade.Price + trade.Qty + (long)trade.IsBuyerMaker;
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
            sum += message.EventTime + message.TransactTime + message.PriceExponent + message.QtyExponent;
            var trades = message.Trades;
            while (trades.HasNext)
            {
                var trade = trades.Next();
                sum += trade.Id + trade.Price + trade.Qty + (long)trade.IsBuyerMaker;
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
            var stride = (int)Unsafe.ReadUnaligned<ushort>(ref group);
            var count = Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref group, 2));
            ref var entry = ref Unsafe.Add(ref group, 6);
            for (var i = 0; i < count; i++)
            {
                sum += Unsafe.ReadUnaligned<long>(ref entry) + Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref entry, 8))
                    + Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref entry, 16)) + Unsafe.Add(ref entry, 24);
                entry = ref Unsafe.Add(ref entry, stride);
            }

            int length = entry;
            MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref entry, 1), length).CopyTo(_text);
            sum += length;
        }

        return sum;
    }

    private long EncodeOurs(int turns)
    {
        var sum = 0L;
        for (var turn = 0; turn < turns; turn++)
        {
            var writer = new TradesStreamEventWriter(_messages.Target.AsSpan(_messages.Offset(turn), _messages.Stride))
            {
                EventTime = _eventTime,
                TransactTime = _transactTime,
                PriceExponent = _priceExponent,
                QtyExponent = _qtyExponent,
            };
            var trades = writer.BeginTrades(_trades.Length);
            foreach (ref readonly var trade in _trades.AsSpan())
            {
                trades.Next();
                trades.Id = trade.Id;
                trades.Price = trade.Price;
                trades.Qty = trade.Qty;
                trades.IsBuyerMaker = trade.Maker ? BoolEnum.True : BoolEnum.False;
            }

            writer.SetSymbol(_symbol);
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
            message.TransactTime = _transactTime;
            message.PriceExponent = _priceExponent;
            message.QtyExponent = _qtyExponent;
            var trades = message.TradesCount(_trades.Length);
            foreach (ref readonly var trade in _trades.AsSpan())
            {
                trades.Next();
                trades.Id = trade.Id;
                trades.Price = trade.Price;
                trades.Qty = trade.Qty;
                trades.IsBuyerMaker = trade.Maker ? Official.BoolEnum.True : Official.BoolEnum.False;
            }

            message.SetSymbol(_symbol);
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
            Unsafe.WriteUnaligned(ref message, 18UL | (10000UL << 16) | (1UL << 32));
            ref var block = ref Unsafe.Add(ref message, 8);
            Unsafe.WriteUnaligned(ref block, _eventTime);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref block, 8), _transactTime);
            Unsafe.Add(ref block, 16) = (byte)_priceExponent;
            Unsafe.Add(ref block, 17) = (byte)_qtyExponent;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref block, 18), (ushort)25);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref block, 20), _trades.Length);
            ref var entry = ref Unsafe.Add(ref block, 24);
            foreach (ref readonly var trade in _trades.AsSpan())
            {
                Unsafe.WriteUnaligned(ref entry, trade.Id);
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref entry, 8), trade.Price);
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref entry, 16), trade.Qty);
                Unsafe.Add(ref entry, 24) = trade.Maker ? (byte)1 : (byte)0;
                entry = ref Unsafe.Add(ref entry, 25);
            }

            entry = (byte)_symbol.Length;
            _symbol.AsSpan().CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref entry, 1), _symbol.Length));
            sum += 33 + (25 * _trades.Length) + _symbol.Length;
        }

        return sum;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowEngine.Peers.Messages.Cme;
using Org.SbeTool.Sbe.Dll;
using Official = Mktdata;

namespace FlowEngine.Peers.Sbe;

/// <summary>CME's incremental book refresh: two entries and one order id. Only the exchange writes it.</summary>
internal sealed class CmeBookCodecs : IMessageCodecs
{
    private readonly GoldenMessage _messages = new("cme_book32.bin");
    private readonly DirectBuffer _source;
    private readonly Official.MessageHeader _header = new();
    private readonly Official.MDIncrementalRefreshBook32 _book = new();

    public CmeBookCodecs()
    {
        _source = new DirectBuffer(_messages.Source);
    }

    public string Name => "CME incremental refresh";

    public GoldenMessage Messages => _messages;

    public IReadOnlyList<Codec> Decoders =>
        [new(Codec.Ours, DecodeOurs), new(Codec.Official, DecodeOfficial), new(Codec.ByHand, DecodeByHand)];

    public IReadOnlyList<Codec> Encoders => [];

    private long DecodeOurs(int turns)
    {
        var sum = 0L;
        ref var source = ref MemoryMarshal.GetArrayDataReference(_messages.Source);
        var length = _messages.Golden.Length;
        for (var turn = 0; turn < turns; turn++)
        {
            // A span over the message, as a transport hands it out.
            var bytes = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref source, _messages.Offset(turn)), length);
            if (!MDIncrementalRefreshBook32Reader.TryWrap(bytes, out var book))
            {
                return -1;
            }

            sum += (long)book.TransactTime + (long)book.MatchEventIndicator;
            foreach (var entry in book.NoMDEntries)
            {
                sum += entry.MDEntryPx.Mantissa + entry.MDEntrySize + entry.SecurityID + entry.RptSeq
                    + entry.NumberOfOrders + entry.MDPriceLevel + (long)entry.MDUpdateAction + (long)entry.MDEntryType;
            }

            foreach (var order in book.NoOrderIDEntries)
            {
                sum += (long)order.OrderID + (long)order.MDOrderPriority + order.MDDisplayQty + order.ReferenceID
                    + (long)order.OrderUpdateAction;
            }
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
            var book = _book.WrapForDecode(
                _source, offset + Official.MessageHeader.Size, _header.BlockLength, _header.Version);
            sum += (long)book.TransactTime + (long)book.MatchEventIndicator;
            var entries = book.NoMDEntries;
            while (entries.HasNext)
            {
                var entry = entries.Next();
                sum += entry.MDEntryPx.Mantissa + entry.MDEntrySize + entry.SecurityID + entry.RptSeq
                    + entry.NumberOfOrders + entry.MDPriceLevel + (long)entry.MDUpdateAction + (long)entry.MDEntryType;
            }

            var orders = book.NoOrderIDEntries;
            while (orders.HasNext)
            {
                var order = orders.Next();
                sum += (long)order.OrderID + (long)order.MDOrderPriority + order.MDDisplayQty + order.ReferenceID
                    + (long)order.OrderUpdateAction;
            }
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
            sum += Unsafe.ReadUnaligned<long>(ref block) + Unsafe.Add(ref block, 8);
            ref var group = ref Unsafe.Add(ref block, Unsafe.ReadUnaligned<ushort>(ref message));
            var stride = (int)Unsafe.ReadUnaligned<ushort>(ref group);
            var count = (int)Unsafe.Add(ref group, 2);
            ref var entry = ref Unsafe.Add(ref group, 3);
            for (var i = 0; i < count; i++)
            {
                sum += Unsafe.ReadUnaligned<long>(ref entry)
                    + Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref entry, 8))
                    + Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref entry, 12))
                    + Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref entry, 16))
                    + Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref entry, 20))
                    + Unsafe.Add(ref entry, 24) + Unsafe.Add(ref entry, 25) + Unsafe.Add(ref entry, 26);
                entry = ref Unsafe.Add(ref entry, stride);
            }

            stride = Unsafe.ReadUnaligned<ushort>(ref entry);
            count = Unsafe.Add(ref entry, 7);
            entry = ref Unsafe.Add(ref entry, 8);
            for (var i = 0; i < count; i++)
            {
                sum += Unsafe.ReadUnaligned<long>(ref entry) + Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref entry, 8))
                    + Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref entry, 16))
                    + Unsafe.Add(ref entry, 20) + Unsafe.Add(ref entry, 21);
                entry = ref Unsafe.Add(ref entry, stride);
            }
        }

        return sum;
    }
}

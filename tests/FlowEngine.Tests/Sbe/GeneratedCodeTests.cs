using System.Buffers.Binary;
using FlowTest.Shop;
using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>The code generated at build time from Schemas/shop.xml, against bytes laid out by hand.</summary>
public class GeneratedCodeTests
{
    [Fact]
    public void A_message_with_groups_and_data_has_the_bytes_of_the_standard()
    {
        var buffer = new byte[256];
        var length = WriteOrders(buffer);
        byte[] expected =
        [
            4, 0, 0xE9, 3, 41, 0, 3, 0, 2, 0, 1, 0, // block 4, template 1001, schema 41, version 3, 2 groups, 1 data
            7, 0, 0, 0,
            9, 0, 2, 0, 1, 0, 1, 0, // ordersList: block 9, 2 entries, each with 1 group and 1 data
            1, .. Bits(1.5),
            4, 0, 2, 0, 0, 0, 0, 0, 10, 0, 0, 0, 11, 0, 0, 0, // fills
            3, (byte)'a', (byte)'b', (byte)'c',
            0, 0, 0, 0, 0, 0, 0, 0xF8, 0x7F, // price left null
            4, 0, 0, 0, 0, 0, 0, 0, // no fills
            0,
            10, 0, 1, 0, 0, 0, 0, 0, // levels
            0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 5, 0,
            4, (byte)'B', (byte)'T', 0xC3, 0xA9,
        ];
        Assert.Equal(expected, buffer.AsSpan(0, length).ToArray());
    }

    [Fact]
    public void Groups_and_data_are_read_in_any_order()
    {
        var buffer = new byte[256];
        var length = WriteOrders(buffer);
        Assert.True(OrdersReader.TryWrap(buffer, out var orders));
        Assert.Equal(length, orders.EncodedLength);
        Assert.Equal("BTé", orders.InstrumentNameString());
        Assert.Equal(5, orders.Levels[0].Count);
        Assert.True(orders.Levels[0].PriceIsNull);
        Assert.Equal(2, orders.OrdersList.Count);
        for (var pass = 0; pass < 2; pass++)
        {
            var seen = "";
            foreach (var order in orders.OrdersList)
            {
                seen += $"{order.Side} {order.PriceIsNull} '{order.NoteString()}':";
                foreach (var fill in order.Fills)
                    seen += $" {fill.Amount}";
                seen += ";";
            }

            Assert.Equal("Sell False 'abc': 10 11;Buy True '':;", seen);
        }

        Assert.Equal(7U, orders.InstrumentId);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            OrdersReader.TryWrap(buffer, out var again);
            _ = again.Levels[1];
        });
    }

    [Fact]
    public void A_fixed_message_has_composites_arrays_enums_and_sets_in_place()
    {
        var buffer = new byte[TickWriter.EncodedFixedLength];
        WriteTick(buffer);
        Assert.Equal(12 + 49, TickWriter.EncodedFixedLength);
        Assert.Equal(99, BinaryPrimitives.ReadInt64LittleEndian(buffer.AsSpan(12)));
        Assert.Equal(uint.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(20)));
        Assert.Equal("XB\0\0"u8, buffer.AsSpan(24, 4));
        Assert.Equal(0x8000000080000000UL, BinaryPrimitives.ReadUInt64LittleEndian(buffer.AsSpan(39)));
        Assert.True(TickReader.TryWrap(buffer, out var tick));
        Assert.Equal(99, tick.Stamp.Time);
        Assert.True(tick.Stamp.SequenceIsNull);
        Assert.False(tick.Stamp.IsNull);
        Assert.Equal("XB", tick.CodeString());
        Assert.Equal(-2, tick.Weights(1));
        Assert.Equal(3, TickReader.WeightsLength);
        Assert.Equal([1, 2, 3, 4], tick.DigestBytes.ToArray());
        Assert.Equal((Side)17, tick.Side);
        Assert.Equal(Marks.Middle | Marks.Last, tick.Marks);
        Assert.True(tick.RatioIsNull);
        Assert.Equal(TickReader.PriceNull, tick.Price);
        Assert.Equal(0, TickReader.TemplateId - 1002);
        Assert.Equal("flow_test.shop", SchemaInfo.Package);
        Assert.True(FrameHeaderReader.TryWrap(buffer, out var header));
        Assert.Equal(49, header.BlockLength);
    }

    [Fact]
    public void A_field_of_a_later_version_needs_both_the_version_and_the_bytes()
    {
        var buffer = new byte[TickWriter.EncodedFixedLength];
        var writer = WriteTick(buffer);
        writer.Added = 6;
        Assert.True(TickReader.TryWrapBody(buffer.AsSpan(12), 49, 2, out var tick) && tick.Added == 6);
        Assert.True(TickReader.TryWrapBody(buffer.AsSpan(12), 49, 1, out tick) && tick.AddedIsNull);
        Assert.True(TickReader.TryWrapBody(buffer.AsSpan(12), 48, 2, out tick) && tick.AddedIsNull);
        Assert.False(TickReader.TryWrapBody(buffer.AsSpan(12), 46, 2, out _));
        Assert.False(TickReader.TryWrapBody(buffer.AsSpan(12), 50, 2, out _));
        Assert.False(TickReader.TryWrapBody(buffer.AsSpan(12), -1, 2, out _));
    }

    [Fact]
    public void A_writer_refuses_what_does_not_fit()
    {
        var buffer = new byte[256];
        Assert.Throws<ArgumentException>(() => { _ = new OrdersWriter(new byte[15]); });
        Assert.Throws<ArgumentException>(() => new TickWriter(buffer).SetCode("XBTUSD"u8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TickWriter(buffer).SetWeights(3, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => WriteEntries(256, announced: -1, written: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => WriteEntries(256, announced: 65535, written: 0));
        Assert.Throws<ArgumentException>(() => WriteEntries(20, announced: 0, written: 0));
        Assert.Throws<ArgumentException>(() => WriteEntries(32, announced: 1, written: 1));
        Assert.Throws<InvalidOperationException>(() => WriteEntries(256, announced: 0, written: 1));
        Assert.Throws<NullReferenceException>(() => WriteEntries(256, announced: 1, written: 0));
        Assert.Throws<ArgumentException>(() =>
        {
            var w = new OrdersWriter(buffer);
            w.BeginOrdersList(0);
            w.BeginLevels(0);
            w.SetInstrumentName(new byte[255]);
        });
    }

    [Fact]
    public void Writing_and_reading_allocate_nothing()
    {
        var buffer = new byte[256];
        long sum = 0;
        for (var round = 0; round < 3; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10_000; i++)
            {
                WriteOrders(buffer);
                sum += ReadOrders(buffer);
                WriteTick(buffer);
                if (TickReader.TryWrap(buffer, out var tick))
                    sum += tick.Stamp.Time + tick.Code.Length + tick.Weights(2) + tick.DigestBytes[3];
            }

            if (round > 0)
                Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(3L * 10_000 * (7 + 21 + 5 + 3 + 99 + 2 + 3 + 4), sum);
    }

    private static void WriteEntries(int room, int announced, int written)
    {
        var writer = new OrdersWriter(new byte[room]);
        var orders = writer.BeginOrdersList(announced);
        for (var i = 0; i < written; i++)
        {
            orders.Next();
            orders.BeginFills(0);
            orders.SetNote(default);
        }

        // Without Next there is no entry: the null reference keeps the header from being overwritten.
        orders.Price = 1;
    }

    private static long ReadOrders(byte[] buffer)
    {
        if (!OrdersReader.TryWrap(buffer, out var orders))
            return 0;
        long sum = orders.InstrumentId;
        foreach (var order in orders.OrdersList)
        {
            sum += order.Note.Length;
            foreach (var fill in order.Fills)
                sum += fill.Amount;
        }

        foreach (var level in orders.Levels)
            sum += level.Count;
        return sum;
    }

    private static int WriteOrders(byte[] buffer)
    {
        var writer = new OrdersWriter(buffer) { InstrumentId = 7 };
        var orders = writer.BeginOrdersList(2);
        orders.Next();
        orders.Side = Side.Sell;
        orders.Price = 1.5;
        var fills = orders.BeginFills(2);
        fills.Next();
        fills.Amount = 10;
        fills.Next();
        fills.Amount = 11;
        orders.SetNote("abc"u8);
        orders.Next();
        orders.BeginFills(0);
        orders.SetNote(default);
        var levels = writer.BeginLevels(1);
        levels.Next();
        levels.Count = 5;
        writer.SetInstrumentName("BTé"u8);
        return writer.EncodedLength;
    }

    private static TickWriter WriteTick(byte[] buffer)
    {
        buffer.AsSpan().Fill(0xEE);
        var writer = new TickWriter(buffer);
        var stamp = writer.Stamp;
        stamp.Time = 99;
        writer.SetCode("XBTU"u8);
        writer.SetCode("XB"u8);
        writer.SetWeights(0, 1);
        writer.SetWeights(1, -2);
        writer.SetWeights(2, 3);
        writer.SetDigest([1, 2, 3, 4]);
        writer.Side = (Side)17;
        writer.Marks = Marks.Middle | Marks.Last;
        return writer;
    }

    private static byte[] Bits(double value) => BitConverter.GetBytes(value);
}

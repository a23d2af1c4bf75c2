using System.Buffers.Binary;
using System.Text;
using FlowEngine.Messages.Deribit;

namespace FlowEngine.Tests.Feeds;

/// <summary>Deribit datagrams built by hand, byte by byte and without the generated writers.</summary>
internal sealed class DeribitPackets
{
    private readonly ByteList _writer = new();

    public DeribitPackets(ushort channel = 3, uint sequence = 1)
    {
        _writer.Write((ushort)0);
        _writer.Write(channel);
        _writer.Write(sequence);
    }

    public byte[] Done()
    {
        byte[] bytes = _writer.ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)(bytes.Length - 8));
        return bytes;
    }

    public DeribitPackets Header(ushort block, ushort template, ushort groups = 0, ushort data = 0, ushort schema = 1)
    {
        _writer.Write(block);
        _writer.Write(template);
        _writer.Write(schema);
        _writer.Write((ushort)3);
        _writer.Write(groups);
        _writer.Write(data);
        return this;
    }

    public DeribitPackets Raw(params byte[] bytes)
    {
        _writer.Write(bytes);
        return this;
    }

    public DeribitPackets Instrument(
        uint id = 7,
        double tick = 0.5,
        double lot = 10,
        byte state = 1,
        byte kind = 0,
        byte type = 1,
        byte period = 0,
        string name = "BTC-PERPETUAL")
    {
        Header(140, 1000, data: 1);
        _writer.Write(id);
        _writer.Write([state, kind, type, 0, 0, period]);
        _writer.Write((ushort)0);
        foreach (string currency in new[] { "BTC", "USD", "USD", "BTC", "USD" })
        {
            _writer.Write(Encoding.ASCII.GetBytes(currency.PadRight(8, '\0')));
        }

        _writer.Write(1_534_377_600_000UL);
        _writer.Write(1_686_902_400_000UL);
        foreach (double value in new[] { double.NaN, 10, lot, tick, 0, 0.0005, 0.00025, 0.0075, 50 })
        {
            _writer.Write(value);
        }

        _writer.Write((byte)name.Length);
        _writer.Write(Encoding.ASCII.GetBytes(name));
        return this;
    }

    public DeribitPackets Book(
        (byte Side, byte Change, double Price, double Amount)[] changes,
        uint id = 7,
        ulong prev = 100,
        ulong next = 101,
        byte isLast = 1,
        ulong timeMs = 1_686_858_149_957)
    {
        Header(29, 1001, groups: 1);
        _writer.Write(id);
        _writer.Write(timeMs);
        _writer.Write(prev);
        _writer.Write(next);
        _writer.Write(isLast);
        Group(18, changes.Length);
        foreach (var change in changes)
        {
            _writer.Write(change.Side);
            _writer.Write(change.Change);
            _writer.Write(change.Price);
            _writer.Write(change.Amount);
        }

        return this;
    }

    public DeribitPackets Trades(
        (byte Direction, double Price, double Amount, byte Liquidation, ulong Block)[] trades, uint id = 7)
    {
        Header(4, 1002, groups: 1);
        _writer.Write(id);
        Group(83, trades.Length);
        ulong tradeId = 500;
        foreach (var trade in trades)
        {
            _writer.Write(trade.Direction);
            _writer.Write(trade.Price);
            _writer.Write(trade.Amount);
            _writer.Write(1_686_858_149_958UL);
            _writer.Write(25_000.123);
            _writer.Write(25_001.0);
            _writer.Write(tradeId - 400);
            _writer.Write(tradeId++);
            _writer.Write((byte)TickDirection.Plus);
            _writer.Write(trade.Liquidation);
            _writer.Write(double.NaN);
            _writer.Write(trade.Block);
            _writer.Write(0UL);
        }

        return this;
    }

    public DeribitPackets Snapshot(
        (byte Side, double Price, double Amount)[] levels, uint id = 7, ulong change = 200, byte isLast = 1)
    {
        Header(22, 1004, groups: 1);
        _writer.Write(id);
        _writer.Write(1_686_858_150_000UL);
        _writer.Write(change);
        _writer.Write((byte)1);
        _writer.Write(isLast);
        Group(17, levels.Length);
        foreach (var level in levels)
        {
            _writer.Write(level.Side);
            _writer.Write(level.Price);
            _writer.Write(level.Amount);
        }

        return this;
    }

    public DeribitPackets Ticker(
        uint id = 7,
        byte state = 1,
        double openInterest = 1234560,
        double index = 25_001.25,
        double mark = 25_000.1234,
        double bid = 24_999.5,
        double bidAmount = 500,
        double ask = 25_000,
        double askAmount = 700,
        double funding = 0.0001)
    {
        Header(133, 1003);
        _writer.Write(id);
        _writer.Write(state);
        _writer.Write(1_686_858_150_001UL);
        double nan = double.NaN;
        foreach (double value in new[]
        {
            openInterest, 24_000, 26_000, nan, index, mark, bid, bidAmount, ask, askAmount, funding, nan, nan, nan, nan,
        })
        {
            _writer.Write(value);
        }

        return this;
    }

    private void Group(ushort block, int count)
    {
        _writer.Write(block);
        _writer.Write((ushort)count);
        _writer.Write(0U);
    }

    private sealed class ByteList
    {
        private readonly List<byte> _bytes = [];

        public byte[] ToArray() => [.. _bytes];

        public void Write(byte value) => _bytes.Add(value);

        public void Write(byte[] value) => _bytes.AddRange(value);

        public void Write(ushort value) => _bytes.AddRange(BitConverter.GetBytes(value));

        public void Write(uint value) => _bytes.AddRange(BitConverter.GetBytes(value));

        public void Write(ulong value) => _bytes.AddRange(BitConverter.GetBytes(value));

        public void Write(double value) => _bytes.AddRange(BitConverter.GetBytes(value));
    }
}

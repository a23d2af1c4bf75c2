using System.Buffers.Binary;
using FlowEngine.Market;

namespace FlowEngine.Peers.Books;

/// <summary>
/// Order events as NASDAQ ITCH 5.0 messages of one stock, each behind its length (u16, big endian): the format that
/// all peers read. Ids are numbered anew from 1 without holes, which suits peers that index arrays by id; executions
/// are 'E', fewer lots 'X', everything else that modifies is 'U' with a new id.
/// </summary>
internal sealed class ItchWriter(Stream file, long itchPricePerQuantum) : IDisposable
{
    private const int Locate = 1;

    private readonly Dictionary<ulong, Order> _orders = [];
    private readonly byte[] _message = new byte[64];
    private uint _lastId;

    /// <summary>Messages written.</summary>
    public long Messages { get; private set; }

    /// <summary>Writes what an order event says; other events write nothing.</summary>
    public void Write(in MarketEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.OrderAdd:
                Add(in e);
                break;
            case EventKind.OrderModify when _orders.TryGetValue(e.Id, out var order):
                Modify(order, in e);
                break;
            case EventKind.OrderExecute when _orders.TryGetValue(e.Id, out var order):
                Take('E', 31, order, e.Id, e.Quantity);
                break;
            case EventKind.OrderDelete when _orders.TryGetValue(e.Id, out var order):
                Delete(order, e.Id);
                break;
            case EventKind.Clear or EventKind.SessionReset or EventKind.SnapshotBegin:
                Clear();
                break;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void Add(in MarketEvent e)
    {
        if (_orders.TryGetValue(e.Id, out var old))
        {
            Delete(old, e.Id);
        }

        var order = new Order(++_lastId, e.Side, e.Price, e.Quantity);
        _orders.Add(e.Id, order);
        var body = Begin('A', 36, order.Number);
        body[19] = (byte)(order.Side == Side.Bid ? 'B' : 'S');
        BinaryPrimitives.WriteUInt32BigEndian(body[20..], checked((uint)order.Lots));
        "PEERS   "u8.CopyTo(body[24..]);
        BinaryPrimitives.WriteUInt32BigEndian(body[32..], Price(order.Price));
        End(36);
    }

    private void Modify(Order order, in MarketEvent e)
    {
        if (e.Price == order.Price && e.Quantity <= order.Lots)
        {
            if (e.Quantity < order.Lots)
            {
                Take('X', 23, order, e.Id, order.Lots - e.Quantity);
            }

            return;
        }

        var body = Begin('U', 35, order.Number);
        var replaced = order with { Number = ++_lastId, Price = e.Price, Lots = e.Quantity };
        _orders[e.Id] = replaced;
        BinaryPrimitives.WriteUInt64BigEndian(body[19..], replaced.Number);
        BinaryPrimitives.WriteUInt32BigEndian(body[27..], checked((uint)replaced.Lots));
        BinaryPrimitives.WriteUInt32BigEndian(body[31..], Price(replaced.Price));
        End(35);
    }

    private void Take(char type, int length, Order order, ulong id, long lots)
    {
        if (lots >= order.Lots && type == 'X')
        {
            Delete(order, id);
            return;
        }

        var body = Begin(type, length, order.Number);
        BinaryPrimitives.WriteUInt32BigEndian(body[19..], checked((uint)Math.Min(lots, order.Lots)));
        End(length);
        if (lots >= order.Lots)
        {
            _orders.Remove(id);
        }
        else
        {
            _orders[id] = order with { Lots = order.Lots - lots };
        }
    }

    private void Delete(Order order, ulong id)
    {
        Begin('D', 19, order.Number);
        End(19);
        _orders.Remove(id);
    }

    private void Clear()
    {
        foreach (var (id, order) in _orders.ToArray())
        {
            Delete(order, id);
        }
    }

    // Length, type, locate, tracking number 0, time stamp 0, order number; then what the type has.
    private Span<byte> Begin(char type, int length, uint number)
    {
        _message.AsSpan().Clear();
        BinaryPrimitives.WriteUInt16BigEndian(_message, (ushort)length);
        var body = _message.AsSpan(sizeof(ushort), length);
        body[0] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(body[1..], Locate);
        BinaryPrimitives.WriteUInt64BigEndian(body[11..], number);
        return body;
    }

    private void End(int length)
    {
        file.Write(_message, 0, sizeof(ushort) + length);
        Messages++;
    }

    private uint Price(long quanta) => checked((uint)(quanta * itchPricePerQuantum));

    private readonly record struct Order(uint Number, Side Side, long Price, long Lots);
}

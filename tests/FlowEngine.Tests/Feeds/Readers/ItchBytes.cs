using System.Buffers.Binary;
using System.Text;

namespace FlowEngine.Tests.Feeds.Readers;

/// <summary>Writes ITCH 5.0 messages by the venue's field list.</summary>
internal sealed class ItchBytes
{
    private readonly List<byte[]> _messages = [];
    private byte[] _message = [];
    private int _at;

    /// <summary>The messages as a file: each behind its length.</summary>
    public byte[] File =>
    [
        .. _messages.SelectMany(message => (byte[])[(byte)(message.Length >> 8), (byte)message.Length, .. message]),
    ];

    /// <summary>The messages in one MoldUDP64 packet.</summary>
    public byte[] Mold(string session, ulong sequence)
    {
        byte[] header = new byte[20];
        Encoding.ASCII.GetBytes(session.PadLeft(10)).CopyTo(header, 0);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(10), sequence);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(18), (ushort)_messages.Count);
        return [.. header, .. File];
    }

    public ItchBytes System(char code) => Begin('S', 0).Text($"{code}", 1).End();

    public ItchBytes Directory(ushort locate, string stock)
    {
        Begin('R', locate).Text(stock, 8).Text("Q ", 2).Whole(100, 4).Text("NCZ PN 1N", 9);
        return Whole(0, 4).Text("N", 1).End();
    }

    public ItchBytes Action(ushort locate, string stock, char state) =>
        Begin('H', locate).Text(stock, 8).Text($"{state} ", 2).Text("", 4).End();

    public ItchBytes Add(
        ushort locate, ulong id, char side, uint shares, string stock, uint price, bool isNamed = false)
    {
        Begin(isNamed ? 'F' : 'A', locate).Whole(id, 8).Text($"{side}", 1).Whole(shares, 4).Text(stock, 8)
            .Whole(price, 4);
        return (isNamed ? Text("NSDQ", 4) : this).End();
    }

    public ItchBytes Executed(ushort locate, ulong id, uint shares, ulong match) =>
        Begin('E', locate).Whole(id, 8).Whole(shares, 4).Whole(match, 8).End();

    public ItchBytes ExecutedAt(ushort locate, ulong id, uint shares, ulong match, bool isPrintable, uint price) =>
        Begin('C', locate).Whole(id, 8).Whole(shares, 4).Whole(match, 8).Text(isPrintable ? "Y" : "N", 1)
            .Whole(price, 4).End();

    public ItchBytes Cancel(ushort locate, ulong id, uint shares) =>
        Begin('X', locate).Whole(id, 8).Whole(shares, 4).End();

    public ItchBytes Delete(ushort locate, ulong id) => Begin('D', locate).Whole(id, 8).End();

    public ItchBytes Replace(ushort locate, ulong old, ulong id, uint shares, uint price) =>
        Begin('U', locate).Whole(old, 8).Whole(id, 8).Whole(shares, 4).Whole(price, 4).End();

    public ItchBytes Trade(ushort locate, uint shares, string stock, uint price, ulong match) =>
        Begin('P', locate).Whole(0, 8).Text("B", 1).Whole(shares, 4).Text(stock, 8).Whole(price, 4)
            .Whole(match, 8).End();

    public ItchBytes Cross(ushort locate, ulong shares, string stock, uint price, ulong match) =>
        Begin('Q', locate).Whole(shares, 8).Text(stock, 8).Whole(price, 4).Whole(match, 8).Text("O", 1).End();

    private ItchBytes Begin(char type, ushort locate)
    {
        _message = new byte[64];
        _at = 0;
        return Text($"{type}", 1).Whole(locate, 2).Whole(0, 2).Whole(34_200_000_000_000 + (ulong)_messages.Count, 6);
    }

    private ItchBytes End()
    {
        _messages.Add(_message[.._at]);
        return this;
    }

    private ItchBytes Text(string text, int length)
    {
        Encoding.ASCII.GetBytes(text.PadRight(length)).CopyTo(_message, _at);
        _at += length;
        return this;
    }

    private ItchBytes Whole(ulong value, int length)
    {
        for (var i = length - 1; i >= 0; i--, value >>= 8)
        {
            _message[_at + i] = (byte)value;
        }

        _at += length;
        return this;
    }
}

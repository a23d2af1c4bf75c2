using System.Buffers.Binary;

namespace FlowEngine.Peers.Books;

/// <summary>A stream file in memory, with what its messages have in common.</summary>
internal sealed record BookStream(string Path, byte[] Bytes, int Messages, int TickItchPrices)
{
    /// <summary>Reads a file of <see cref="ItchWriter"/>.</summary>
    public static BookStream Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        int messages = 0;
        uint tick = 0;
        for (int at = 0; at < bytes.Length;)
        {
            messages++;
            var body = bytes.AsSpan(at + sizeof(ushort));
            at += sizeof(ushort) + BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at));
            if (body[0] is (byte)'A' or (byte)'U')
            {
                tick = Common(tick, BinaryPrimitives.ReadUInt32BigEndian(body[(body[0] == 'A' ? 32 : 31)..]));
            }
        }

        return new BookStream(path, bytes, messages, (int)tick);
    }

    private static uint Common(uint left, uint right) => right == 0 ? left : Common(right, left % right);
}

using System.Buffers.Binary;
using FlowEngine.Aeron;

namespace FlowEngine.Testing;

/// <summary>How a publication takes a message: its <c>Offer</c>.</summary>
public delegate long Offering(ReadOnlySpan<byte> payload, long reservedValue);

/// <summary>Publishes messages whose number says their length and content.</summary>
public sealed class NumberedStream(Offering offer, int maxLength)
{
    private readonly byte[] _buffer = new byte[maxLength];

    /// <summary>How many were published.</summary>
    public int Count { get; private set; }

    /// <summary>Publishes what there is room for.</summary>
    /// <returns>Whether all <paramref name="total"/> are out.</returns>
    public bool Advance(int total)
    {
        while (Count < total)
        {
            var length = Fill(Count);
            var result = offer(_buffer.AsSpan(0, length), Count);
            if (result == PublicationResult.AdminAction)
            {
                continue;
            }

            if (result <= 0)
            {
                return false;
            }

            Count++;
        }

        return true;
    }

    private int Fill(int number)
    {
        var length = sizeof(int)
            + (int)((uint)number * 2_654_435_761u % (uint)(_buffer.Length - sizeof(int) + 1));
        for (var i = sizeof(int); i < length; i++)
        {
            _buffer[i] = (byte)(number + i);
        }

        BinaryPrimitives.WriteInt32LittleEndian(_buffer, number);
        return length;
    }
}

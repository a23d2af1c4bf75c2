using System.Buffers.Binary;
using FlowEngine.Aeron;
using Xunit;

namespace FlowEngine.Tests.Aeron;

internal delegate long Offering(ReadOnlySpan<byte> payload, long reservedValue);

/// <summary>Publishes messages whose number says their length and content.</summary>
internal sealed class NumberedStream(Offering offer, int maxLength)
{
    private readonly byte[] _buffer = new byte[maxLength];

    /// <summary>How many were published.</summary>
    public int Count { get; private set; }

    /// <summary>Length and content of a message.</summary>
    public static int Fill(int number, Span<byte> buffer)
    {
        var length = sizeof(int) + (int)((uint)number * 2_654_435_761u % (uint)(buffer.Length - sizeof(int) + 1));
        for (var i = sizeof(int); i < length; i++)
        {
            buffer[i] = (byte)(number + i);
        }

        BinaryPrimitives.WriteInt32LittleEndian(buffer, number);
        return length;
    }

    /// <summary>Publishes what there is room for.</summary>
    /// <returns>Whether all <paramref name="total"/> are out.</returns>
    public bool Advance(int total)
    {
        while (Count < total)
        {
            var length = Fill(Count, _buffer);
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
}

/// <summary>Reads them and checks that each comes whole, once, in its turn.</summary>
internal sealed class NumberedReader
{
    private readonly Subscription _subscription;
    private FragmentAssembler<Check> _assembler;

    public NumberedReader(Subscription subscription, int maxLength = 0)
    {
        _subscription = subscription;
        _assembler = new FragmentAssembler<Check>(new Check(maxLength));
    }

    /// <summary>How many have come.</summary>
    public int Count => _assembler.Handler.Count;

    /// <summary>Takes what there is.</summary>
    /// <returns>How many have come in all.</returns>
    public int Poll(int fragmentLimit = 100)
    {
        _subscription.Poll(ref _assembler, fragmentLimit);
        return Count;
    }

    private struct Check(int maxLength) : IFragmentHandler
    {
        private byte[] _expected = new byte[maxLength];

        public int Count { get; private set; }

        public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header)
        {
            Assert.Equal(Count, BinaryPrimitives.ReadInt32LittleEndian(payload));
            Assert.Equal(Count, header.ReservedValue);
            if (_expected.Length > 0)
            {
                var length = NumberedStream.Fill(Count, _expected);
                Assert.True(payload.SequenceEqual(_expected.AsSpan(0, length)), $"message {Count}");
            }
            else
            {
                for (var i = sizeof(int); i < payload.Length; i++)
                {
                    if (payload[i] != (byte)(Count + i))
                    {
                        Assert.Fail($"message {Count} differs at {i}");
                    }
                }
            }

            Count++;
        }
    }
}

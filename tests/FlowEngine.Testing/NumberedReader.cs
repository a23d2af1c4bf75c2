using System.Buffers.Binary;
using FlowEngine.Aeron;

namespace FlowEngine.Testing;

/// <summary>Reads what a <see cref="NumberedStream"/> publishes: each must come whole, once, in its turn.</summary>
public sealed class NumberedReader(Subscription subscription)
{
    private FragmentAssembler<Check> _assembler = new(default);

    /// <summary>How many have come.</summary>
    public int Count => _assembler.Handler.Count;

    /// <summary>Takes what there is.</summary>
    /// <returns>How many have come in all.</returns>
    /// <exception cref="InvalidDataException">One is missing, doubled or damaged.</exception>
    public int Poll(int fragmentLimit = 100)
    {
        subscription.Poll(ref _assembler, fragmentLimit);
        return Count;
    }

    private struct Check : IFragmentHandler
    {
        public int Count { get; private set; }

        public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header)
        {
            var number = BinaryPrimitives.ReadInt32LittleEndian(payload);
            if (number != Count || header.ReservedValue != Count)
            {
                throw new InvalidDataException(
                    $"message {number} with reserved value {header.ReservedValue} came as number {Count}");
            }

            for (var i = sizeof(int); i < payload.Length; i++)
            {
                if (payload[i] != (byte)(Count + i))
                {
                    throw new InvalidDataException($"message {Count} differs at {i}");
                }
            }

            Count++;
        }
    }
}

using System.Buffers.Binary;
using FlowEngine.Aeron;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>Messages that show whether one is missing, comes twice or is torn: a number, bytes made of it.</summary>
internal static class KillMessage
{
    public const int MaxLength = 5000;
    private const int NumberLength = sizeof(long);
    private const int Spread = 2657;

    /// <summary>Length of message <paramref name="number"/>: some are claims, some whole, some fragmented.</summary>
    public static int LengthOf(long number) => NumberLength + (int)(number * Spread % (MaxLength - NumberLength));

    public static void Fill(Span<byte> message, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(message, number);
        message[NumberLength..].Fill((byte)number);
    }

    public static bool TryRead(ReadOnlySpan<byte> message, out long number)
    {
        number = message.Length < NumberLength ? -1 : BinaryPrimitives.ReadInt64LittleEndian(message);
        return number >= 0 && message.Length == LengthOf(number)
            && !message[NumberLength..].ContainsAnyExcept((byte)number);
    }
}

/// <summary>Checks a stream of numbered messages; hold it by reference.</summary>
internal sealed class KillStream
{
    public long First { get; private set; } = -1;

    /// <summary>Number of the message that has to come next.</summary>
    public long Next { get; private set; }

    public long Damaged { get; private set; }

    public long OutOfOrder { get; private set; }

    public bool IsGood => Damaged == 0 && OutOfOrder == 0;

    public void Add(ReadOnlySpan<byte> message)
    {
        if (!KillMessage.TryRead(message, out var number))
        {
            Damaged++;
            return;
        }

        if (First < 0)
        {
            First = number;
        }
        else if (number != Next)
        {
            OutOfOrder++;
        }

        Next = number + 1;
    }

    public FragmentAssembler<Handler> CreateHandler() => new(new Handler(this));

    internal readonly struct Handler(KillStream stream) : IFragmentHandler
    {
        public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header) => stream.Add(payload);
    }
}

using System.Buffers.Binary;
using CsCheck;
using FlowEngine.Aeron;
using FlowEngine.Engine;
using FlowEngine.Feeds.Simulation;
using FlowEngine.Messages.PreTrade;
using FlowEngine.Testing;
using Xunit;

namespace FlowEngine.Tests.Engine;

/// <summary>Ten thousand hostile requests, each judged by a reader that knows only the schema's offsets.</summary>
public sealed class PreTradeFuzzTests
{
    private const int Requests = 10_000;
    private const int Header = 8;
    private const int Whole = Header + 56;
    private const uint Instruments = 64;

    private static readonly Gen<byte[]> s_sound =
        from client in Gen.ULong
        from correlation in Gen.ULong
        from epoch in OneOf(0ul, 0ul, 77ul, 78ul)
        from instrument in OneOf(0u, 1u, 2u, 63u, 64u, uint.MaxValue)
        from side in OneOf<byte>(1, 2, 1, 2, 0, 255)
        from slices in OneOf<byte>(1, 7, 32, 32, 0, 33, 255)
        from lots in Gen.OneOf(Gen.Long[1, 100_000], Gen.Const(1_000_000_000_000_000L), Gen.Long)
        from horizon in Gen.OneOf(Gen.Long[1_000_000, 86_400_000_000_000], Gen.Long)
        from aversion in Gen.OneOf(Gen.Double[0, 1e6], Gen.Const(0.0), Gen.Double.Special)
        select Write(client, correlation, epoch, instrument, side, slices, lots, horizon, aversion);

    private static readonly Gen<byte[]> s_message =
        from sound in s_sound
        from kind in Gen.Int[0, 5]
        from cut in Gen.Int[0, Whole]
        from place in Gen.Int[0, Whole - 1]
        from value in Gen.Byte
        from noise in Gen.Byte.Array[0, 80]
        select kind switch
        {
            0 => sound[..cut],
            1 => Flip(sound, place, value),
            2 => noise,
            3 => [.. sound, .. noise],
            _ => sound,
        };

    [Fact]
    public void Hostile_requests_are_counted_and_answered_where_they_say_whom_to_answer()
    {
        using var room = new PreTradeRoom(new EngineOptions { InstrumentCapacity = (int)Instruments });
        foreach (var packet in new PacketList(new SimulatorOptions { Seed = 4 }, packets: 2000).Packets)
        {
            room.Feed(packet);
        }

        var answers = room.Listen();
        var defined = (uint)room.Pipeline.State.Count;
        var seen = new HashSet<AnswerStatus>();
        s_message.Sample(
            message =>
            {
                room.AwaitRoom();
                Assert.True(room.Pipeline.Intake.TryTake(message));
                room.Pipeline.Engine.DoWork(0);
                room.Pipeline.Answerer.DoWork(0);

                // Twice: a poll ends where a term does.
                var reader = new Reader();
                answers.Poll(ref reader, 10);
                answers.Poll(ref reader, 10);
                var expected = Judge(message, defined);
                Assert.Equal(expected is null ? 0 : 1, reader.Count);
                if (expected is { } status)
                {
                    seen.Add(status);
                    Assert.Equal((status, Ids(message)), (reader.Status, (reader.ClientId, reader.CorrelationId)));
                    Assert.True(reader.IsFinite, "every number of an answer is one");
                }
            },
            iter: Requests,
            threads: 1);

        var intake = room.Pipeline.Intake;
        Assert.Equal(0, room.Pipeline.Engine.Failures);
        Assert.Equal(0, intake.Unsent + intake.Busy + room.Pipeline.Answerer.Dropped);
        Assert.True(intake.Accepted > 100 && intake.Bad > 1000 && intake.Unreadable > 1000);
        Assert.Superset(
            new HashSet<AnswerStatus>
            {
                AnswerStatus.Ok, AnswerStatus.BadRequest, AnswerStatus.OtherEpoch, AnswerStatus.UnknownInstrument,
            },
            seen);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    // Null: no answer is owed. The order of the checks is the contract's: what is said, of what epoch, then of whom.
    private static AnswerStatus? Judge(byte[] message, uint defined)
    {
        if (message.Length < Header + 16 || UShort(message, 2) != 1 || UShort(message, 4) != 4003
            || Ids(message) is { Client: ulong.MaxValue } or { Correlation: ulong.MaxValue })
        {
            return null;
        }

        var isWhole = UShort(message, 0) >= 56 && message.Length >= Header + UShort(message, 0);
        if (!isWhole)
        {
            return AnswerStatus.BadRequest;
        }

        var body = message.AsSpan(Header);
        var aversion = BinaryPrimitives.ReadDoubleLittleEndian(body[48..]);
        var lots = BinaryPrimitives.ReadInt64LittleEndian(body[32..]);
        var horizon = BinaryPrimitives.ReadInt64LittleEndian(body[40..]);
        if (body[28] is not (1 or 2) || body[29] is < 1 or > 32 || lots < 1 || lots > 1e15 || horizon < 1_000_000
            || horizon > 2_592_000_000_000_000 || !(aversion >= 0 && aversion <= 1e6))
        {
            return AnswerStatus.BadRequest;
        }

        var epoch = BinaryPrimitives.ReadUInt64LittleEndian(body[16..]);
        return epoch is not (0 or 77) ? AnswerStatus.OtherEpoch
            : BinaryPrimitives.ReadUInt32LittleEndian(body[24..]) >= defined ? AnswerStatus.UnknownInstrument
            : AnswerStatus.Ok;
    }

    private static (ulong Client, ulong Correlation) Ids(byte[] message) => (
        BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(Header)),
        BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(Header + 8)));

    private static ushort UShort(byte[] message, int offset) =>
        BinaryPrimitives.ReadUInt16LittleEndian(message.AsSpan(offset));

    private static byte[] Flip(byte[] message, int place, byte value)
    {
        message[place] ^= value;
        return message;
    }

    private static byte[] Write(
        ulong client, ulong correlation, ulong epoch, uint instrument, byte side, byte slices, long lots, long horizon,
        double aversion)
    {
        var message = new byte[Whole];
        var body = message.AsSpan(Header);
        BinaryPrimitives.WriteUInt16LittleEndian(message, 56);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(2), 1);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), 4003);
        BinaryPrimitives.WriteUInt64LittleEndian(body, client);
        BinaryPrimitives.WriteUInt64LittleEndian(body[8..], correlation);
        BinaryPrimitives.WriteUInt64LittleEndian(body[16..], epoch);
        BinaryPrimitives.WriteUInt32LittleEndian(body[24..], instrument);
        (body[28], body[29]) = (side, slices);
        BinaryPrimitives.WriteInt64LittleEndian(body[32..], lots);
        BinaryPrimitives.WriteInt64LittleEndian(body[40..], horizon);
        BinaryPrimitives.WriteDoubleLittleEndian(body[48..], aversion);
        return message;
    }

    private struct Reader : IFragmentHandler
    {
        public int Count;
        public AnswerStatus Status;
        public ulong ClientId;
        public ulong CorrelationId;
        public bool IsFinite;

        public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header)
        {
            Assert.True(CostAnswerReader.TryWrap(payload, out var answer));
            (Count, Status) = (Count + 1, answer.Status);
            (ClientId, CorrelationId) = (answer.ClientId, answer.CorrelationId);
            var text = answer.ToString();
            IsFinite = !text.Contains("NaN", StringComparison.Ordinal)
                && !text.Contains("Infinity", StringComparison.Ordinal);
        }
    }
}

using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using FlowEngine.Messages.MarketData;

namespace FlowEngine.Benchmarks.Sbe;

/// <summary>
/// Generated SBE code on a level update of ten levels: validate and read every field, and write it; beside each the
/// same by hand over spans at fixed offsets, without validation.
/// </summary>
[MemoryDiagnoser]
public class CodecBench
{
    private const int Levels = 10;
    private const int RootOffset = 8;
    private const int GroupOffset = RootOffset + LevelUpdateReader.BlockLength;
    private const int EntryLength = 18;

    private readonly byte[] _message = new byte[512];
    private readonly byte[] _target = new byte[512];
    private int _length;

    /// <summary>Writes the message that is read.</summary>
    [GlobalSetup]
    public void SetUp() => _length = Encode(_message);

    /// <summary>Validates the whole message and reads it by the generated reader.</summary>
    [Benchmark]
    public long Decode()
    {
        if (!LevelUpdateReader.TryWrap(_message.AsSpan(0, _length), out var update))
        {
            return -1;
        }

        long sum = (long)update.InstrumentId + update.VenueTime + (long)update.Sequence + (long)update.PreviousSequence;
        foreach (var level in update.Levels)
        {
            sum += level.Price + level.Lots + (long)level.Side + (long)level.Action;
        }

        return sum;
    }

    /// <summary>The same fields by hand.</summary>
    [Benchmark]
    public long DecodeByHand()
    {
        ReadOnlySpan<byte> message = _message.AsSpan(0, _length);
        var root = message[RootOffset..];
        var sum = BinaryPrimitives.ReadInt64LittleEndian(root) + BinaryPrimitives.ReadInt64LittleEndian(root[8..])
            + BinaryPrimitives.ReadInt64LittleEndian(root[16..]) + BinaryPrimitives.ReadInt64LittleEndian(root[24..]);
        var count = BinaryPrimitives.ReadUInt16LittleEndian(message[(GroupOffset + 2)..]);
        for (var i = 0; i < count; i++)
        {
            var entry = message[(GroupOffset + 4 + (i * EntryLength))..];
            sum += BinaryPrimitives.ReadInt64LittleEndian(entry[2..])
                + BinaryPrimitives.ReadInt64LittleEndian(entry[10..]) + entry[0] + entry[1];
        }

        return sum;
    }

    /// <summary>Writes the message by the generated writer.</summary>
    [Benchmark]
    public int EncodeGenerated() => Encode(_target);

    /// <summary>The same bytes by hand.</summary>
    [Benchmark]
    public int EncodeByHand()
    {
        var message = _target.AsSpan();
        BinaryPrimitives.WriteUInt16LittleEndian(message, LevelUpdateReader.BlockLength);
        BinaryPrimitives.WriteUInt16LittleEndian(message[2..], LevelUpdateReader.TemplateId);
        BinaryPrimitives.WriteUInt16LittleEndian(message[4..], SchemaInfo.Id);
        BinaryPrimitives.WriteUInt16LittleEndian(message[6..], SchemaInfo.Version);
        var root = message[RootOffset..];
        BinaryPrimitives.WriteUInt64LittleEndian(root, 7);
        BinaryPrimitives.WriteInt64LittleEndian(root[8..], 8);
        BinaryPrimitives.WriteUInt64LittleEndian(root[16..], 9);
        BinaryPrimitives.WriteUInt64LittleEndian(root[24..], 10);
        root[32] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(message[GroupOffset..], EntryLength);
        BinaryPrimitives.WriteUInt16LittleEndian(message[(GroupOffset + 2)..], Levels);
        for (var i = 0; i < Levels; i++)
        {
            var entry = message[(GroupOffset + 4 + (i * EntryLength))..];
            entry[0] = 1;
            entry[1] = 2;
            BinaryPrimitives.WriteInt64LittleEndian(entry[2..], 100 + i);
            BinaryPrimitives.WriteInt64LittleEndian(entry[10..], 200 + i);
        }

        return GroupOffset + 4 + (Levels * EntryLength);
    }

    private static int Encode(Span<byte> buffer)
    {
        var writer = new LevelUpdateWriter(buffer)
        {
            InstrumentId = 7,
            VenueTime = 8,
            Sequence = 9,
            PreviousSequence = 10,
            Flags = UpdateFlags.EndOfEvent,
        };
        var levels = writer.BeginLevels(Levels);
        for (var i = 0; i < Levels; i++)
        {
            levels.Next();
            levels.Action = LevelAction.Set;
            levels.Side = Side.Ask;
            levels.Price = 100 + i;
            levels.Lots = 200 + i;
        }

        return writer.EncodedLength;
    }
}

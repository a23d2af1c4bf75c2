using System.Buffers.Binary;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Tests.Sbe.OnTheFly;

/// <summary>
/// Writes messages of any schema with random contents, straight from the schema's model: sound in all lengths and
/// counts, by senders of any version up to one above the schema's.
/// </summary>
internal sealed class RandomMessage(SbeSchema schema, Random random)
{
    private const int MaxEntries = 3;
    private const int MaxDataLength = 6;
    private const int MaxUnknownBytes = 5;

    private readonly List<byte> _bytes = [];
    private int _version;

    /// <summary>One message.</summary>
    public byte[] Write(SbeMessage message)
    {
        _bytes.Clear();
        _version = random.Next(schema.Version + 2);
        var header = Add(schema.Header!.EncodedLength);
        var blockLength = WriteBlock(message);
        Put(header, schema.Header.Find("blockLength")!, blockLength);
        Put(header, schema.Header.Find("templateId")!, message.Id);
        Put(header, schema.Header.Find("schemaId")!, schema.Id);
        Put(header, schema.Header.Find("version")!, _version);
        PutCounts(header, schema.Header, message);
        WriteParts(message);
        return [.. _bytes];
    }

    private static int MinimumLength(SbeBlock block) => block.Fields
        .Where(field => field.Presence != SbePresence.Constant && field.SinceVersion == 0)
        .Select(field => field.Offset + field.EncodedLength).DefaultIfEmpty(0).Max();

    // Random bytes, half of them small so that enums and choices are met; as long as the schema says, or cut short as
    // an old sender's, or with unknown bytes behind.
    private int WriteBlock(SbeBlock block)
    {
        var length = random.Next(4) switch
        {
            0 => random.Next(MinimumLength(block), block.BlockLength + 1),
            1 => block.BlockLength + random.Next(MaxUnknownBytes),
            _ => block.BlockLength,
        };
        for (var i = 0; i < length; i++)
            _bytes.Add(NextByte());
        return length;
    }

    private byte NextByte() => (byte)(random.Next(4) switch
    {
        0 => random.Next(4),
        1 => random.Next(32, 127),
        2 => 0xFF,
        _ => random.Next(256),
    });

    private void WriteParts(SbeBlock block)
    {
        foreach (var group in block.Groups.Where(group => group.Notes.SinceVersion <= _version))
            WriteGroup(group);
        foreach (var data in block.Data.Where(data => data.Notes.SinceVersion <= _version))
        {
            var prefix = Add(data.Content.Offset);
            var content = new byte[random.Next(MaxDataLength)];
            random.NextBytes(content);
            Put(prefix, data.LengthMember, content.Length);
            _bytes.AddRange(content);
        }
    }

    private void WriteGroup(SbeGroup group)
    {
        var dimension = Add(group.Dimension.EncodedLength);
        var count = random.Next(MaxEntries + 1);
        var blockLength = -1;
        for (var i = 0; i < count; i++)
        {
            var start = _bytes.Count;
            var length = WriteBlock(group);
            blockLength = blockLength < 0 ? length : blockLength;

            // All entries are as long as the first one.
            if (length > blockLength)
                _bytes.RemoveRange(start + blockLength, length - blockLength);
            else
                Add(blockLength - length);
            WriteParts(group);
        }

        Put(dimension, group.BlockLengthMember, Math.Max(0, blockLength));
        Put(dimension, group.CountMember, count);
        PutCounts(dimension, group.Dimension, group);
    }

    private void PutCounts(int start, SbeComposite composite, SbeBlock block)
    {
        if (!SbeExtension.CountsParts(composite))
            return;
        Put(start, composite.Find("numGroups")!, block.Groups.Count);
        Put(start, composite.Find("numVarDataFields")!, block.Data.Count);
    }

    private int Add(int length)
    {
        _bytes.AddRange(new byte[length]);
        return _bytes.Count - length;
    }

    private void Put(int start, SbeField member, long value)
    {
        if (member.Presence == SbePresence.Constant)
            return;
        Span<byte> bytes = stackalloc byte[8];
        var size = member.EncodedLength;
        if (schema.IsBigEndian)
            BinaryPrimitives.WriteInt64BigEndian(bytes, value << (64 - (size * 8)));
        else
            BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        for (var i = 0; i < size; i++)
            _bytes[start + member.Offset + i] = bytes[i];
    }
}

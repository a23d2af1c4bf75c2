using FlowEngine.Sbe.Schema;

namespace FlowEngine.Tests.Sbe;

/// <summary>Encodes random messages from the schema's model alone: slow, without generated code.</summary>
internal sealed class ModelMessage
{
    private readonly SbeSchema _schema;
    private readonly Random _random;
    private readonly List<byte> _bytes = [];

    private ModelMessage(SbeSchema schema, Random random)
    {
        _schema = schema;
        _random = random;
    }

    public static byte[] Write(SbeSchema schema, SbeMessage message, Random random)
    {
        var model = new ModelMessage(schema, random);
        var header = model.Room(schema.Header!.EncodedLength);
        model.Number(schema.Header, header, "blockLength", message.BlockLength);
        model.Number(schema.Header, header, "templateId", message.Id);
        model.Number(schema.Header, header, "schemaId", schema.Id);
        model.Number(schema.Header, header, "version", schema.Version);
        model.Counts(schema.Header, header, message);
        model.Block(message);
        return [.. model._bytes];
    }

    private int Room(int length)
    {
        var at = _bytes.Count;
        _bytes.AddRange(new byte[length]);
        return at;
    }

    private void Number(SbeComposite composite, int start, string name, int value)
    {
        if (composite.Find(name) is not { } member)
            return;
        for (var i = 0; i < member.EncodedLength && i < 4; i++)
        {
            var place = _schema.IsBigEndian ? member.EncodedLength - 1 - i : i;
            _bytes[start + member.Offset + place] = (byte)(value >> (8 * i));
        }
    }

    private void Counts(SbeComposite composite, int start, SbeBlock block)
    {
        if (!SbeExtension.CountsParts(composite))
            return;
        Number(composite, start, "numGroups", block.Groups.Count);
        Number(composite, start, "numVarDataFields", block.Data.Count);
    }

    private void Block(SbeBlock block)
    {
        Fields(block.Fields, Room(block.BlockLength));
        foreach (var group in block.Groups)
        {
            var count = _random.Next(4);
            var start = Room(group.Dimension.EncodedLength);
            Number(group.Dimension, start, "blockLength", group.BlockLength);
            Number(group.Dimension, start, "numInGroup", count);
            Counts(group.Dimension, start, group);
            for (var i = 0; i < count; i++)
                Block(group);
        }

        foreach (var data in block.Data)
        {
            var length = _random.Next(20);
            Number(data.Type, Room(data.Content.Offset), "length", length);
            for (var i = 0; i < length; i++)
                _bytes.Add((byte)_random.Next(256));
        }
    }

    private void Fields(IReadOnlyList<SbeField> fields, int start)
    {
        foreach (var field in fields)
        {
            if (field.Presence == SbePresence.Constant)
                continue;
            var at = start + field.Offset;
            if (field.Type is SbeComposite composite)
            {
                Fields(composite.Members, at);
                continue;
            }

            // Behind a text's first NUL is nothing but NUL.
            var isText = field.Type is SbeScalarType { Primitive: SbePrimitive.Char, IsArray: true };
            var length = isText ? _random.Next(field.EncodedLength + 1) : field.EncodedLength;
            for (var i = 0; i < length; i++)
                _bytes[at + i] = (byte)(isText
                    ? _random.Next(1, 256) : _random.Next(3) == 0 ? 0xFF : _random.Next(256));
        }
    }
}

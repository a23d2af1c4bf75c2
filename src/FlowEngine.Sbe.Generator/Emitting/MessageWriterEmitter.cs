using FlowEngine.Sbe.Generator.Planning;

namespace FlowEngine.Sbe.Generator.Emitting;

/// <summary>Writes the writer of a message.</summary>
internal sealed class MessageWriterEmitter
{
    private readonly SchemaPlan _plan;
    private readonly MessagePlan _message;
    private readonly CodeWriter _code;

    public MessageWriterEmitter(SchemaPlan plan, MessagePlan message, CodeWriter code)
    {
        _plan = plan;
        _message = message;
        _code = code;
    }

    public void Emit()
    {
        var message = _message.Block;
        _code.Doc(
            message.Notes.Description,
            $"Writes the message {message.Name}: fields in any order, then groups and data in schema order.");
        _code.Open($"public ref struct {_message.Writer}");
        MessageReaderEmitter.EmitConstants(_plan, _message, _code);
        ImageOf().Declare(_code, "_image");
        _code.Line("private readonly Span<byte> _buffer;");
        _code.Line("private readonly ref byte _block;");
        _code.Line("private SbeCursor _cursor;");
        if (_message.PartCount > 0)
        {
            _code.Line(PartWriters.Checks);
            _code.Line("private int _order;");
            _code.Line("#endif");
        }

        _code.Line();
        EmitConstructor();
        EmitOwnMembers();
        var fields = new FieldWriters(_plan, _code);
        foreach (var field in _message.Fields)
            fields.Emit(field);
        new PartWriters(_plan, _code).Emit(_message, "0", isMessage: true);
        _code.Close();
    }

    private BlockImage ImageOf()
    {
        var header = _plan.Header;
        var image = new BlockImage(
            header.EncodedLength + _message.Block.BlockLength, _plan.Schema.IsBigEndian);
        image.Fill(header.Members, 0, all: false);
        image.PutMember(header, "blockLength", _message.Block.BlockLength);
        image.PutMember(header, "templateId", _message.Block.Id);
        image.PutMember(header, "schemaId", _plan.Schema.Id);
        image.PutMember(header, "version", _plan.Schema.Version);
        image.PutMember(header, "numGroups", _message.Groups.Count);
        image.PutMember(header, "numVarDataFields", _message.Data.Count);
        image.Fill(_message.Block.Fields, header.EncodedLength, all: false);
        return image;
    }

    private void EmitConstructor()
    {
        _code.Doc("Starts a message: writes the header and the block with 0 or null in every field.");
        _code.Inline();
        _code.Open($"public {_message.Writer}(Span<byte> buffer)");
        _code.Line("if (buffer.Length < HeaderLength + BlockLength)");
        _code.Line(
            $"    SbeThrow.BufferTooShort(\"{_message.Block.Name}\", HeaderLength + BlockLength, buffer.Length);");
        _code.Line("_image.CopyTo(buffer);");
        _code.Line("_buffer = buffer;");
        _code.Line("_block = ref Unsafe.Add(ref MemoryMarshal.GetReference(buffer), HeaderLength);");
        _code.Line("_cursor.Position = HeaderLength + BlockLength;");
        _code.Close();
        _code.Line();
    }

    private void EmitOwnMembers()
    {
        _code.Doc("Bytes of the whole message with its header, as written so far.");
        if (_message.PartCount == 0)
        {
            _code.Line("public readonly int EncodedLength => _cursor.Position;");
        }
        else
        {
            _code.Open("public readonly int EncodedLength");
            _code.Open("get");
            _code.Line(PartWriters.Checks);
            _code.Line($"if (_order != {_message.PartCount} || _cursor.Remaining != 0)");
            _code.Line("    SbeThrow.OutOfOrder(nameof(EncodedLength));");
            _code.Line("#endif");
            _code.Line("return _cursor.Position;");
            _code.Close();
            _code.Close();
        }

        _code.Line();
        var header = _plan.CompositeOf(_plan.Header);
        _code.Doc("The message header, for members beyond the four this writer has filled in.");
        _code.Line(
            $"public readonly {_plan.Global(header.Writer)} {_message.HeaderName} => "
            + "new(ref MemoryMarshal.GetReference(_buffer));");
        _code.Line();
    }
}

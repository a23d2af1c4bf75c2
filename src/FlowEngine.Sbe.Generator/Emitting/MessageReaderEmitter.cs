using System.Globalization;
using FlowEngine.Sbe.Generator.Planning;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Emitting;

/// <summary>Writes the reader of a message.</summary>
internal sealed class MessageReaderEmitter
{
    /// <summary>Up to so many plain groups and data the check of a message is inlined where it is wrapped.</summary>
    private const int MaxInlineParts = 4;

    private readonly SchemaPlan _plan;
    private readonly MessagePlan _message;
    private readonly CodeWriter _code;
    private readonly PartReaders _parts;

    public MessageReaderEmitter(SchemaPlan plan, MessagePlan message, CodeWriter code)
    {
        _plan = plan;
        _message = message;
        _code = code;
        _parts = new PartReaders(plan, code);
    }

    public void Emit()
    {
        var message = _message.Block;
        _code.Doc(message.Notes.Description, $"Reads the message {message.Name}.");
        _code.Open($"public readonly ref struct {_message.Reader}");
        EmitConstants(_plan, _message, _code);
        _code.Line("private readonly ref byte _block;");
        _code.Line("private readonly int _blockLength;");
        _code.Line("private readonly int _version;");
        _code.Line("private readonly int _bodyLength;");
        foreach (var offset in PartReaders.Offsets(_message))
            _code.Line($"private readonly int {offset};");
        _code.Line();
        EmitConstructor();
        EmitTryWrap();
        EmitTryWrapBody();
        EmitLengths();
        var fields = new FieldReaders(_plan, _code, inComposite: false);
        foreach (var field in _message.Fields)
            fields.Emit(field);
        _parts.EmitProperties(_message, fields);
        new JsonEmitter(_plan, _code).Emit(_message);
        var groups = new GroupReaderEmitter(_plan, _code);
        foreach (var group in _message.Groups)
            groups.Emit(group);
        _code.Close();
    }

    /// <summary>The constants a reader and a writer share.</summary>
    public static void EmitConstants(SchemaPlan plan, MessagePlan message, CodeWriter code)
    {
        code.Doc("The template id in the message header.");
        code.Line($"public const ushort TemplateId = {message.Block.Id};");
        code.Line();
        code.Doc("Bytes of the fixed part in the schema's own version.");
        code.Line($"public const int BlockLength = {message.Block.BlockLength};");
        code.Line();
        code.Doc("Bytes of the message header.");
        code.Line($"public const int HeaderLength = {plan.Header.EncodedLength};");
        code.Line();
        if (!message.Block.IsFixedLength)
            return;
        code.Doc("Bytes of the whole message, header included, in the schema's own version.");
        code.Line("public const int EncodedFixedLength = HeaderLength + BlockLength;");
        code.Line();
    }

    private void EmitConstructor()
    {
        var parameters = string.Concat(PartReaders.Offsets(_message).Select((_, i) => $", int at{i}"));
        _code.Open(
            $"private {_message.Reader}(ref byte block, int blockLength, int version, int bodyLength{parameters})");
        _code.Line("_block = ref block;");
        _code.Line("_blockLength = blockLength;");
        _code.Line("_version = version;");
        _code.Line("_bodyLength = bodyLength;");
        var index = 0;
        foreach (var offset in PartReaders.Offsets(_message))
            _code.Line($"{offset} = at{index++};");
        _code.Close();
        _code.Line();
    }

    private void EmitTryWrap()
    {
        _code.Doc(
            "Wraps a message that begins at its header; more bytes may follow it. False when it is another message or "
            + "any of its lengths and counts is wrong; afterwards nothing can fail.");
        _code.Inline();
        _code.Open($"public static bool TryWrap(ReadOnlySpan<byte> message, out {_message.Reader} reader)");
        if (UsualHeader() is { } header)
        {
            // A sender of this very version: one comparison, and every length that follows is a constant.
            _code.Line("if (message.Length >= HeaderLength + BlockLength");
            _code.Open(
                $"    && {_plan.Endian}.ReadUInt64(ref MemoryMarshal.GetReference(message), 0) == 0x{header:X16}UL)");
            _code.Line("return TryWrapBody(");
            _code.Line($"    message.Slice(HeaderLength), BlockLength, {_plan.Schema.Version}, out reader);");
            _code.Close();
            _code.Line();

            // Through a variable of its own: the reader stays in registers, since nobody takes its address.
            _code.Line($"bool isMessage = TryWrapOther(message, out {_message.Reader} other);");
            _code.Line("reader = other;");
            _code.Line("return isMessage;");
            _code.Close();
            _code.Line();
            _code.NoInline();
            _code.Open($"private static bool TryWrapOther(ReadOnlySpan<byte> message, out {_message.Reader} reader)");
        }

        EmitWrapByMembers();
        _code.Close();
        _code.Line();
    }

    // The header that a sender of this version writes, as one number; null if it is not four 16-bit numbers in a row.
    private ulong? UsualHeader()
    {
        (string Name, int Value)[] members =
        [
            ("blockLength", _message.Block.BlockLength), ("templateId", _message.Block.Id),
            ("schemaId", _plan.Schema.Id), ("version", _plan.Schema.Version),
        ];
        var header = 0UL;
        for (var i = 0; i < members.Length; i++)
        {
            var field = _plan.Header.Find(members[i].Name)!;
            if (field.Type is not SbeScalarType { Primitive: SbePrimitive.UInt16 } || field.Offset != 2 * i)
                return null;
            header |= (ulong)(ushort)members[i].Value << (16 * (_plan.Schema.IsBigEndian ? 3 - i : i));
        }

        return header;
    }

    private void EmitWrapByMembers()
    {
        _code.Open("if (message.Length >= HeaderLength)");
        _code.Line("ref byte header = ref MemoryMarshal.GetReference(message);");
        _code.Open($"if ({IdCheck()})");
        var blockLength = HeaderRead("blockLength", out var lengthPrimitive);
        var version = HeaderRead("version", out var versionPrimitive);
        _code.Line("return TryWrapBody(");
        _code.Line("    message.Slice(HeaderLength),");
        _code.Line($"    {(IsWide(lengthPrimitive) ? $"SbeWire.ToLength({blockLength})" : blockLength)},");
        _code.Line($"    {(IsWide(versionPrimitive) ? $"SbeWire.ToVersion({version})" : version)},");
        if (CountsParts)
        {
            _code.Line("    out reader,");
            _code.Line($"    {HeaderLengthOf("numGroups")},");
            _code.Line($"    {HeaderLengthOf("numVarDataFields")});");
        }
        else
        {
            _code.Line("    out reader);");
        }

        _code.Close();
        _code.Close();
        _code.Line();
        _code.Line("reader = default;");
        _code.Line("return false;");
    }

    /// <summary>Template and schema id lie side by side in the usual header: one comparison does for both.</summary>
    private string IdCheck()
    {
        var (template, schema) = (_plan.Header.Find("templateId")!, _plan.Header.Find("schemaId")!);
        var areBeside = template.Type is SbeScalarType { Primitive: SbePrimitive.UInt16 }
            && schema.Type is SbeScalarType { Primitive: SbePrimitive.UInt16 } && schema.Offset == template.Offset + 2;
        if (!areBeside)
        {
            return $"{HeaderRead("templateId", out _)} == TemplateId "
                + $"&& {HeaderRead("schemaId", out _)} == {_plan.Global("SchemaInfo")}.Id";
        }

        var (low, high) = _plan.Schema.IsBigEndian
            ? (_plan.Schema.Id, _message.Block.Id) : (_message.Block.Id, _plan.Schema.Id);
        var both = (((uint)high << 16) | (uint)low).ToString("X8", CultureInfo.InvariantCulture);
        return $"{_plan.Endian}.ReadUInt32(ref header, {template.Offset}) == 0x{both}U";
    }

    private static bool IsWide(SbePrimitive primitive) => primitive is SbePrimitive.UInt32 or SbePrimitive.UInt64;

    private bool CountsParts => _plan.Schema.Extension.HeaderCounts;

    private string HeaderLengthOf(string member)
    {
        var field = _plan.Header.Find(member)!;
        return _parts.Length(((SbeScalarType)field.Type).Primitive, "header", $"{field.Offset}");
    }

    private string HeaderRead(string member, out SbePrimitive primitive)
    {
        var field = _plan.Header.Find(member)!;
        primitive = ((SbeScalarType)field.Type).Primitive;
        return $"{_plan.Endian}.Read{Primitive.Method(primitive)}(ref header, {field.Offset})";
    }

    private void EmitTryWrapBody()
    {
        const string Fail = "goto Malformed;";
        _code.Doc(
            "Wraps a message whose header was read elsewhere: the span begins behind it. Checks the whole message like "
            + "TryWrap." + (CountsParts
                ? " The header's counts let it skip what only a newer sender knows; without them that is left unread."
                : string.Empty));
        if (_message.PartCount <= MaxInlineParts && _message.Groups.All(group => group.Block.IsFixedLength))
            _code.Inline();
        var counts = CountsParts ? ", int numGroups = 0, int numVarDataFields = 0" : string.Empty;
        _code.Line("public static bool TryWrapBody(");
        _code.Line("    ReadOnlySpan<byte> body, int actingBlockLength, int actingVersion,");
        _code.Open($"    out {_message.Reader} reader{counts})");
        _code.Line($"if (actingBlockLength < {_message.MinimumLength} || actingBlockLength > body.Length)");
        _code.Line("    " + Fail);
        _code.Line("ref byte block = ref MemoryMarshal.GetReference(body);");
        _code.Line("int version = actingVersion;");
        _code.Line("int position = actingBlockLength;");
        if (CountsParts)
        {
            _code.Line($"int extraGroups = {_parts.Extra("numGroups", _message.Groups.Count)};");
            _code.Line($"int extraData = {_parts.Extra("numVarDataFields", _message.Data.Count)};");
        }

        if (_message.PartCount > 0 || CountsParts)
        {
            var index = 0;
            var names = _message.Groups.Select(group => group.Name).Concat(_message.Data.Select(data => data.Name))
                .ToDictionary(name => name, _ => index++);
            for (var i = 0; i < index; i++)
                _code.Line($"int at{i};");
            _code.Line();
            _parts.EmitWalk(_message, "block", "body.Length", name => $"at{names[name]}", Fail);
        }

        var arguments = string.Concat(Enumerable.Range(0, _message.PartCount).Select(i => $", at{i}"));
        _code.Line(
            $"reader = new {_message.Reader}(ref block, actingBlockLength, version, position{arguments});");
        _code.Line("return true;");
        _code.Line();
        _code.Line("Malformed:");
        _code.Line("reader = default;");
        _code.Line("return false;");
        _code.Close();
        _code.Line();
    }

    private void EmitLengths()
    {
        _code.Doc("Bytes of the whole message, header included, as this version knows it: where the next begins.");
        _code.Line("public int EncodedLength => HeaderLength + _bodyLength;");
        _code.Line();
        _code.Doc("The schema version of the sender.");
        _code.Line($"public int {_message.ActingVersionName} => _version;");
        _code.Line();
        _code.Doc("Bytes of the fixed part as sent.");
        _code.Line($"public int {_message.ActingBlockLengthName} => _blockLength;");
        _code.Line();
    }
}

using FlowEngine.Sbe.Generator.Planning;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Emitting;

/// <summary>Writes the reader and the writer of a composite.</summary>
internal sealed class CompositeEmitter
{
    private readonly SchemaPlan _plan;
    private readonly CompositePlan _composite;
    private readonly CodeWriter _code;

    public CompositeEmitter(SchemaPlan plan, CompositePlan composite, CodeWriter code)
    {
        _plan = plan;
        _composite = composite;
        _code = code;
    }

    public void EmitReader()
    {
        var composite = _composite.Composite;
        _code.Doc(composite.Notes.Description, $"Reads the composite {composite.Name}.");
        _code.Open($"public readonly ref struct {_composite.Reader}");
        EmitLength();
        var image = new BlockImage(composite.EncodedLength, _plan.Schema.IsBigEndian);
        image.Fill(composite.Members, 0, all: true);
        image.Declare(_code, "_absentImage");
        _code.Line("private readonly ref byte _block;");
        _code.Line();
        _code.Line($"internal {_composite.Reader}(ref byte block) => _block = ref block;");
        _code.Line();
        _code.Doc("What a message without the composite gives: null everywhere.");
        _code.Line(
            $"internal static {_composite.Reader} _absent => new(ref MemoryMarshal.GetReference(_absentImage));");
        _code.Line();
        _code.Doc("Wraps the composite at the start of a buffer; false when the buffer is too short.");
        _code.Open($"public static bool TryWrap(ReadOnlySpan<byte> buffer, out {_composite.Reader} {HeaderName()})");
        _code.Open("if (buffer.Length < Length)");
        _code.Line($"{HeaderName()} = default;");
        _code.Line("return false;");
        _code.Close();
        _code.Line();
        _code.Line($"{HeaderName()} = new {_composite.Reader}(ref MemoryMarshal.GetReference(buffer));");
        _code.Line("return true;");
        _code.Close();
        _code.Line();
        EmitIsNull();
        var fields = new FieldReaders(_plan, _code, inComposite: true);
        foreach (var member in _composite.Members)
            fields.Emit(member);
        new JsonEmitter(_plan, _code).Emit(_composite);
        _code.Close();
    }

    private string HeaderName() => ReferenceEquals(_composite.Composite, _plan.Header) ? "header" : "composite";

    private void EmitLength()
    {
        _code.Doc("Bytes on the wire.");
        _code.Line($"public const int Length = {_composite.Composite.EncodedLength};");
        _code.Line();
    }

    // A composite is null when its first member is.
    private void EmitIsNull()
    {
        var first = _composite.Members.FirstOrDefault(member => !member.IsConstant);
        string? test = null;
        if (first is { IsNumber: true })
        {
            var keyword = Primitive.Keyword(first.Scalar!.Primitive);
            test = Primitive.IsNaN(first.NullValue)
                ? $"{keyword}.IsNaN({first.Name})"
                : $"{first.Name} == {Primitive.Literal(first.Scalar.Primitive, first.NullValue)}";
        }
        else if (first?.Type is SbeEnum)
        {
            var plan = _plan.EnumOf(first.Type);
            test = $"{first.Name} == {_plan.Global(plan.Name)}.{plan.EmptyName}";
        }

        if (test is null)
            return;
        _code.Doc($"Whether the composite is null or absent: {first!.Name} is null.");
        _code.Arrow($"public bool {_composite.IsNullName}", test);
        _code.Line();
    }

    public void EmitWriter()
    {
        var composite = _composite.Composite;
        _code.Doc(composite.Notes.Description, $"Writes the composite {composite.Name}.");
        _code.Open($"public readonly ref struct {_composite.Writer}");
        EmitLength();
        _code.Line("private readonly ref byte _block;");
        _code.Line();
        _code.Line($"internal {_composite.Writer}(ref byte block) => _block = ref block;");
        _code.Line();
        _code.Doc("Writes at the start of a buffer, which is left as it is until members are set.");
        _code.Open($"public {_composite.Writer}(Span<byte> buffer)");
        _code.Line("if (buffer.Length < Length)");
        _code.Line($"    SbeThrow.BufferTooShort(\"{_composite.Composite.Name}\", Length, buffer.Length);");
        _code.Line("_block = ref MemoryMarshal.GetReference(buffer);");
        _code.Close();
        _code.Line();
        var fields = new FieldWriters(_plan, _code);
        foreach (var member in _composite.Members)
            fields.Emit(member);
        _code.Close();
    }
}

using System.Text;
using System.Text.Json;
using FlowEngine.Sbe.OnTheFly.Values;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.OnTheFly.Layouts;

/// <summary>
/// Makes layouts of a schema's messages; composites and enums that are used often are looked up once.
/// </summary>
internal sealed class LayoutCompiler
{
    private readonly Dictionary<SbeComposite, FieldLayout[]> _composites = [];
    private readonly Dictionary<SbeEnum, IReadOnlyDictionary<ulong, JsonEncodedText>> _enums = [];

    public MessageLayout Compile(SbeMessage message) => new()
    {
        Message = message,
        Fields = Fields(message),
        Groups = Groups(message),
        Data = Data(message),
    };

    private static JsonEncodedText Encoded(string name) => JsonEncodedText.Encode(name, SchemaDecoder.JsonEncoder);

    private FieldLayout[] Fields(SbeBlock block) => [.. block.Fields.Select(Compile)];

    private GroupLayout[] Groups(SbeBlock block) => [.. block.Groups.Select(group => new GroupLayout
    {
        Group = group,
        Name = Encoded(group.Name),
        Stride = NumberPlace.Of(group.BlockLengthMember),
        Count = NumberPlace.Of(group.CountMember),
        PartCounts = SbeExtension.CountsParts(group.Dimension)
            ? (NumberPlace.Of(group.Dimension.Find("numGroups")!),
                NumberPlace.Of(group.Dimension.Find("numVarDataFields")!))
            : null,
        Fields = Fields(group),
        Groups = Groups(group),
        Data = Data(group),
    })];

    private static DataLayout[] Data(SbeBlock block) => [.. block.Data.Select(data => new DataLayout
    {
        Data = data,
        Name = Encoded(data.Name),
        Length = NumberPlace.Of(data.LengthMember),
        TextEncoding = EncodingOf(data),
    })];

    private FieldLayout Compile(SbeField field) => field.Type switch
    {
        SbeEnum type => new FieldLayout
        {
            Field = field,
            Name = Encoded(field.Name),
            Kind = FieldKind.Enum,
            Primitive = type.Encoding,
            IsNullable = true,
            NullBits = type.NullValue.Bits,
            EnumNames = Names(type),
        },
        SbeSet type => new FieldLayout
        {
            Field = field,
            Name = Encoded(field.Name),
            Kind = FieldKind.Set,
            Primitive = type.Encoding,
            Choices = [.. type.Choices.Select(choice => (Encoded(choice.Name), 1UL << (int)choice.Value.Integer))],
        },
        SbeComposite type => new FieldLayout
        {
            Field = field,
            Name = Encoded(field.Name),
            Kind = FieldKind.Composite,
            Members = Members(type),
        },
        _ => Compile(field, (SbeScalarType)field.Type),
    };

    private static FieldLayout Compile(SbeField field, SbeScalarType type)
    {
        var isChar = type.Primitive == SbePrimitive.Char;
        var isText = isChar && (type.IsArray || field.Constant?.Text is not null);
        return new FieldLayout
        {
            Field = field,
            Name = Encoded(field.Name),
            Kind = isText ? FieldKind.Text
                : isChar ? FieldKind.Character
                : type.IsArray ? FieldKind.Numbers
                : FieldKind.Number,
            Primitive = type.Primitive,
            Count = isText ? 1 : Math.Max(1, type.Length),
            IsNullable = field.Presence == SbePresence.Optional && !type.IsArray,
            NullBits = type.NullValue.Bits,
            NullFloating = type.NullValue.Floating,
            TextEncoding = TextEncodings.Of(type.CharacterEncoding) ?? Encoding.ASCII,
        };
    }

    // The variable part of a data composite is no member: it lies behind.
    private FieldLayout[] Members(SbeComposite type)
    {
        if (_composites.TryGetValue(type, out var known))
            return known;
        FieldLayout[] members =
        [
            .. type.Members
                .Where(member => member.Type is not SbeScalarType { Length: 0 }
                    && (member.Presence != SbePresence.Constant || member.Constant is not null))
                .Select(Compile),
        ];
        _composites.Add(type, members);
        return members;
    }

    // Where two names share a value the first one counts.
    private IReadOnlyDictionary<ulong, JsonEncodedText> Names(SbeEnum type)
    {
        if (_enums.TryGetValue(type, out var known))
            return known;
        var names = new Dictionary<ulong, JsonEncodedText>();
        foreach (var value in type.Values)
            names.TryAdd(value.Value.Bits, Encoded(value.Name));
        _enums.Add(type, names);
        return names;
    }

    private static Encoding? EncodingOf(SbeDataField data) =>
        TextEncodings.Of(data.CharacterEncoding)
        ?? (((SbeScalarType)data.Content.Type).Primitive == SbePrimitive.Char ? Encoding.ASCII : null);
}

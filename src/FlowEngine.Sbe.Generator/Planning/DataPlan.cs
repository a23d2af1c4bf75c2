using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Planning;

/// <summary>Variable data with the C# names of its members.</summary>
internal sealed class DataPlan
{
    public DataPlan(SbeDataField data, NameScope scope)
    {
        Data = data;
        Name = scope.Take(CSharpName.Pascal(data.Name));
    }

    public SbeDataField Data { get; }

    public string Name { get; }

    public string TextName { get; private set; } = string.Empty;

    public string SetName { get; private set; } = string.Empty;

    public SbeScalarType LengthType => (SbeScalarType)Data.LengthMember.Type;

    /// <summary>The encoding of text; null for plain bytes. Characters without an encoding are ASCII.</summary>
    public string? Encoding => !string.IsNullOrWhiteSpace(Data.CharacterEncoding)
        ? Data.CharacterEncoding
        : ((SbeScalarType)Data.Content.Type).Primitive == SbePrimitive.Char ? "US-ASCII" : null;

    /// <summary>Bytes before the content.</summary>
    public int PrefixLength => Data.Content.Offset;

    public void TakeDerivedNames(NameScope scope)
    {
        TextName = scope.Take(Name + "String");
        SetName = scope.Take("Set" + Name);
    }
}

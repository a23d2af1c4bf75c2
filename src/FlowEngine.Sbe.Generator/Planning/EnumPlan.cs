using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Planning;

/// <summary>An enum or set with the names of its values.</summary>
internal sealed class EnumPlan
{
    public EnumPlan(
        SbeType type, string name, string jsonName, SbePrimitive encoding, IReadOnlyList<SbeEnumValue> values)
    {
        Type = type;
        Name = name;
        JsonName = jsonName;
        Encoding = encoding;
        var scope = new NameScope();
        Values = values.Select(value => new KeyValuePair<string, SbeEnumValue>(
            scope.Take(CSharpName.Pascal(value.Name)), value)).ToList();
        EmptyName = scope.Take(type is SbeSet ? "None" : "NullValue");
        IsEmptyDeclared = type is SbeEnum enumType
            && Values.Any(value => value.Key == "NullValue" && value.Value.Value == enumType.NullValue);
        if (IsEmptyDeclared)
            EmptyName = "NullValue";
    }

    public SbeType Type { get; }

    public string Name { get; }

    /// <summary>The class that shows the values.</summary>
    public string JsonName { get; }

    public SbePrimitive Encoding { get; }

    public IReadOnlyList<KeyValuePair<string, SbeEnumValue>> Values { get; }

    /// <summary>The name of the null value of an enum or the empty set.</summary>
    public string EmptyName { get; }

    /// <summary>Whether the schema itself declares the null value under that name.</summary>
    public bool IsEmptyDeclared { get; }

    /// <summary>The C# name of one value.</summary>
    public string NameOf(SbeEnumValue value) => Values.First(pair => ReferenceEquals(pair.Value, value)).Key;
}

using System.Globalization;
using System.Text.Json;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Tests.Sbe.OnTheFly;

/// <summary>
/// JSON of the reference printer in one canonical form, its quirks undone with the schema's help: it prints null values
/// raw, NaN as <c>"0/0"</c>, null enums as <c>"null"</c> and uint64 signed.
/// </summary>
internal static class ReferenceJson
{
    /// <summary>The canonical form of what the reference printer wrote.</summary>
    public static string OfReference(SbeBlock block, JsonElement json)
    {
        var members = new List<string>();
        foreach (var field in block.Fields)
            members.Add($"{field.Name}:{OfField(field, json.GetProperty(field.Name))}");
        foreach (var group in block.Groups)
        {
            var entries = json.GetProperty(group.Name).EnumerateArray().Select(entry => OfReference(group, entry));
            members.Add($"{group.Name}:[{string.Join(",", entries)}]");
        }

        foreach (var data in block.Data)
            members.Add($"{data.Name}:'{json.GetProperty(data.Name).GetString()}'");
        return "{" + string.Join(",", members) + "}";
    }

    /// <summary>The canonical form of our own JSON: as it is, numbers by value.</summary>
    public static string OfOurs(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => "{" + string.Join(
            ",", json.EnumerateObject().Select(member => $"{member.Name}:{OfOurs(member.Value)}")) + "}",
        JsonValueKind.Array => "[" + string.Join(",", json.EnumerateArray().Select(OfOurs)) + "]",
        JsonValueKind.Number => Number(json),
        JsonValueKind.String => $"'{json.GetString()}'",
        JsonValueKind.Null => "null",
        _ => json.GetBoolean() ? "True" : "False",
    };

    private static string OfField(SbeField field, JsonElement json) => field.Type switch
    {
        SbeComposite composite => "{" + string.Join(
            ",",
            composite.Members.Select(
                member => $"{member.Name}:{OfField(member, json.GetProperty(member.Name))}")) + "}",
        SbeEnum => json.GetString() == "null" ? "null" : $"'{json.GetString()}'",
        SbeSet => OfOurs(json),
        SbeScalarType { Primitive: SbePrimitive.Char } type when type.IsArray || field.Constant?.Text is not null =>
            $"'{json.GetString()}'",
        SbeScalarType { Primitive: SbePrimitive.Char } =>
            field.Presence == SbePresence.Optional && json.GetString() == "\0" ? "null" : $"'{json.GetString()}'",
        SbeScalarType { IsArray: true } type =>
            "[" + string.Join(",", json.EnumerateArray().Select(item => OfNumber(type, item))) + "]",
        _ => OfScalar(field, (SbeScalarType)field.Type, json),
    };

    private static string OfScalar(SbeField field, SbeScalarType type, JsonElement json)
    {
        var number = OfNumber(type, json);
        if (field.Presence != SbePresence.Optional)
            return number;
        var isNull = type.Primitive.IsFloating()
            ? number == "'NaN'" : number == type.NullValue.Integer.ToString(CultureInfo.InvariantCulture);
        return isNull ? "null" : number;
    }

    private static string OfNumber(SbeScalarType type, JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.String)
            return json.GetString() == "0/0" ? "'NaN'" : throw new InvalidDataException(json.GetString());
        return type.Primitive == SbePrimitive.UInt64
            ? ((ulong)json.GetInt64()).ToString(CultureInfo.InvariantCulture) : Number(json);
    }

    private static string Number(JsonElement json) =>
        json.TryGetInt64(out var signed) ? signed.ToString(CultureInfo.InvariantCulture)
        : json.TryGetUInt64(out var unsigned) ? unsigned.ToString(CultureInfo.InvariantCulture)
        : json.GetDouble().ToString("R", CultureInfo.InvariantCulture);
}

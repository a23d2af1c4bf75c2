using System.Text.Json;
using FlowEngine.Sbe.OnTheFly.Layouts;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.OnTheFly.Values;

/// <summary>The value of variable data. It dies with the message's bytes.</summary>
public readonly ref struct DataValue
{
    private readonly DataLayout _layout;

    internal DataValue(DataLayout layout, ReadOnlySpan<byte> bytes, bool isPresent)
    {
        _layout = layout;
        Bytes = bytes;
        IsPresent = isPresent;
    }

    /// <summary>The data as the schema describes it.</summary>
    public SbeDataField Data => _layout.Data;

    /// <summary>The name in the schema.</summary>
    public string Name => _layout.Data.Name;

    /// <summary>Whether it is in the message: false for data of a later version than the sender's.</summary>
    public bool IsPresent { get; }

    /// <summary>What it holds; empty when absent.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Whether the schema says that it is text.</summary>
    public bool IsText => _layout.TextEncoding is not null;

    /// <summary>The text, or the bytes as hexadecimal digits.</summary>
    public string Text => _layout.TextEncoding?.GetString(Bytes) ?? Convert.ToHexStringLower(Bytes);

    /// <summary>Writes the value, without its name, as JSON.</summary>
    public void WriteJson(Utf8JsonWriter json) => json.WriteStringValue(Text);

    internal void WriteName(Utf8JsonWriter json) => json.WritePropertyName(_layout.Name);

    /// <summary>The value for a human.</summary>
    public override string ToString() =>
        IsText ? $"\"{JsonEncodedText.Encode(Text, SchemaDecoder.JsonEncoder)}\"" : Text;
}

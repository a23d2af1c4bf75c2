using System.Text.Json;
using FlowEngine.Sbe.OnTheFly.Values;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.OnTheFly;

/// <summary>Writes what it is shown as JSON under the schema's names.</summary>
internal readonly struct JsonVisitor : IMessageVisitor
{
    private readonly Utf8JsonWriter _json;

    public JsonVisitor(Utf8JsonWriter json) => _json = json;

    public void OnField(in FieldValue value)
    {
        value.WriteName(_json);
        value.WriteJson(_json);
    }

    public void OnBeginComposite(SbeField field) => _json.WriteStartObject(field.Name);

    public void OnEndComposite(SbeField field) => _json.WriteEndObject();

    public void OnBeginGroup(SbeGroup group, int count) => _json.WriteStartArray(group.Name);

    public void OnBeginEntry(SbeGroup group, int index) => _json.WriteStartObject();

    public void OnEndEntry(SbeGroup group, int index) => _json.WriteEndObject();

    public void OnEndGroup(SbeGroup group) => _json.WriteEndArray();

    public void OnData(in DataValue value)
    {
        value.WriteName(_json);
        value.WriteJson(_json);
    }
}

using FlowEngine.Sbe.OnTheFly.Values;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.OnTheFly;

/// <summary>
/// Is shown the parts of a message in schema order: of each block its fields, then groups, then data.
/// </summary>
public interface IMessageVisitor
{
    /// <summary>A field or composite member that is no composite, or a composite that is absent.</summary>
    void OnField(in FieldValue value);

    /// <summary>The members of a composite follow.</summary>
    void OnBeginComposite(SbeField field);

    /// <summary>All members of the composite were shown.</summary>
    void OnEndComposite(SbeField field);

    /// <summary>The entries of a group follow; none when it is absent.</summary>
    void OnBeginGroup(SbeGroup group, int count);

    /// <summary>The parts of an entry follow.</summary>
    void OnBeginEntry(SbeGroup group, int index);

    /// <summary>All parts of the entry were shown.</summary>
    void OnEndEntry(SbeGroup group, int index);

    /// <summary>All entries were shown.</summary>
    void OnEndGroup(SbeGroup group);

    /// <summary>Variable data.</summary>
    void OnData(in DataValue value);
}

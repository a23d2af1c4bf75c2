namespace FlowEngine.Sbe.Schema;

/// <summary>A fixed sequence of members; also what headers, group dimensions and data prefixes are.</summary>
public sealed class SbeComposite : SbeType
{
    internal SbeComposite(string name, SbeNotes notes, IReadOnlyList<SbeField> members, int encodedLength)
        : base(name, notes)
    {
        Members = members;
        EncodedLength = encodedLength;
    }

    /// <summary>The members in schema order; their ids are 0.</summary>
    public IReadOnlyList<SbeField> Members { get; }

    /// <inheritdoc/>
    public override int EncodedLength { get; }

    /// <summary>The member of that name, if any.</summary>
    public SbeField? Find(string name)
    {
        foreach (var member in Members)
        {
            if (member.Name == name)
                return member;
        }

        return null;
    }
}

namespace FlowEngine.Sbe.Schema;

/// <summary>A message; its id is the template id.</summary>
public sealed class SbeMessage : SbeBlock
{
    internal SbeMessage(string name, int id, SbeNotes notes, SbeBlockContent content)
        : base(name, id, notes, content)
    {
    }
}

namespace FlowEngine.Sbe.Schema;

/// <summary>The parts of a block while it is being read.</summary>
internal sealed class SbeBlockContent
{
    public int BlockLength { get; set; }

    public List<SbeField> Fields { get; } = [];

    public List<SbeGroup> Groups { get; } = [];

    public List<SbeDataField> Data { get; } = [];
}

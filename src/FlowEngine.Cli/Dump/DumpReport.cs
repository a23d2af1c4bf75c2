using FlowEngine.Cli.Frame;

namespace FlowEngine.Cli.Dump;

/// <summary>What a dump says on stderr about one file, and what it counts.</summary>
internal sealed class DumpReport
{
    private const int MaxDamageLines = 1000;

    private readonly CommandOutput _output;
    private readonly DumpProgress _progress;
    private long _damageLines;

    /// <summary>A report about a file.</summary>
    public DumpReport(CommandOutput output, DumpProgress progress, string path)
    {
        _output = output;
        _progress = progress;
        Path = path;
    }

    /// <summary>The file as it was named.</summary>
    public string Path { get; }

    /// <summary>Messages printed.</summary>
    public long Messages { get; set; }

    /// <summary>Messages printed as they are because the schema does not know them.</summary>
    public long Unknown { get; set; }

    /// <summary>Packets that hold nothing the schema describes.</summary>
    public long Unread { get; set; }

    /// <summary>IP fragments, which are not put together.</summary>
    public long Fragments { get; set; }

    /// <summary>Things that were damaged.</summary>
    public long Damaged { get; private set; }

    /// <summary>Names damage: where and what.</summary>
    public void Damage(string where, string reason)
    {
        Damaged++;
        if (++_damageLines > MaxDamageLines)
            return;
        Say($"{Path} at {where}: {reason}");
        if (_damageLines == MaxDamageLines)
            Say($"{Path}: damaged in more places; no more lines about it");
    }

    /// <summary>Passes on a fault that names the file itself.</summary>
    public void Damage(Exception fault)
    {
        Damaged++;
        Say(fault.Message.ReplaceLineEndings(" "));
    }

    /// <summary>Says one line.</summary>
    public void Say(string line)
    {
        _progress.Clear();
        _output.Notice($"flowengine: {line}");
    }

    /// <summary>Says what was left out, if anything.</summary>
    public void End()
    {
        _progress.Clear();
        if (Unknown > 0)
            Say($"{Path}: messages that the schema does not know: {Unknown}, printed as raw bytes");
        if (Unread > 0)
            Say($"{Path}: packets without a message of the schema: {Unread}, left out");
        if (Fragments > 0)
            Say($"{Path}: fragments of larger datagrams, which are not put together: {Fragments}, left out");
    }
}

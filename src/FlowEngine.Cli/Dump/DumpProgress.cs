using FlowEngine.Cli.Frame;
using FlowEngine.Core.Time;

namespace FlowEngine.Cli.Dump;

/// <summary>One line on a terminal that is drawn over; silent where stderr is none or stdout is one.</summary>
internal sealed class DumpProgress
{
    private const long IntervalNs = 500_000_000;
    private const int LineLength = 79;
    private const int CallsPerLook = 256;

    private readonly CommandOutput _output;
    private readonly bool _isShown;
    private long _drawnNs = SystemClock.Nanos();
    private int _calls;
    private bool _isDrawn;

    /// <summary>A progress line.</summary>
    public DumpProgress(CommandOutput output)
    {
        _output = output;
        _isShown = output.ErrorIsTerminal && !output.OutIsTerminal;
    }

    /// <summary>Draws the line when it is time.</summary>
    public void Show(string path, long packets, long messages, long offset)
    {
        if (!_isShown || ++_calls % CallsPerLook != 0 || SystemClock.Nanos() - _drawnNs < IntervalNs)
            return;
        _drawnNs = SystemClock.Nanos();
        _isDrawn = true;
        var text = $"{Path.GetFileName(path)}: {packets:N0} packets, {messages:N0} messages, {offset >> 20:N0} MiB";
        _output.Notices.Write($"\r{text.PadRight(LineLength)}");
        _output.Notices.Flush();
    }

    /// <summary>Clears the line.</summary>
    public void Clear()
    {
        if (!_isDrawn)
            return;
        _isDrawn = false;
        _output.Notices.Write($"\r{new string(' ', LineLength)}\r");
    }
}

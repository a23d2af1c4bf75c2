using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Watch;
using FlowEngine.Core.Time;
using FlowEngine.Feeds.Readers;

namespace FlowEngine.Cli.Input;

/// <summary>
/// One line on a terminal while files are read: which, how far by bytes on disk, how fast, how long still. Silent where
/// stderr is no terminal.
/// </summary>
internal sealed class ReadProgress
{
    private const long IntervalNs = 500_000_000;
    private const int LineLength = 79;
    private const double LeastFraction = 0.001;

    private readonly CommandOutput _output;
    private readonly long[] _lengths;
    private readonly long _startNs = SystemClock.Nanos();
    private long _shownNs;
    private long _packetsThen;
    private long _doneBytes;
    private int _file = -1;

    /// <summary>A progress line over these files.</summary>
    public ReadProgress(CommandOutput output, IEnumerable<string> paths)
    {
        _output = output;
        _shownNs = _startNs;
        _lengths = output.ErrorIsTerminal
            ? [.. paths.Select(path => new FileInfo(path) is { Exists: true } file ? file.Length : 0)]
            : [];
    }

    /// <summary>The next file begins.</summary>
    public void Begin()
    {
        _doneBytes += _file >= 0 && _file < _lengths.Length ? _lengths[_file] : 0;
        _file++;
    }

    /// <summary>Draws the line when it is time.</summary>
    /// <param name="reader">The file being read.</param>
    /// <param name="packets">Packets of all files so far.</param>
    public void Show(FileReader reader, long packets)
    {
        var nowNs = SystemClock.Nanos();
        if (!_output.ErrorIsTerminal || nowNs - _shownNs < IntervalNs)
        {
            return;
        }

        var total = _lengths.Sum();
        var here = _file >= 0 && _file < _lengths.Length ? _lengths[_file] : 0;
        var fraction = total == 0 ? 0 : (_doneBytes + (reader.Fraction * here)) / total;
        var rate = (packets - _packetsThen) * 1e9 / (nowNs - _shownNs);
        var line = Text(Path.GetFileName(reader.Path), packets, rate, fraction, (nowNs - _startNs) / 1e9);
        (_shownNs, _packetsThen) = (nowNs, packets);
        _output.Notices.Write($"\r{(line.Length > LineLength ? line[..LineLength] : line.PadRight(LineLength))}");
        _output.Notices.Flush();
    }

    /// <summary>Clears the line.</summary>
    public void Clear()
    {
        if (_output.ErrorIsTerminal)
        {
            _output.Notices.Write($"\r{new string(' ', LineLength)}\r");
        }
    }

    /// <summary>The line's text.</summary>
    internal static string Text(string file, long packets, double packetsPerSecond, double fraction, double seconds)
    {
        var text = $"{WatchFormat.Count(packets)} packets, {WatchFormat.Count(packetsPerSecond)}/s";
        if (fraction < LeastFraction)
        {
            return $"{text}  {file}";
        }

        var left = TimeSpan.FromSeconds(Math.Ceiling(seconds * (1 - Math.Min(1, fraction)) / fraction));
        return $"{Math.Min(100, (int)(fraction * 100)),3} %, {text}, {left:h\\:mm\\:ss} left  {file}";
    }
}

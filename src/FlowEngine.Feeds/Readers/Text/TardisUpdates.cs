using System.Runtime.InteropServices;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Text;

/// <summary>
/// Changed levels of a Tardis file, a row each: the rows of one instrument that arrived together are one venue event,
/// which ends where the next one begins.
/// </summary>
internal sealed class TardisUpdates
{
    // Beyond this a file is wrong or hostile: the event is handed on in parts.
    private const int MaxLevels = 200_000;

    private readonly List<RunLevel> _levels = [];
    private TardisInstrument? _instrument;
    private long _timeNs;
    private long _localNs;
    private bool _isSnapshot;

    /// <summary>Takes a row in, and writes the event before it where it belongs to another.</summary>
    public void Add(
        NormalisedRun run, TardisInstrument instrument, long timeNs, long localNs, bool isSnapshot, in RunLevel level)
    {
        if (_levels.Count >= MaxLevels || instrument != _instrument || timeNs != _timeNs || localNs != _localNs
            || isSnapshot != _isSnapshot)
        {
            End(run);
            (_instrument, _timeNs, _localNs, _isSnapshot) = (instrument, timeNs, localNs, isSnapshot);
        }

        if (!isSnapshot || level.Lots > 0)
        {
            _levels.Add(level);
        }
    }

    /// <summary>Writes the event under way.</summary>
    /// <returns>False when there is none.</returns>
    public bool End(NormalisedRun run)
    {
        if (_instrument is null || _levels.Count == 0)
        {
            return false;
        }

        run.CaptureTimeNs = _localNs;
        ReaderInstrument definition = _instrument.Definition;
        ulong previous = definition.Sequence > 0 ? definition.Sequence : (ulong)_localNs;
        if (_isSnapshot)
        {
            run.Snapshot(definition, _timeNs, previous + 1, CollectionsMarshal.AsSpan(_levels));
        }
        else
        {
            run.Levels(definition, _timeNs, previous + 1, previous, Wire.UpdateFlags.EndOfEvent,
                CollectionsMarshal.AsSpan(_levels));
        }

        _levels.Clear();
        return true;
    }
}

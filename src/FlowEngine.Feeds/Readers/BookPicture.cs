using System.Runtime.InteropServices;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers;

/// <summary>
/// A book that its source tells as whole pictures of the best levels: the first is written as a snapshot, each later
/// one as what it changes. For a few dozen levels: each is compared with each.
/// </summary>
internal sealed class BookPicture
{
    private readonly ReaderInstrument _instrument;
    private readonly List<RunLevel> _shown = [];
    private readonly List<RunLevel> _changes = [];
    private bool _hasShown;

    public BookPicture(ReaderInstrument instrument) => _instrument = instrument;

    /// <summary>The picture last written, bids and asks in the order they were given.</summary>
    public ReadOnlySpan<RunLevel> Shown => CollectionsMarshal.AsSpan(_shown);

    /// <summary>Writes a picture; one that changes nothing writes nothing.</summary>
    public void Write(NormalisedRun run, long timeNs, Wire.UpdateFlags flags, ReadOnlySpan<RunLevel> picture)
    {
        ulong previous = _hasShown ? _instrument.Sequence : Math.Max(_instrument.Sequence, (ulong)run.CaptureTimeNs);
        if (!_hasShown)
        {
            run.Snapshot(_instrument, timeNs, previous, picture);
        }
        else
        {
            Compare(picture);
            if (_changes.Count > 0)
            {
                run.Levels(_instrument, timeNs, previous + 1, previous, flags | Wire.UpdateFlags.EndOfEvent,
                    CollectionsMarshal.AsSpan(_changes));
            }
        }

        _hasShown = true;
        _shown.Clear();
        _shown.AddRange(picture);
    }

    /// <summary>
    /// Writes the picture shown last once more as a snapshot: a book that gave itself up stands again, another finds
    /// itself confirmed.
    /// </summary>
    public void Confirm(NormalisedRun run, long timeNs) =>
        run.Snapshot(_instrument, timeNs, _instrument.Sequence, Shown);

    private void Compare(ReadOnlySpan<RunLevel> picture)
    {
        _changes.Clear();
        foreach (RunLevel before in _shown)
        {
            if (!Holds(picture, before))
            {
                _changes.Add(before with { Lots = 0 });
            }
        }

        foreach (RunLevel level in picture)
        {
            if (!_shown.Contains(level))
            {
                _changes.Add(level);
            }
        }
    }

    private static bool Holds(ReadOnlySpan<RunLevel> picture, in RunLevel level)
    {
        foreach (RunLevel other in picture)
        {
            if (other.Side == level.Side && other.Price == level.Price)
            {
                return true;
            }
        }

        return false;
    }
}

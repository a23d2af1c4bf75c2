using FlowEngine.Feeds.Readers;
using FlowEngine.Market;

namespace FlowEngine.Cli.Verify;

/// <summary>Holds each book update against the one that it says it builds on.</summary>
internal sealed class SequenceCheck
{
    private readonly InstrumentTable _instruments;
    private readonly Dictionary<int, (ulong Sequence, bool AtSnapshot)> _newest = [];

    /// <summary>A check that has seen nothing.</summary>
    public SequenceCheck(InstrumentTable instruments) => _instruments = instruments;

    /// <summary>How it came out.</summary>
    public VerifyTally Tally { get; } = new();

    /// <summary>Takes an event in.</summary>
    public void See(in MarketEvent e, FileReader reader)
    {
        var isKnown = _newest.TryGetValue(e.InstrumentId, out var newest);
        switch (e.Kind)
        {
            case EventKind.SnapshotEnd when e.VenueSequence > newest.Sequence:
                _newest[e.InstrumentId] = (e.VenueSequence, true);
                break;
            case EventKind.SessionReset:
                _newest.Remove(e.InstrumentId);
                break;
            case EventKind.LevelSet or EventKind.LevelDelta or EventKind.LevelDelete
                when e.VenueSequence != 0 && e.Id != 0 && e.VenueSequence != newest.Sequence:
                Compare(in e, isKnown, newest.Sequence, newest.AtSnapshot, reader);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// Takes in what the decoder itself counts, where the venue numbers the updates of each instrument. A hole behind
    /// packets that the capture lacks is no difference: there is nothing to compare.
    /// </summary>
    public void Follow(long updates, long holes, bool hasLostPackets, FileReader reader)
    {
        Tally.CountEqual(updates);
        if (hasLostPackets)
        {
            Tally.CountNotComparable(holes);
            return;
        }

        for (; holes > 0; holes--)
        {
            Tally.CountDifferent(reader.Place, "an instrument's updates have a hole");
        }
    }

    private void Compare(in MarketEvent e, bool isKnown, ulong newest, bool atSnapshot, FileReader reader)
    {
        if (!isKnown || (atSnapshot && e.VenueSequence <= newest))
        {
            Tally.CountNotComparable();
        }
        else if (e.Id == newest || (atSnapshot && e.Id < newest))
        {
            Tally.CountEqual();
        }
        else
        {
            Tally.CountDifferent(
                reader.Place,
                $"{_instruments[e.InstrumentId].Symbol} {e.VenueSequence} builds on {e.Id}, "
                    + $"the one before is {newest}");
        }

        if (e.VenueSequence > newest)
        {
            _newest[e.InstrumentId] = (e.VenueSequence, false);
        }
    }
}

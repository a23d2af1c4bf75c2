using FlowEngine.Core;

namespace FlowEngine.Market;

/// <summary>How long a book has been crossed, in venue events and in venue time.</summary>
internal struct CrossedWatch
{
    private int _events;
    private long _sinceNs;

    /// <summary>Ends the run.</summary>
    public void Reset() => _events = 0;

    /// <summary>Counts one more crossed boundary.</summary>
    /// <returns>Whether the run is longer than either limit.</returns>
    [Hot]
    public bool Exceeds(BookOptions limits, long venueTimeNs)
    {
        if (_events == 0)
        {
            _sinceNs = venueTimeNs;
        }

        _events++;
        return _events > limits.CrossedEventsMax || venueTimeNs - _sinceNs > limits.CrossedMaxNs;
    }
}

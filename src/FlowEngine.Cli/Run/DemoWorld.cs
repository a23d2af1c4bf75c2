using FlowEngine.Core.Agents;
using FlowEngine.Feeds.Publishing;
using FlowEngine.Feeds.Simulation;

namespace FlowEngine.Cli.Run;

/// <summary>
/// The demo's outside world on one thread: the venue that publishes and the subscriber that measures. On two cores a
/// thread more that spins costs milliseconds, and none of the two has much to do.
/// </summary>
internal sealed class DemoWorld : IAgent
{
    private readonly FeedPublisher<MarketSimulator> _venue;
    private readonly SignalProbe _probe;
    private volatile bool _isClosed;
    private volatile bool _isQuiet;

    /// <summary>Joins the two.</summary>
    public DemoWorld(FeedPublisher<MarketSimulator> venue, SignalProbe probe)
    {
        _venue = venue;
        _probe = probe;
    }

    /// <inheritdoc/>
    public string Name => "demo-world";

    /// <summary>Lets the venue publish nothing more, and returns when its last packet is out.</summary>
    public void CloseVenue()
    {
        _isClosed = true;
        while (!_isQuiet)
        {
            Thread.Sleep(1);
        }
    }

    /// <inheritdoc/>
    public int DoWork(long nowNs)
    {
        _isQuiet = _isClosed;
        return (_isQuiet ? 0 : _venue.DoWork(nowNs)) + _probe.DoWork(nowNs);
    }

    /// <summary>Reads what was sent before the stop.</summary>
    public void OnClose()
    {
        _isQuiet = true;
        _probe.OnClose();
    }
}

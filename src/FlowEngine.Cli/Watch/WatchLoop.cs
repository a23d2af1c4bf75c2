using FlowEngine.Client;
using FlowEngine.Core.Time;

namespace FlowEngine.Cli.Watch;

/// <summary>Polls a signal stream and shows it until told to stop. Runs on the calling thread.</summary>
internal sealed class WatchLoop
{
    private const int FragmentLimit = 256;

    private readonly SignalSubscription _signals;
    private readonly SignalBoard _board;
    private readonly WatchViews _views;
    private volatile bool _imageChanged;

    /// <summary>A loop over <paramref name="signals"/>, whose handler is <paramref name="board"/>.</summary>
    public WatchLoop(SignalSubscription signals, SignalBoard board, WatchViews views)
    {
        _signals = signals;
        _board = board;
        _views = views;
    }

    /// <summary>An observer that fell behind was joined again: what it missed is no loss. Any thread.</summary>
    public void ImageChanged() => _imageChanged = true;

    /// <summary>Polls and shows until <paramref name="isOver"/>.</summary>
    /// <param name="display">Shows the views.</param>
    /// <param name="isOver">Asked after each poll.</param>
    public void Run(WatchDisplay display, Func<bool> isOver) => display.Run((interval, show) =>
    {
        var intervalNs = interval.Ticks * 100;
        var dueNs = SystemClock.Nanos();
        while (!isOver())
        {
            var nowNs = SystemClock.Nanos();
            if (Poll(nowNs) == 0)
            {
                Thread.Sleep(1);
            }

            if (nowNs >= dueNs)
            {
                dueNs = nowNs + intervalNs;
                show(top => _views.Take(nowNs, top));
            }
        }

        var endNs = SystemClock.Nanos();
        show(top => _views.Take(endNs, top));
    });

    private int Poll(long nowNs)
    {
        if (_imageChanged)
        {
            _imageChanged = false;
            _signals.Rejoined();
        }

        _board.NowNs = nowNs;
        return _signals.Poll(FragmentLimit);
    }
}

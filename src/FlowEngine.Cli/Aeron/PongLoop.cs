using FlowEngine.Aeron;

namespace FlowEngine.Cli.Aeron;

/// <summary>Sends every message back. One thread.</summary>
/// <param name="pings">What to answer.</param>
/// <param name="fragmentLimit">Most fragments of a poll.</param>
/// <param name="idleName">Name of the idle strategy.</param>
/// <param name="end">When to end.</param>
internal sealed class PongLoop(Subscription pings, int fragmentLimit, string idleName, EndCheck end)
{
    private long _answered;
    private long _dropped;

    /// <summary>Messages sent back. Any thread.</summary>
    public long Answered => Volatile.Read(ref _answered);

    /// <summary>Messages of publishers that went away before the answer could be sent. Any thread.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Answers until the end.</summary>
    public void Run<TSink>(TSink pongs)
        where TSink : struct, ISink
    {
        var idle = new ChosenIdle(idleName);
        var handler = new FragmentAssembler<Echo<TSink>>(new Echo<TSink>(this, pongs, new ChosenIdle(idleName)));
        while (true)
        {
            var fragments = pings.Poll(ref handler, fragmentLimit);
            idle.Idle(fragments);
            if (fragments == 0 && end.Sometimes())
            {
                return;
            }
        }
    }

    private struct Echo<TSink>(PongLoop loop, TSink pongs, ChosenIdle idle) : IFragmentHandler
        where TSink : struct, ISink
    {
        private ChosenIdle _idle = idle;

        public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header)
        {
            while (pongs.Offer(payload) <= 0)
            {
                _idle.Idle(0);
                if (loop.MustDrop(pongs.IsClosed, pongs.IsConnected, header.SessionId))
                {
                    Volatile.Write(ref loop._dropped, loop._dropped + 1);
                    return;
                }
            }

            Volatile.Write(ref loop._answered, loop._answered + 1);
        }
    }

    // A ping may come before its sender's subscription for the pong is known here: that is worth waiting for.
    private bool MustDrop(bool isClosed, bool isConnected, int sessionId) =>
        end.Sometimes() || isClosed || (!isConnected && pings.ImageBySession(sessionId) is null);
}

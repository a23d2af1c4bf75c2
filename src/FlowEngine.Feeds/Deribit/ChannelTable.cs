using FlowEngine.Core;

namespace FlowEngine.Feeds.Deribit;

/// <summary>
/// Packet sequences of all channels, one slot for each of the 65,536 ids (1 MiB; untouched pages cost nothing). Two
/// lines of one channel carry the same packets: whichever comes first counts, the other is dropped. One thread.
/// </summary>
internal sealed class ChannelTable
{
    // A sequence that steps back this far is no late packet: the channel began anew.
    private const int MaxLatePackets = 65_536;

    // So is one that steps back after this long without a new packet.
    private const long ResetAfterNs = 1_000_000_000;

    private readonly Channel[] _channels = new Channel[65_536];
    private readonly FeedCounters _counters;

    public ChannelTable(FeedCounters counters) => _counters = counters;

    /// <summary>Whether snapshot pieces on a channel can be told apart: no first piece can have been lost.</summary>
    public ref bool IsSnapshotSound(ushort channelId) => ref _channels[channelId].IsSnapshotSound;

    /// <summary>Takes note of a packet.</summary>
    /// <returns>False when the channel had it already.</returns>
    [Hot]
    public bool TryAccept(ushort channelId, uint sequence, long captureTimeNs)
    {
        ref Channel channel = ref _channels[channelId];
        if (!channel.IsKnown)
        {
            channel.IsKnown = true;
            channel.IsSnapshotSound = true;
        }
        else if (channel.Expected != sequence && !TryAcceptSlow(ref channel, sequence, captureTimeNs))
        {
            return false;
        }

        channel.Expected = sequence + 1;
        channel.NewestTimeNs = captureTimeNs;
        return true;
    }

    private bool TryAcceptSlow(ref Channel channel, uint sequence, long captureTimeNs)
    {
        int ahead = (int)(sequence - channel.Expected);
        if (ahead > 0)
        {
            _counters.ChannelGaps++;
            _counters.PacketsLost += ahead;
        }
        else if (ahead < -MaxLatePackets || captureTimeNs - channel.NewestTimeNs > ResetAfterNs)
        {
            _counters.ChannelResets++;
        }
        else
        {
            _counters.DuplicatePackets++;
            return false;
        }

        channel.IsSnapshotSound = false;
        return true;
    }

    private struct Channel
    {
        public long NewestTimeNs;
        public uint Expected;
        public bool IsKnown;
        public bool IsSnapshotSound;
    }
}

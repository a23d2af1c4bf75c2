using FlowEngine.Cli.Frame;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Captures;
using FlowEngine.Feeds.Readers;

namespace FlowEngine.Cli.Feed;

/// <summary>What lies ahead of a feed; a zero says that it is not known.</summary>
/// <param name="Packets">Packets in all.</param>
/// <param name="DurationNs">Time from the first packet to the last, at the source's own pace.</param>
internal sealed record FeedPlan(long Packets, long DurationNs)
{
    // Reading a capture ahead takes a second or two up to here.
    private const long LargestReadAheadBytes = 1L << 30;

    /// <summary>Nothing is known: a venue that stays open, or files too large to read twice.</summary>
    public static FeedPlan Unknown { get; } = new(0, 0);

    /// <summary>
    /// Reads captures from end to end before the first packet goes out, so that a missing, foreign or broken file is
    /// told at once and progress can be shown. Very large files are only opened.
    /// </summary>
    /// <exception cref="UserError">A file holds nothing that could be fed.</exception>
    /// <exception cref="CaptureException">A file cannot be read.</exception>
    public static FeedPlan Of(IReadOnlyList<string> paths, Func<string, FileReader> open)
    {
        var total = new FeedPlan(0, 0);
        var isKnown = true;
        foreach (var path in paths)
        {
            using var file = open(path);
            if (new FileInfo(path).Length > LargestReadAheadBytes)
            {
                isKnown = false;
                continue;
            }

            var plan = Read(file);
            if (plan.Packets == 0)
            {
                throw new UserError(
                    $"{path}: nothing in it is a packet of a known venue; "
                    + "give a capture of Deribit's multicast feed, or a file of another known format");
            }

            total = new FeedPlan(total.Packets + plan.Packets, total.DurationNs + plan.DurationNs);
        }

        return isKnown ? total : Unknown;
    }

    private static FeedPlan Read(FileReader file)
    {
        long packets = 0, first = 0, last = 0;
        var buffer = new byte[VenueEnvelope.MaxLength];
        while (file.ReadPacket(buffer, out var captureTimeNs) > 0)
        {
            first = packets++ == 0 ? captureTimeNs : first;
            last = Math.Max(last, captureTimeNs);
        }

        return new FeedPlan(packets, Math.Max(0, last - first));
    }
}

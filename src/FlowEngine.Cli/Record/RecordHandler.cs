using FlowEngine.Aeron;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Readers.Flow;

namespace FlowEngine.Cli.Record;

/// <summary>Writes each whole message of the feed into the file. The command's thread.</summary>
internal sealed class RecordHandler(FlowWriter writer) : IFragmentHandler
{
    /// <summary>Messages that are no venue packet: counted, since a .flow file has no place for them.</summary>
    public long Unreadable { get; private set; }

    /// <inheritdoc/>
    public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header)
    {
        if (FeedDecoder.TryReadCaptureTime(payload, out var captureTimeNs))
        {
            writer.Append(payload, captureTimeNs);
        }
        else
        {
            Unreadable++;
        }
    }
}

using FlowEngine.Feeds;
using FlowEngine.Feeds.Readers;

namespace FlowEngine.Cli.Feed;

/// <summary>
/// Another source without some of its packets, for tests of recovery; counts what the source had to leave out itself.
/// </summary>
internal sealed class FeedSource : IPacketSource, IDisposable
{
    private readonly IPacketSource _source;
    private readonly HashSet<long> _leaveOut;
    private readonly FileSource? _files;
    private long _number;

    /// <summary>A source that owns <paramref name="source"/>.</summary>
    /// <param name="source">Where packets come from.</param>
    /// <param name="leaveOut">Numbers of packets to leave out; the first packet is 1.</param>
    public FeedSource(IPacketSource source, IEnumerable<long> leaveOut)
    {
        _source = source;
        _leaveOut = [.. leaveOut];
        _files = source as FileSource;
    }

    /// <inheritdoc/>
    public int MaxPacketLength => _source.MaxPacketLength;

    /// <summary>Packets left out.</summary>
    public long Skipped { get; private set; }

    /// <summary>Packets of which the captures kept only the start.</summary>
    public long Truncated => _files?.Truncated ?? 0;

    /// <inheritdoc/>
    public int NextPacket(Span<byte> buffer, out long dueTimeOffsetNs)
    {
        while (true)
        {
            var length = _source.NextPacket(buffer, out dueTimeOffsetNs);
            if (length == 0 || !_leaveOut.Contains(++_number))
            {
                return length;
            }

            Skipped++;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _files?.Dispose();
}

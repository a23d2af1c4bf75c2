using FlowEngine.Aeron.Logs;
using FlowEngine.Core;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>
/// Looks for the first hole behind what was received and says when it is time to ask for it: after a delay, and again
/// and again while it is the same hole. Another hole starts a new delay; the same one never does. Conductor's thread.
/// </summary>
internal sealed unsafe class LossDetector(NakDelay delay)
{
    private Gap _active = new(0, -1, 0);
    private long _expiryNs;

    /// <summary>Scans from the rebuild position to the high-water mark, or to the end of the term.</summary>
    /// <param name="log">Log of the image.</param>
    /// <param name="initialTermId">First term of the stream.</param>
    /// <param name="rebuildPosition">Up to here nothing is missing.</param>
    /// <param name="hwmPosition">Up to here frames were seen.</param>
    /// <param name="nowNs">Time of the duty cycle.</param>
    [Hot]
    public LossScan Scan(LogBuffers log, int initialTermId, long rebuildPosition, long hwmPosition, long nowNs)
    {
        if (rebuildPosition >= hwmPosition)
        {
            return new LossScan { RebuildPosition = rebuildPosition };
        }

        var shift = log.PositionBitsToShift;
        var termCount = (int)(rebuildPosition >> shift);
        var start = (int)rebuildPosition & (log.TermLength - 1);
        var limit = termCount == (int)(hwmPosition >> shift)
            ? (int)hwmPosition & (log.TermLength - 1)
            : log.TermLength;
        var term = log.Term(termCount % LogBufferDescriptor.PartitionCount);
        var offset = TermPacket.ContiguousEnd(term, start, limit, log.TermLength);
        var scan = new LossScan { RebuildPosition = rebuildPosition - start + offset };
        if (offset >= limit)
        {
            return scan;
        }

        var length = TermPacket.HoleEnd(term, offset, limit) - offset;
        var gap = new Gap(unchecked(initialTermId + termCount), offset, length);
        if (gap != _active)
        {
            _active = gap;
            _expiryNs = nowNs + delay.NextNs(isRetry: false);
            scan = scan with { IsNew = true };
        }

        if (nowNs < _expiryNs)
        {
            return scan;
        }

        _expiryNs = nowNs + delay.NextNs(isRetry: true);
        return scan with { IsDue = true, Gap = gap };
    }
}

/// <summary>What a scan found.</summary>
internal readonly record struct LossScan
{
    /// <summary>Up to here nothing is missing.</summary>
    public long RebuildPosition { get; init; }

    /// <summary>Whether a hole was seen for the first time.</summary>
    public bool IsNew { get; init; }

    /// <summary>Whether it is time to ask for <see cref="Gap"/>.</summary>
    public bool IsDue { get; init; }

    /// <summary>What to ask for.</summary>
    public Gap Gap { get; init; }
}

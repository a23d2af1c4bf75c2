using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Feeds.Cme;

/// <summary>What the decoder keeps of one instrument. Prices are counts of 1e-9 until they are quanta.</summary>
[Hot]
internal struct CmeInstrument
{
    /// <summary>A price of 1e-7 in 1e-9.</summary>
    public const int From7 = 100;

    public long QuantumE9;
    public double QuantaPerE9;

    // Names of up to 6 and 6 letters.
    public ulong Group;
    public ulong Asset;

    /// <summary>What the newest venue event was numbered with: report sequence, or packet for order books.</summary>
    public ulong EventSequence;

    /// <summary>The same of the newest event that changed the book, or of the snapshot it stands on.</summary>
    public ulong BookSequence;

    /// <summary>What a snapshot must contain at least.</summary>
    public ulong Floor;
    public uint LastReport;
    public int Channel;
    public int EndStamp;

    // The snapshot by order under way.
    public ulong PlacedSequence;
    public uint SnapshotSequence;
    public uint NextChunk;

    public TradingStatus Status;
    public BookKind Book;
    public byte Depth;
    public byte ImpliedDepth;
    public bool IsAssumed;
    public bool NeedsSnapshot;

    /// <summary>Whether the next update is taken as it comes: the book began empty.</summary>
    public bool IsFresh;

    /// <summary>Price in quanta.</summary>
    public readonly DamageReason ToQuanta(long mantissa, int toE9, out long quanta)
    {
        quanta = 0;
        if (mantissa is > FeedLimits.MaxFixed9 / From7 or < -FeedLimits.MaxFixed9 / From7 && toE9 != 1)
        {
            return DamageReason.BadPrice;
        }

        long e9 = mantissa * toE9;
        double rounded = Math.Round(e9 * QuantaPerE9);
        if (Math.Abs(rounded) > FeedLimits.MaxPriceQuanta)
        {
            return DamageReason.BadPrice;
        }

        long count = (long)rounded;
        if (count * QuantumE9 != e9)
        {
            return DamageReason.OffGridPrice;
        }

        quanta = count;
        return DamageReason.None;
    }

    /// <summary>Starts over: nothing seen, nothing to hold against.</summary>
    public void Restart(bool isEmptyBook)
    {
        LastReport = 0;
        BookSequence = 0;
        EventSequence = 0;
        Floor = 0;
        NextChunk = 0;
        IsFresh = isEmptyBook;
        NeedsSnapshot = !isEmptyBook;
    }
}

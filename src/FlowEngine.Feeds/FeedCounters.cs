using FlowEngine.Core;

namespace FlowEngine.Feeds;

/// <summary>
/// What a <see cref="FeedDecoder"/> has seen. Written by the ingress thread alone; each number is whole when another
/// thread reads it, the set of them is not one moment.
/// </summary>
public sealed class FeedCounters
{
    private readonly long[] _messages = new long[FeedMessageType.All.Count];
    private readonly long[] _damaged = new long[(int)DamageReason.TableFull + 1];

    /// <summary>Reasons for refusal, <see cref="DamageReason.None"/> left out.</summary>
    public static IReadOnlyList<DamageReason> Reasons { get; } =
        [.. Enumerable.Range(1, (int)DamageReason.TableFull).Select(reason => (DamageReason)reason)];

    /// <summary>Venue packets taken in, refused ones included.</summary>
    public long Packets { get; internal set; }

    /// <summary>Bytes of those packets, envelopes included.</summary>
    public long Bytes { get; internal set; }

    /// <summary>Messages of instruments that were not defined yet.</summary>
    public long UnknownInstrument { get; internal set; }

    /// <summary>Instruments added to the table.</summary>
    public long Instruments { get; internal set; }

    /// <summary>Trade prints handed on.</summary>
    public long Trades { get; internal set; }

    /// <summary>Jumps of a channel's packet sequence.</summary>
    public long ChannelGaps { get; internal set; }

    /// <summary>Packets missing in those jumps.</summary>
    public long PacketsLost { get; internal set; }

    /// <summary>Packets dropped because the channel had them already: the other line's copies, or late ones.</summary>
    public long DuplicatePackets { get; internal set; }

    /// <summary>Times that a channel's sequence began anew.</summary>
    public long ChannelResets { get; internal set; }

    /// <summary>Snapshot pieces left out because an earlier piece of theirs may have been lost.</summary>
    public long SnapshotPiecesSkipped { get; internal set; }

    /// <summary>Updates that follow the one before in the venue's count of one instrument (CME RptSeq).</summary>
    public long InstrumentUpdates { get; internal set; }

    /// <summary>Holes in the venue's count of one instrument's updates.</summary>
    public long InstrumentGaps { get; internal set; }

    /// <summary>Updates of an instrument that were there before.</summary>
    public long RepeatedUpdates { get; internal set; }

    /// <summary>Corrections and cancellations of earlier prints; they change nothing.</summary>
    public long TradeCorrections { get; internal set; }

    /// <summary>Events left out because one packet would have made too many.</summary>
    public long EventsLeftOut { get; internal set; }

    /// <summary>Refused inputs of all reasons.</summary>
    public long DamagedTotal { get; private set; }

    /// <summary>The newest refused input.</summary>
    public DamageSample NewestDamage { get; } = new();

    /// <summary>Refused inputs for one reason.</summary>
    public long Damaged(DamageReason reason) => _damaged[(int)reason];

    /// <summary>Messages of one type; <paramref name="index"/> is that of <see cref="FeedMessageType.All"/>.</summary>
    public long MessagesOf(int index) => _messages[index];

    /// <summary>Messages of one type by the schema's name; 0 for names it does not have.</summary>
    public long MessagesOf(FeedFormat format, string name)
    {
        for (var i = 0; i < _messages.Length; i++)
        {
            if (FeedMessageType.All[i].Format == format && FeedMessageType.All[i].Name == name)
            {
                return _messages[i];
            }
        }

        return 0;
    }

    /// <summary>Messages of all types of a format.</summary>
    public long MessagesOfAll(FeedFormat format)
    {
        long sum = 0;
        for (var i = 0; i < _messages.Length; i++)
        {
            sum += FeedMessageType.All[i].Format == format ? _messages[i] : 0;
        }

        return sum;
    }

    [Hot]
    internal void CountMessage(int index) => _messages[index]++;

    [Hot]
    internal void CountDamage(DamageReason reason, ReadOnlySpan<byte> input)
    {
        _damaged[(int)reason]++;
        DamagedTotal++;
        NewestDamage.Keep(reason, input);
    }
}

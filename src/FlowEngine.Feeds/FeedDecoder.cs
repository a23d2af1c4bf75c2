using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using FlowEngine.Core;
using FlowEngine.Feeds.BinanceSbe;
using FlowEngine.Feeds.Cme;
using FlowEngine.Feeds.Deribit;
using FlowEngine.Feeds.Normalised;
using FlowEngine.Market;
using FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds;

/// <summary>
/// Venue packets (<c>venuePacket</c> of <c>market-data.xml</c>) → market events, whatever format they carry. Never
/// throws, whatever the bytes; what it refuses it counts. Allocates only when an instrument is defined. Ingress thread.
/// </summary>
public sealed class FeedDecoder
{
    private readonly DeribitDecoder _deribit;
    private readonly NormalisedDecoder _normalised;
    private readonly InstrumentTable _table;
    private readonly Market.BookKind _cmeBook;
    private CmeDecoder? _cme;
    private BinanceSbeDecoder? _binance;

    /// <summary>A decoder that has seen nothing.</summary>
    /// <param name="table">Where it puts the instruments it learns of; it must be the only one that adds to it.</param>
    /// <param name="cmeBook">CME tells each book twice, by price and by order: which of the two is built.</param>
    public FeedDecoder(InstrumentTable table, Market.BookKind cmeBook = Market.BookKind.PriceLevels)
    {
        _table = table;
        _cmeBook = cmeBook;
        _deribit = new DeribitDecoder(table, Counters);
        _normalised = new NormalisedDecoder(table, Counters);
    }

    /// <summary>What has been seen so far.</summary>
    public FeedCounters Counters { get; } = new();

    /// <summary>Decodes one packet.</summary>
    /// <param name="message">One Aeron message: envelope and payload.</param>
    /// <param name="receiveTimeNs">What events carry as their receive time.</param>
    /// <param name="sink">Takes the events.</param>
    [Hot]
    public void Decode<TSink>(ReadOnlySpan<byte> message, long receiveTimeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        Counters.Packets++;
        Counters.Bytes += message.Length;
        if (!VenuePacketReader.TryWrap(message, out VenuePacketReader packet))
        {
            Counters.CountDamage(WhyNotWrapped(message), message);
            return;
        }

        switch (packet.Format)
        {
            case PayloadFormat.DeribitMulticast:
                _deribit.Decode(packet.Payload, packet.CaptureTime, receiveTimeNs, ref sink);
                break;
            case PayloadFormat.Normalised:
                _normalised.Decode(packet.Payload, packet.CaptureTime, receiveTimeNs, ref sink);
                break;
            case PayloadFormat.CmeMdp3:
                (_cme ??= PrepareCme()).Decode(
                    packet.Payload, packet.Port, packet.Line, packet.CaptureTime, receiveTimeNs, ref sink);
                break;
            case PayloadFormat.CmeAssumed:
                (_cme ??= PrepareCme()).Assume(packet.Payload, packet.CaptureTime, receiveTimeNs, ref sink);
                break;
            case PayloadFormat.BinanceSbe:
                (_binance ??= PrepareBinance()).Decode(packet.Payload, receiveTimeNs, ref sink);
                break;
            default:
                Counters.CountDamage(DamageReason.UnknownFormat, message);
                break;
        }
    }

    /// <summary>Reads when a packet was captured or due, nanoseconds since epoch, without decoding it.</summary>
    /// <returns>False when the message is no venue packet.</returns>
    [Hot]
    public static bool TryReadCaptureTime(ReadOnlySpan<byte> message, out long captureTimeNs)
    {
        bool isPacket = VenuePacketReader.TryWrap(message, out VenuePacketReader packet);
        captureTimeNs = isPacket ? packet.CaptureTime : 0;
        return isPacket;
    }

    // Some megabytes, which those who never hear of the venue need not have.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private CmeDecoder PrepareCme() => new(_table, Counters, _cmeBook);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private BinanceSbeDecoder PrepareBinance() => new(_table, Counters);

    private static DamageReason WhyNotWrapped(ReadOnlySpan<byte> message)
    {
        if (message.Length < MessageHeaderReader.Length)
        {
            return DamageReason.TruncatedPacket;
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(message[4..]) != SchemaInfo.Id)
        {
            return DamageReason.WrongSchema;
        }

        return BinaryPrimitives.ReadUInt16LittleEndian(message[2..]) != VenuePacketReader.TemplateId
            ? DamageReason.UnknownTemplate
            : DamageReason.TruncatedPacket;
    }
}

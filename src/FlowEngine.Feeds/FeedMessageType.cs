using FlowEngine.Core;

namespace FlowEngine.Feeds;

/// <summary>A type of message that a feed decoder counts, with the name that its schema gives it.</summary>
/// <param name="Format">Format it belongs to.</param>
/// <param name="TemplateId">Template id in that format's schema.</param>
/// <param name="Name">Name in that schema.</param>
public sealed record FeedMessageType(FeedFormat Format, ushort TemplateId, string Name)
{
    internal const int DeribitStart = 0;
    internal const int NormalisedStart = 11;
    internal const int NormalisedCount = 15;
    internal const int CmeStart = NormalisedStart + NormalisedCount;
    internal const int CmeCount = 43;
    internal const int BinanceStart = CmeStart + CmeCount;
    internal const int BinanceCount = 4;
    internal const ushort FirstBinanceTemplate = 10_000;
    internal const ushort FirstDeribitTemplate = 1000;
    internal const ushort FirstNormalisedTemplate = 2;

    private static readonly FeedMessageType[] s_all =
    [
        new(FeedFormat.DeribitMulticast, 1000, "instrument"),
        new(FeedFormat.DeribitMulticast, 1001, "book"),
        new(FeedFormat.DeribitMulticast, 1002, "trades"),
        new(FeedFormat.DeribitMulticast, 1003, "ticker"),
        new(FeedFormat.DeribitMulticast, 1004, "snapshot"),
        new(FeedFormat.DeribitMulticast, 1005, "snapshotStart"),
        new(FeedFormat.DeribitMulticast, 1006, "snapshotEnd"),
        new(FeedFormat.DeribitMulticast, 1007, "comboLegs"),
        new(FeedFormat.DeribitMulticast, 1008, "priceIndex"),
        new(FeedFormat.DeribitMulticast, 1009, "rfq"),
        new(FeedFormat.DeribitMulticast, 1010, "instrumentV2"),
        new(FeedFormat.Normalised, 2, "instrumentDefinition"),
        new(FeedFormat.Normalised, 3, "levelUpdate"),
        new(FeedFormat.Normalised, 4, "orderUpdate"),
        new(FeedFormat.Normalised, 5, "snapshotPiece"),
        new(FeedFormat.Normalised, 6, "trades"),
        new(FeedFormat.Normalised, 7, "liquidationOrder"),
        new(FeedFormat.Normalised, 8, "derivativeTicker"),
        new(FeedFormat.Normalised, 9, "instrumentStatus"),
        new(FeedFormat.Normalised, 10, "clearBook"),
        new(FeedFormat.Normalised, 11, "orderSnapshotPiece"),
        new(FeedFormat.Normalised, 12, "bestQuote"),
        new(FeedFormat.Normalised, 13, "bookRow"),
        new(FeedFormat.Normalised, 14, "bookChecksum"),
        new(FeedFormat.Normalised, 15, "bookLost"),
        new(FeedFormat.Normalised, 16, "sessionReset"),
        new(FeedFormat.CmeMdp3, 4, "channelReset"),
        new(FeedFormat.CmeMdp3, 12, "heartbeat"),
        new(FeedFormat.CmeMdp3, 15, "login"),
        new(FeedFormat.CmeMdp3, 16, "logout"),
        new(FeedFormat.CmeMdp3, 27, "futureDefinition7"),
        new(FeedFormat.CmeMdp3, 29, "spreadDefinition7"),
        new(FeedFormat.CmeMdp3, 30, "securityStatus"),
        new(FeedFormat.CmeMdp3, 32, "bookUpdate7"),
        new(FeedFormat.CmeMdp3, 33, "dailyStatistics7"),
        new(FeedFormat.CmeMdp3, 34, "limits7"),
        new(FeedFormat.CmeMdp3, 35, "sessionStatistics7"),
        new(FeedFormat.CmeMdp3, 36, "tradeOld"),
        new(FeedFormat.CmeMdp3, 37, "volume"),
        new(FeedFormat.CmeMdp3, 38, "snapshot7"),
        new(FeedFormat.CmeMdp3, 39, "quoteRequest"),
        new(FeedFormat.CmeMdp3, 41, "optionDefinition7"),
        new(FeedFormat.CmeMdp3, 42, "tradeSummary7"),
        new(FeedFormat.CmeMdp3, 43, "orderUpdate7"),
        new(FeedFormat.CmeMdp3, 44, "orderSnapshot7"),
        new(FeedFormat.CmeMdp3, 46, "bookUpdate"),
        new(FeedFormat.CmeMdp3, 47, "orderUpdate"),
        new(FeedFormat.CmeMdp3, 48, "tradeSummary"),
        new(FeedFormat.CmeMdp3, 49, "dailyStatistics"),
        new(FeedFormat.CmeMdp3, 50, "limits"),
        new(FeedFormat.CmeMdp3, 51, "sessionStatistics"),
        new(FeedFormat.CmeMdp3, 52, "snapshot"),
        new(FeedFormat.CmeMdp3, 53, "orderSnapshot"),
        new(FeedFormat.CmeMdp3, 54, "futureDefinition"),
        new(FeedFormat.CmeMdp3, 55, "optionDefinition"),
        new(FeedFormat.CmeMdp3, 56, "spreadDefinition"),
        new(FeedFormat.CmeMdp3, 57, "fixedIncomeDefinition"),
        new(FeedFormat.CmeMdp3, 58, "repoDefinition"),
        new(FeedFormat.CmeMdp3, 59, "topOrders"),
        new(FeedFormat.CmeMdp3, 60, "workupStatus"),
        new(FeedFormat.CmeMdp3, 61, "streamSnapshot"),
        new(FeedFormat.CmeMdp3, 62, "collateralValue"),
        new(FeedFormat.CmeMdp3, 63, "fxDefinition"),
        new(FeedFormat.CmeMdp3, 64, "bookUpdateLong"),
        new(FeedFormat.CmeMdp3, 65, "tradeSummaryLong"),
        new(FeedFormat.CmeMdp3, 66, "volumeLong"),
        new(FeedFormat.CmeMdp3, 67, "sessionStatisticsLong"),
        new(FeedFormat.CmeMdp3, 68, "streamSnapshotLong"),
        new(FeedFormat.CmeMdp3, 69, "snapshotLong"),
        new(FeedFormat.BinanceSbe, 10000, "trades"),
        new(FeedFormat.BinanceSbe, 10001, "bestBidAsk"),
        new(FeedFormat.BinanceSbe, 10002, "depthSnapshot"),
        new(FeedFormat.BinanceSbe, 10003, "depthDiff"),
    ];

    // Place of each CME template in the list; 0 is none, since Deribit's are first.
    private static readonly byte[] s_cmePlaces = PlacesOf(FeedFormat.CmeMdp3);

    /// <summary>All types, in the order of <see cref="FeedCounters.MessagesOf(int)"/>.</summary>
    public static IReadOnlyList<FeedMessageType> All => s_all;

    /// <summary>Place of a CME template in <see cref="All"/>; -1 for templates that the venue does not have.</summary>
    [Hot]
    internal static int CmeIndex(ushort templateId)
    {
        byte[] places = s_cmePlaces;
        return templateId < places.Length && places[templateId] != 0 ? places[templateId] : -1;
    }

    private static byte[] PlacesOf(FeedFormat format)
    {
        byte[] places = new byte[s_all.Where(type => type.Format == format).Max(type => type.TemplateId) + 1];
        for (var i = 0; i < s_all.Length; i++)
        {
            if (s_all[i].Format == format)
            {
                places[s_all[i].TemplateId] = (byte)i;
            }
        }

        return places;
    }
}

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
    ];

    /// <summary>All types, in the order of <see cref="FeedCounters.MessagesOf(int)"/>.</summary>
    public static IReadOnlyList<FeedMessageType> All => s_all;
}

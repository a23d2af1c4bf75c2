using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Feeds.Cme;

/// <summary>What the venue's trading statuses mean for a book.</summary>
internal static class CmeStatus
{
    /// <summary>The phase of a venue status; unknown for those that change nothing.</summary>
    [Hot]
    public static TradingStatus Of(byte venueStatus) => venueStatus switch
    {
        // Halted; not available.
        2 or 18 => TradingStatus.Halted,
        // Closed; post close.
        4 or 26 => TradingStatus.Closed,
        // New price indication; before and in a cross.
        15 or 24 or 25 => TradingStatus.Auction,
        // Ready to trade; private and public workup.
        17 or 201 or 202 => TradingStatus.Open,
        21 => TradingStatus.PreOpen,
        _ => TradingStatus.Unknown,
    };
}

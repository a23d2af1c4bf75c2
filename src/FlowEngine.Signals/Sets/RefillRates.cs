namespace FlowEngine.Signals;

/// <summary>How fast lots come near the touch (B8).</summary>
/// <param name="BidLotsPerSecond">To the bids.</param>
/// <param name="AskLotsPerSecond">To the asks.</param>
public readonly record struct RefillRates(double BidLotsPerSecond, double AskLotsPerSecond);

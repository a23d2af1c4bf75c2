namespace FlowEngine.Engine;

/// <summary>What all prints of a run sum up to.</summary>
/// <param name="Count">Prints.</param>
/// <param name="BuyLots">Lots bought by aggressors.</param>
/// <param name="SellLots">Lots sold by aggressors.</param>
/// <param name="BuyAmount">The same in the venue's amount units, summed over instruments.</param>
/// <param name="SellAmount">The same for lots sold.</param>
public sealed record TradeSummary(long Count, long BuyLots, long SellLots, decimal BuyAmount, decimal SellAmount)
{
    /// <summary>Sums over all instruments, exactly.</summary>
    public static TradeSummary Of(EngineState state)
    {
        long count = 0, buyLots = 0, sellLots = 0;
        decimal buyAmount = 0, sellAmount = 0;
        for (var id = 0; id < state.Count; id++)
        {
            ref var instrument = ref state.StateOf(id);
            var lot = state.Table[id].Lot.ToDecimal();
            count += instrument.Trades;
            buyLots += instrument.BuyLots;
            sellLots += instrument.SellLots;
            buyAmount += instrument.BuyLots * lot;
            sellAmount += instrument.SellLots * lot;
        }

        return new TradeSummary(count, buyLots, sellLots, Trimmed(buyAmount), Trimmed(sellAmount));
    }

    // Decimal keeps trailing zeros: 734.8943000 is the same amount and reads worse.
    private static decimal Trimmed(decimal amount) => amount / 1.000000000000000000000000000000m;
}

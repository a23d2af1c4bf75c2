using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>Whose position a print closed by force: the taker's, the maker's, both or nobody's.</summary>
/// <param name="TakerSign">1 bought, -1 sold; 0 where the venue did not tell.</param>
/// <param name="IsTaker">Whether the taker was forced.</param>
/// <param name="IsMaker">Whether the maker was.</param>
public readonly record struct ForcedSides(int TakerSign, bool IsTaker, bool IsMaker)
{
    /// <summary>Whether anybody was.</summary>
    public bool Any => IsTaker || IsMaker;

    /// <summary>What the venue says of a print. A side is never guessed: a sign that was inferred does not say whose
    /// position was closed.</summary>
    [Hot]
    public static ForcedSides Of(in MarketEvent trade)
    {
        bool told = (trade.Flags & EventFlags.SignInferred) == 0 && trade.Side != Side.Unknown;
        int taker = !told ? 0 : trade.Side == Side.Buy ? 1 : -1;
        return new ForcedSides(
            taker, trade.Kind == EventKind.Liquidation, (trade.Flags & EventFlags.MakerLiquidation) != 0);
    }
}

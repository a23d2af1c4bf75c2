using FlowEngine.Cli.Frame;
using FlowEngine.Engine;

namespace FlowEngine.Cli.Cost;

/// <summary>An order that may be given.</summary>
/// <param name="Sign">1 buys, -1 sells.</param>
/// <param name="Size">The venue's unit.</param>
/// <param name="HorizonNs">How long it may take.</param>
/// <param name="Slices">In how many parts.</param>
/// <param name="RiskAversion">Almgren and Chriss's λ, for one of the quote currency.</param>
internal sealed record CostRequest(int Sign, decimal Size, long HorizonNs, int Slices, double RiskAversion)
{
    /// <summary>The size in whole lots.</summary>
    /// <param name="symbol">The instrument, for the message.</param>
    /// <param name="lot">What a lot is, the venue's unit.</param>
    /// <exception cref="UserError">It is less than one, or beyond counting.</exception>
    public long LotsOf(string symbol, decimal lot)
    {
        var lots = decimal.Floor(Size / lot);
        return lots is >= 1 and <= OrderQuestion.MostLots ? (long)lots
            : throw UserError.Usage($"--size is {Size}: {symbol} trades in lots of {lot}");
    }
}

using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// M12: a pool of base x and quote y that keeps x·y, fee f: selling dx returns y - xy/(x + dx(1 - f)); the price after
/// is xy/(x + dx(1 - f))².
/// </summary>
/// <param name="Base">x, above 0.</param>
/// <param name="Quote">y, above 0.</param>
/// <param name="Fee">f, 0 to below 1.</param>
public readonly record struct ConstantProduct(double Base, double Quote, double Fee)
{
    /// <summary>Quote for one base, now.</summary>
    public double Price => Quote / Base;

    /// <summary>Quote that selling <paramref name="amount"/> base returns.</summary>
    [Hot]
    public double Sell(double amount)
    {
        double paid = amount * (1 - Fee);
        return Quote * paid / (Base + paid);
    }

    /// <summary>Quote that buying <paramref name="amount"/> base takes, less than all the base there is.</summary>
    [Hot]
    public double Buy(double amount) => Quote * amount / ((Base - amount) * (1 - Fee));

    /// <summary>Base to sell until a further bit would get less than <paramref name="price"/>, the fee in; 0 where it
    /// already would.</summary>
    [Hot]
    public double BaseDownTo(double price) =>
        Math.Max(0, (Math.Sqrt(Base * Quote * (1 - Fee) / price) - Base) / (1 - Fee));

    /// <summary>Base to buy until a further bit would cost more than <paramref name="price"/>, the fee in; 0 where it
    /// already would.</summary>
    [Hot]
    public double BaseUpTo(double price) => Math.Max(0, Base - Math.Sqrt(Base * Quote / (price * (1 - Fee))));

    /// <summary>The same liquidity x·y where a base is worth <paramref name="price"/>, as arbitrage would have
    /// it.</summary>
    [Hot]
    public ConstantProduct At(double price)
    {
        double liquidity = Base * Quote;
        return new ConstantProduct(Math.Sqrt(liquidity / price), Math.Sqrt(liquidity * price), Fee);
    }

    /// <summary>The price after selling <paramref name="amount"/> base.</summary>
    [Hot]
    public double PriceAfter(double amount)
    {
        double held = Base + amount * (1 - Fee);
        return Base * Quote / (held * held);
    }

    /// <summary>Base that moves the price down by a share, 0 to below 1, before the fee.</summary>
    [Hot]
    public double BaseToFall(double share) => Base * (1 / Math.Sqrt(1 - share) - 1);

    /// <summary>
    /// The pool's bids as levels, best first, for a sweep (M1) of its own: at each tick down from the price the whole
    /// lots whose sale, the fee in, brings the price there. Never a part of an order book.
    /// </summary>
    /// <param name="tick">Quote for one base of a quantum.</param>
    /// <param name="lot">Base of a lot.</param>
    /// <param name="levels">Receives them; ticks with less than a lot are left out, their rest goes to the
    /// next.</param>
    /// <returns>Levels written.</returns>
    [Hot]
    public int Bids(double tick, double lot, Span<PriceLevel> levels)
    {
        long quanta = (long)(Price * (1 - Fee) / tick);
        long sold = 0;
        int written = 0;
        while (written < levels.Length)
        {
            // Straight to the tick where the next lot is whole: a thin pool would pass millions of empty ones.
            quanta = Math.Min(quanta, (long)((1 - Fee) * PriceAfter((sold + 1) * lot) / tick));
            if (quanta <= 0)
            {
                break;
            }

            // The marginal price a seller gets is (1 - f) times the pool's.
            double amount = (Math.Sqrt(Base * Quote * (1 - Fee) / (quanta * tick)) - Base) / (1 - Fee);
            double lots = amount / lot;
            if (!(lots < long.MaxValue / 2))
            {
                break;
            }

            long through = Math.Max(sold + 1, (long)lots);
            levels[written++] = new PriceLevel(quanta--, through - sold);
            sold = through;
        }

        return written;
    }
}

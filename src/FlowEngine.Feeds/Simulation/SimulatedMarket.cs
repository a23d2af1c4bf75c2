using FlowEngine.Market;

namespace FlowEngine.Feeds.Simulation;

/// <summary>One print of a simulated trade.</summary>
internal readonly record struct SimulatedPrint(long Price, long Lots);

/// <summary>One change of a simulated level; 0 lots: the level is gone.</summary>
internal readonly record struct SimulatedChange(Side Side, long Price, long Lots);

/// <summary>
/// One instrument in motion. Each step is one venue event: orders join or leave a level, or a market order takes
/// levels. The last step's prints and changes are what the packet tells. No allocation after construction.
/// </summary>
internal sealed class SimulatedMarket
{
    private const int MaxPrints = 6;
    private const int MinLevels = 6;
    private const double TradeShare = 0.09;
    private const double ForcedShare = 0.6;
    private const double MakerForcedShare = 0.002;

    // What a cascade is made of: forced sales, others who sell because it falls, makers who pull their bids.
    private const double CascadeForcedShare = 0.02;
    private const double CascadeSoldShare = 0.10;
    private const double CascadePulledShare = 0.45;

    private readonly SimulatedPrint[] _prints = new SimulatedPrint[MaxPrints];
    private readonly SimulatedChange[] _changes = new SimulatedChange[MaxPrints];
    private readonly long _usualOpenInterest;
    private int _printCount;
    private int _changeCount;
    private Side _flow = Side.Buy;
    private Side _forcedSide;
    private int _forcedLeft;

    public SimulatedMarket(SimulatedContract contract, ulong instrumentId, ref SimulatorRandom random)
    {
        Contract = contract;
        InstrumentId = instrumentId;
        OpenInterestLots = contract.OrderLots * 5_000L;
        _usualOpenInterest = OpenInterestLots;
        long mid = contract.AnchorTicks * Tick;
        for (var i = 0; i < contract.DepthLevels; i++)
        {
            long away = ((i * contract.GapTicks) + 1 + random.NextInt(contract.GapTicks)) * Tick;
            Book.Set(Side.Bid, mid - away, DrawLots(ref random));
            Book.Set(Side.Ask, mid + away, DrawLots(ref random));
        }
    }

    public SimulatedContract Contract { get; }

    public ulong InstrumentId { get; }

    public SimulatedBook Book { get; } = new();

    public ReadOnlySpan<SimulatedPrint> Prints => _prints.AsSpan(0, _printCount);

    public ReadOnlySpan<SimulatedChange> Changes => _changes.AsSpan(0, _changeCount);

    /// <summary>The last market order's side.</summary>
    public Side Aggressor { get; private set; }

    /// <summary>Whether the last market order was forced.</summary>
    public bool IsForced { get; private set; }

    /// <summary>Whether the last market order met a forced one.</summary>
    public bool IsMakerForced { get; private set; }

    public ulong TradeId { get; private set; }

    public long OpenInterestLots { get; private set; }

    /// <summary>Best bid and best ask added up, in quanta: twice the mid.</summary>
    public long TwiceMid => Book.Bids[0].Price + Book.Asks[0].Price;

    private long Tick => Contract.TickQuanta;

    /// <summary>Whether longs are being sold by force into falling bids.</summary>
    public bool IsCascading { get; set; }

    /// <summary>Begins a run of forced orders, which takes the place of one under way.</summary>
    public void Liquidate(Side side, int orders)
    {
        _forcedSide = side;
        _forcedLeft = orders;
    }

    /// <summary>Lets one venue event happen.</summary>
    public void Step(ref SimulatorRandom random)
    {
        _printCount = 0;
        _changeCount = 0;
        IsMakerForced = false;
        IsForced = _forcedLeft > 0 && random.Chance(ForcedShare);
        if (IsCascading)
        {
            Cascade(ref random);
        }
        else if (IsForced)
        {
            _forcedLeft--;
            Trade(_forcedSide, 3, ref random);
        }
        else if (random.Chance(TradeShare))
        {
            IsMakerForced = Contract.IsPerpetual && random.Chance(MakerForcedShare);
            Trade(NextFlow(ref random), 1, ref random);
        }
        else
        {
            Rest(random.Chance(0.5) ? Side.Bid : Side.Ask, ref random);
        }

        Book.Sequence++;
    }

    private void Cascade(ref SimulatorRandom random)
    {
        double draw = random.NextDouble();
        IsForced = draw < CascadeForcedShare;
        if (draw < CascadeForcedShare + CascadeSoldShare)
        {
            _flow = Side.Sell;
            Trade(Side.Sell, IsForced ? 2 : 1, ref random);
        }
        else if (draw < CascadeForcedShare + CascadeSoldShare + CascadePulledShare && Book.Bids.Count > MinLevels)
        {
            Cancel(Side.Bid, ref random);
        }
        else
        {
            Rest(random.Chance(0.5) ? Side.Bid : Side.Ask, ref random);
        }
    }

    // The fewer levels a side has, the likelier it gets one.
    private void Rest(Side side, ref SimulatorRandom random)
    {
        int count = Book[side].Count;
        double lack = (double)(Contract.DepthLevels - count) / Contract.DepthLevels;
        if (count <= MinLevels || (count < SimulatedBook.MaxLevels && random.Chance(0.55 + (0.6 * lack))))
        {
            Add(side, ref random);
        }
        else
        {
            Cancel(side, ref random);
        }
    }

    // Buyers follow buyers, and the farther the price is from its anchor the likelier the way back.
    private Side NextFlow(ref SimulatorRandom random)
    {
        if (random.Chance(0.35))
        {
            double away = (double)((2 * Contract.AnchorTicks * Tick) - TwiceMid) / (2 * Tick * Contract.GapTicks);
            double bias = Math.Clamp(away * 0.004, -0.45, 0.45);
            _flow = random.Chance(0.5 + bias) ? Side.Buy : Side.Sell;
        }

        return _flow;
    }

    private void Trade(Side aggressor, int urgency, ref SimulatorRandom random)
    {
        Side taken = aggressor == Side.Buy ? Side.Ask : Side.Bid;
        Aggressor = aggressor;
        TradeId++;
        long wanted = DrawLots(ref random) * urgency;
        while (wanted > 0 && _printCount < MaxPrints)
        {
            BookSide levels = Book[taken];
            PriceLevel best = levels[0];
            bool mayEmpty = levels.Count > MinLevels;
            long lots = Math.Min(wanted, mayEmpty ? best.Lots : best.Lots - 1);
            if (lots <= 0)
            {
                // The last few levels are never emptied: they are topped up instead.
                Change(taken, best.Price, best.Lots + DrawLots(ref random));
                break;
            }

            _prints[_printCount++] = new SimulatedPrint(best.Price, lots);
            Change(taken, best.Price, best.Lots - lots);
            wanted -= lots;
            // Forced orders close positions, others open as often as they close.
            // Where many were forced out, others come in.
            double entering = OpenInterestLots < _usualOpenInterest ? 0.55 : 0.5;
            long opened = IsForced ? -lots : random.Chance(entering) ? lots / 2 : -lots / 2;
            OpenInterestLots = Math.Max(1, OpenInterestLots + opened);
            if (best.Lots != lots)
            {
                break;
            }
        }
    }

    private void Add(Side side, ref SimulatorRandom random)
    {
        Side other = side == Side.Bid ? Side.Ask : Side.Bid;
        long best = Book[side][0].Price;
        long spreadTicks = Math.Abs(Book[other][0].Price - best) / Tick;
        long towards = side == Side.Bid ? Tick : -Tick;
        double eagerness = Math.Min(0.7, 0.3 * (spreadTicks - 1) / Contract.GapTicks);
        long price;
        if (spreadTicks > 1 && random.Chance(eagerness))
        {
            int room = (int)Math.Min(spreadTicks - 1, 2 * Contract.GapTicks);
            price = best + (towards * (1 + random.NextInt(room)));
        }
        else
        {
            long gaps = random.NextRun(0.8, Contract.DepthLevels);
            price = best - (towards * ((gaps * Contract.GapTicks) + random.NextInt(Contract.GapTicks)));
        }

        price = price > 0 ? price : best;
        Change(side, price, Book.LotsAt(side, price) + DrawLots(ref random));
    }

    private void Cancel(Side side, ref SimulatorRandom random)
    {
        BookSide levels = Book[side];
        PriceLevel level = levels[random.NextRun(0.85, levels.Count - 1)];
        bool wholly = level.Lots == 1 || random.Chance(0.6);
        Change(side, level.Price, wholly ? 0 : 1 + random.NextInt((int)Math.Min(level.Lots - 1, int.MaxValue)));
    }

    private void Change(Side side, long price, long lots)
    {
        Book.Set(side, price, lots);
        _changes[_changeCount++] = new SimulatedChange(side, price, lots);
    }

    private long DrawLots(ref SimulatorRandom random)
    {
        double size = Contract.OrderLots * random.NextExponential();
        // One order in twenty is a large one.
        return 1 + (long)(random.Chance(0.05) ? size * 8 : size);
    }
}

using System.Text;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Simulation;

/// <summary>Writes the simulated venue's messages, back to back, into one payload.</summary>
internal ref struct SimulatedMessages
{
    private readonly Span<byte> _payload;
    private readonly long _timeNs;

    public SimulatedMessages(Span<byte> payload, long timeNs)
    {
        _payload = payload;
        _timeNs = timeNs;
    }

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    private readonly Span<byte> Rest => _payload[Length..];

    /// <summary>What a contract's integers are worth.</summary>
    public void Definition(SimulatedMarket market)
    {
        SimulatedContract contract = market.Contract;
        var writer = new Wire.InstrumentDefinitionWriter(Rest)
        {
            InstrumentId = market.InstrumentId,
            Venue = Wire.Venue.Simulator,
            ContractKind = (Wire.ContractKind)contract.Kind,
            Status = Wire.TradingStatus.Open,
            TickQuanta = (uint)contract.TickQuanta,
            FeedDepthLevels = 0,
            ExpiryTime = 0,
        };
        Write(writer.PriceQuantum, contract.Quantum);
        Write(writer.Lot, contract.Lot);
        Write(writer.ContractMultiplier, DecimalScale.One);
        Span<byte> symbol = stackalloc byte[64];
        int length = Encoding.ASCII.GetBytes(contract.Symbol, symbol);
        writer.SetSymbol(symbol[..length]);
        Length += writer.EncodedLength;
    }

    /// <summary>The last step of a market: its prints, then the levels they and others changed.</summary>
    public void Step(SimulatedMarket market)
    {
        if (market.Prints.Length > 0)
        {
            Prints(market);
        }

        if (market.Changes.Length > 0)
        {
            Changes(market);
        }
    }

    /// <summary>Part of a book, bids before asks.</summary>
    public void Snapshot(SimulatedMarket market, int firstLevel, int levels)
    {
        SimulatedBook book = market.Book;
        int bids = book.Bids.Count;
        var writer = new Wire.SnapshotPieceWriter(Rest)
        {
            InstrumentId = market.InstrumentId,
            VenueTime = _timeNs,
            Sequence = book.Sequence,
            IsFirst = firstLevel == 0 ? (byte)1 : (byte)0,
            IsLast = firstLevel + levels == bids + book.Asks.Count ? (byte)1 : (byte)0,
        };
        var group = writer.BeginLevels(levels);
        for (int i = firstLevel; i < firstLevel + levels; i++)
        {
            PriceLevel level = i < bids ? book.Bids[i] : book.Asks[i - bids];
            group.Next();
            group.Side = i < bids ? Wire.Side.Bid : Wire.Side.Ask;
            group.Price = level.Price;
            group.Lots = level.Lots;
        }

        Length += writer.EncodedLength;
    }

    /// <summary>Mark, index, funding and open interest, as far as the contract has them.</summary>
    public void Ticker(SimulatedMarket market, long mark9, long index9, long funding9)
    {
        var writer = new Wire.DerivativeTickerWriter(Rest)
        {
            InstrumentId = market.InstrumentId,
            VenueTime = _timeNs,
            IndexPrice = index9,
        };
        if (market.Contract.IsDerivative)
        {
            writer.MarkPrice = mark9;
            writer.OpenInterest = market.OpenInterestLots;
        }

        if (market.Contract.IsPerpetual)
        {
            writer.FundingRate = funding9;
        }

        Length += writer.EncodedLength;
    }

    private void Prints(SimulatedMarket market)
    {
        var writer = new Wire.TradesWriter(Rest)
        {
            InstrumentId = market.InstrumentId,
            VenueTime = _timeNs,
        };
        var group = writer.BeginPrints(market.Prints.Length);
        foreach (SimulatedPrint print in market.Prints)
        {
            group.Next();
            group.TradeId = market.TradeId;
            group.Aggressor = (Wire.Side)market.Aggressor;
            group.Liquidation = (market.IsForced, market.IsMakerForced) switch
            {
                (true, _) => Wire.Liquidation.Taker,
                (_, true) => Wire.Liquidation.Maker,
                _ => Wire.Liquidation.None,
            };
            group.Price = print.Price;
            group.Lots = print.Lots;
        }

        Length += writer.EncodedLength;
    }

    private void Changes(SimulatedMarket market)
    {
        var writer = new Wire.LevelUpdateWriter(Rest)
        {
            InstrumentId = market.InstrumentId,
            VenueTime = _timeNs,
            Sequence = market.Book.Sequence,
            PreviousSequence = market.Book.Sequence - 1,
            Flags = Wire.UpdateFlags.EndOfEvent,
        };
        var group = writer.BeginLevels(market.Changes.Length);
        foreach (SimulatedChange change in market.Changes)
        {
            group.Next();
            group.Action = change.Lots == 0 ? Wire.LevelAction.Delete : Wire.LevelAction.Set;
            group.Side = (Wire.Side)change.Side;
            group.Price = change.Price;
            group.Lots = change.Lots;
        }

        Length += writer.EncodedLength;
    }

    private static void Write(Wire.DecimalScaleWriter writer, DecimalScale scale)
    {
        writer.Mantissa = scale.Mantissa;
        writer.Exponent = scale.Exponent;
    }
}

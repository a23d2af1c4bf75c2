using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers;

/// <summary>A level as a reader writes it; 0 lots: it is gone.</summary>
internal readonly record struct RunLevel(Side Side, long Price, long Lots);

/// <summary>A change of an order as a reader writes it.</summary>
internal readonly record struct RunOrder(Wire.OrderAction Action, ulong Id, Side Side, long Price, long Lots);

/// <summary>A trade as a reader writes it.</summary>
internal readonly record struct RunTrade(
    ulong Id, Side Aggressor, long Price, long Lots, Wire.Liquidation Liquidation = Wire.Liquidation.None);

using FlowEngine.Core;
using FlowEngine.Messages.PreTrade;

namespace FlowEngine.Engine;

/// <summary>An order that may be given, as a client asked about it.</summary>
public struct OrderQuestion
{
    /// <summary>Most slices of a schedule.</summary>
    public const int MostSlices = 32;

    /// <summary>Most lots of an order.</summary>
    public const long MostLots = 1_000_000_000_000_000;

    /// <summary>Shortest horizon, nanoseconds.</summary>
    public const long ShortestNs = 1_000_000;

    /// <summary>Longest horizon, nanoseconds.</summary>
    public const long LongestNs = 30L * 86_400 * 1_000_000_000;

    /// <summary>Greatest risk aversion.</summary>
    public const double MostAversion = 1e6;

    /// <summary>Who asks.</summary>
    public ulong ClientId;

    /// <summary>Which request of theirs.</summary>
    public ulong CorrelationId;

    /// <summary>Dense id.</summary>
    public int InstrumentId;

    /// <summary>1 buys, -1 sells.</summary>
    public int Sign;

    /// <summary>In how many parts, 1 to 32.</summary>
    public int Slices;

    /// <summary>How much.</summary>
    public long Lots;

    /// <summary>How long it may take.</summary>
    public long HorizonNs;

    /// <summary>Almgren and Chriss's λ, for one of the quote currency.</summary>
    public double RiskAversion;

    /// <summary>Reads a request; what it says is judged by <see cref="IsSound"/>.</summary>
    [Hot]
    public static OrderQuestion Of(CostRequestReader request) => new()
    {
        ClientId = request.ClientId,
        CorrelationId = request.CorrelationId,
        InstrumentId = (int)Math.Min(request.InstrumentId, int.MaxValue),
        Sign = request.Side switch { Side.Buy => 1, Side.Sell => -1, _ => 0 },
        Slices = request.Slices,
        Lots = request.Lots,
        HorizonNs = request.HorizonNs,
        RiskAversion = request.RiskAversion,
    };

    /// <summary>Whether every field is within its range; the instrument is another matter.</summary>
    [Hot]
    public readonly bool IsSound() =>
        Sign != 0
        && Slices is >= 1 and <= MostSlices
        && Lots is >= 1 and <= MostLots
        && HorizonNs is >= ShortestNs and <= LongestNs
        && RiskAversion is >= 0 and <= MostAversion;
}

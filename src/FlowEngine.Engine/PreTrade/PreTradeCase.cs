using FlowEngine.Core;
using FlowEngine.Market;
using FlowEngine.Messages.PreTrade;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// One question with everything that its answer is made of, copied at one event so that another thread can take its
/// time. Memory is taken once. Owned by one thread at a time: see <see cref="PreTradeCases"/>.
/// </summary>
public sealed class PreTradeCase
{
    /// <summary>Levels of the side an order takes from that are looked at, unless told otherwise.</summary>
    public const int DefaultLevels = 512;

    /// <summary>Price buckets of forced orders that are looked at.</summary>
    public const int MostForced = 256;

    private readonly PriceLevel[] _worstToBest;
    private readonly LiquidationLevel[] _forced = new LiquidationLevel[MostForced];
    private int _levels;
    private int _forcedLevels;

    /// <summary>An empty case.</summary>
    /// <param name="levels">Most levels that are copied.</param>
    public PreTradeCase(int levels = DefaultLevels) => _worstToBest = new PriceLevel[levels];

    /// <summary>The question.</summary>
    public OrderQuestion Question;

    /// <summary>Whether it could be answered at that event.</summary>
    public AnswerStatus Status;

    /// <summary>Newest event in the book, requests not counted.</summary>
    public long EventSequence;

    /// <summary>The venue's own sequence of the book.</summary>
    public ulong VenueSequence;

    /// <summary>Matching-engine time of the instrument's newest event.</summary>
    public long VenueTime;

    /// <summary>When ingress saw it.</summary>
    public long ReceiveTime;

    /// <summary>Clamped venue time that decay is read as of.</summary>
    public long NowNs;

    /// <summary>Flags of the touch.</summary>
    public ValidityFlags Validity;

    /// <summary>The signal set that runs.</summary>
    public byte SignalSet;

    /// <summary>Best levels.</summary>
    public TouchState Touch;

    /// <summary>Whether the set has anything beyond the touch.</summary>
    public bool HasPast;

    /// <summary>Whether there is a map of forced orders.</summary>
    public bool HasMap;

    /// <summary>Deviation of one second's log return; 0 where not known.</summary>
    public double SecondDeviation;

    /// <summary>Lots traded a second; 0 where not known.</summary>
    public double LotsPerSecond;

    /// <summary>Kyle's λ (M3).</summary>
    public RegressionFit Kyle;

    /// <summary>Quanta that the mid moves in a second with the root of a lot; 0 where not known.</summary>
    public double MoveForRoot;

    /// <summary>Impact of past trades for a scale of 1 (M8).</summary>
    public TransientImpact Transient;

    /// <summary>Prints so far.</summary>
    public ulong Trades;

    /// <summary>The side that the order takes from.</summary>
    public BookSide Levels => new(_worstToBest.AsSpan(_worstToBest.Length - _levels));

    /// <summary>Forced orders from the nearest price on.</summary>
    public ReadOnlySpan<LiquidationLevel> Forced => _forced.AsSpan(0, _forcedLevels);

    /// <summary>Room for the forced orders; <see cref="SetForced"/> says how much of it was used.</summary>
    [Hot]
    public Span<LiquidationLevel> ForcedRoom() => _forced;

    /// <summary>How many forced levels were written.</summary>
    [Hot]
    public void SetForced(int levels) => _forcedLevels = levels;

    /// <summary>
    /// Copies a side from the best level on: as far as there is room where forced orders are sought beyond, else until
    /// the largest size is covered. O(levels).
    /// </summary>
    [Hot]
    public void CopyLevels(BookSide side, long mostLots, bool whole)
    {
        var limit = Math.Min(side.Count, _worstToBest.Length);
        long lots = 0;
        var rank = 0;
        for (; rank < limit && (whole || lots < mostLots); rank++)
        {
            ref readonly var level = ref side[rank];
            _worstToBest[_worstToBest.Length - 1 - rank] = level;
            lots = Math.Min(lots, mostLots) + level.Lots;
        }

        _levels = rank;
    }

    /// <summary>Forgets what was copied for the question before.</summary>
    [Hot]
    public void Clear()
    {
        Status = AnswerStatus.Ok;
        (_levels, _forcedLevels) = (0, 0);
        (HasPast, HasMap) = (false, false);
        (SecondDeviation, LotsPerSecond, MoveForRoot) = (0, 0, 0);
        (EventSequence, VenueSequence, VenueTime, ReceiveTime, NowNs) = (0, 0, 0, 0, 0);
        Validity = ValidityFlags.None;
        Touch = new TouchState(TouchState.NoBid, 0, TouchState.NoAsk, 0);
        Kyle = default;
        Transient = default;
        Trades = 0;
    }
}

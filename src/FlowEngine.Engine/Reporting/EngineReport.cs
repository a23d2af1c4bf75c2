using System.Numerics;
using System.Text.Json;
using FlowEngine.Feeds;
using FlowEngine.Market;

namespace FlowEngine.Engine;

/// <summary>
/// What an engine did from start to stop, for the last line of <c>run</c>, <c>replay</c> and <c>demo</c>.
/// </summary>
public sealed record EngineReport
{
    /// <summary>Market events handled, timers included.</summary>
    public required long Events { get; init; }

    /// <summary>Signal messages computed.</summary>
    public required long Evaluated { get; init; }

    /// <summary>Signal messages handed to Aeron.</summary>
    public required long Published { get; init; }

    /// <summary>Signal messages that newer ones replaced before they could be sent.</summary>
    public required long Conflated { get; init; }

    /// <summary>Signal messages computed while nobody subscribed.</summary>
    public required long Unsubscribed { get; init; }

    /// <summary>Instruments defined.</summary>
    public required long Instruments { get; init; }

    /// <summary>Books that are live at the end.</summary>
    public required long CompleteBooks { get; init; }

    /// <summary>Times a book lost an update.</summary>
    public required long Gaps { get; init; }

    /// <summary>Times a snapshot healed a book after a gap.</summary>
    public required long Recoveries { get; init; }

    /// <summary>Event boundaries with best bid above best ask.</summary>
    public required long CrossedBooks { get; init; }

    /// <summary>
    /// Evaluations by validity flag of the touch, and <c>valid</c> for those without any; flags with 0 are left out.
    /// </summary>
    public required IReadOnlyDictionary<string, long> Quality { get; init; }

    /// <summary>Packets taken in.</summary>
    public required long Packets { get; init; }

    /// <summary>Packets missing in the venue's channel sequences.</summary>
    public required long ChannelGaps { get; init; }

    /// <summary>Messages for instruments not yet defined.</summary>
    public required long UnknownInstrument { get; init; }

    /// <summary>Packets, messages and entries refused, by reason; reasons with 0 are left out.</summary>
    public required IReadOnlyDictionary<string, long> Damaged { get; init; }

    /// <summary>Times ingress waited for room in the ring.</summary>
    public required long RingFull { get; init; }

    /// <summary>Messages by type, with the venue schema's names.</summary>
    public required IReadOnlyDictionary<string, long> Messages { get; init; }

    /// <summary>Prints, and what they sum up to.</summary>
    public required TradeSummary Trades { get; init; }

    /// <summary>How the venue's tickers compared with the books.</summary>
    public required TickerSummary Tickers { get; init; }

    /// <summary>Runs of parameters put in force.</summary>
    public required long ParametersApplied { get; init; }

    /// <summary>Runs of parameters that were broken or of no use.</summary>
    public required long ParametersRefused { get; init; }

    /// <summary>Samples for slow work that found no room.</summary>
    public required long SamplesDropped { get; init; }

    /// <summary>Events whose handler failed: a fault of the program.</summary>
    public required long Failures { get; init; }

    /// <summary>SHA-256 over the signal messages in the order computed; null when it was not asked for.</summary>
    public required string? Digest { get; init; }

    /// <summary>Gathers the report of a pipeline whose threads have stopped.</summary>
    public static EngineReport Of(Pipeline pipeline)
    {
        var status = pipeline.Status;
        var counters = pipeline.Ingress.Decoder.Counters;
        return new EngineReport
        {
            Events = status.Events,
            Evaluated = status.Evaluated,
            Published = status.Published,
            Conflated = status.Conflated,
            Unsubscribed = status.Unsubscribed,
            Instruments = status.Instruments,
            CompleteBooks = status.CompleteBooks,
            Gaps = status.Gaps,
            Recoveries = status.Recoveries,
            CrossedBooks = status.CrossedBooks,
            Quality = QualityByFlag(pipeline.State.Totals),
            Packets = status.Packets,
            ChannelGaps = status.ChannelGaps,
            UnknownInstrument = status.UnknownInstrument,
            Damaged = DamagedByReason(counters),
            RingFull = status.RingFull,
            Messages = MessagesByType(counters),
            Trades = TradeSummary.Of(pipeline.State),
            Tickers = new TickerSummary(
                pipeline.Tickers.EqualAtOnce, pipeline.Tickers.EqualLater, pipeline.Tickers.Different),
            ParametersApplied = status.ParametersApplied,
            ParametersRefused = status.ParametersRefused,
            SamplesDropped = status.SamplesDropped,
            Failures = pipeline.Engine.Failures,
            Digest = pipeline.Digest?.ToHex(),
        };
    }

    private static Dictionary<string, long> DamagedByReason(FeedCounters counters) =>
        FeedCounters.Reasons
            .Where(reason => counters.Damaged(reason) > 0)
            .ToDictionary(reason => JsonNamingPolicy.CamelCase.ConvertName(reason.ToString()), counters.Damaged);

    private static Dictionary<string, long> QualityByFlag(EngineTotals totals)
    {
        var quality = new Dictionary<string, long> { ["valid"] = totals.ValidEvaluations };
        foreach (var flag in Enum.GetValues<ValidityFlags>())
        {
            var count = flag == ValidityFlags.None
                ? 0
                : totals.FlaggedEvaluations[BitOperations.TrailingZeroCount((uint)flag)];
            if (count > 0)
            {
                quality.Add(JsonNamingPolicy.CamelCase.ConvertName(flag.ToString()), count);
            }
        }

        return quality;
    }

    // A name means the same in every format: counts of one name are added up.
    private static Dictionary<string, long> MessagesByType(FeedCounters counters) =>
        FeedMessageType.All
            .Select((type, index) => (type.Name, Count: counters.MessagesOf(index)))
            .Where(message => message.Count > 0)
            .GroupBy(message => message.Name)
            .ToDictionary(group => group.Key, group => group.Sum(message => message.Count));
}

using System.Text.Json.Serialization;
using FlowEngine.Engine;

namespace FlowEngine.Cli.Run;

/// <summary>
/// The last line of <c>demo</c>, <c>replay</c> and <c>run</c>. What a command cannot know is left out.
/// </summary>
internal sealed record EngineResult
{
    /// <summary>Market events handled by the engine, timers included.</summary>
    public required long Events { get; init; }

    /// <summary>Signal messages received by the subscriber; for <c>run</c>, messages handed to Aeron.</summary>
    public required long Signals { get; init; }

    /// <summary>Signal messages computed.</summary>
    public required long Evaluated { get; init; }

    /// <summary>Signal messages that newer ones replaced before they could be sent.</summary>
    public required long Conflated { get; init; }

    /// <summary>Signal messages computed while nobody subscribed.</summary>
    public required long Unsubscribed { get; init; }

    /// <summary>Signal messages lost between engine and subscriber.</summary>
    public long? Lost { get; init; }

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

    /// <summary>Evaluations by validity flag, and <c>valid</c> for those without any.</summary>
    public required IReadOnlyDictionary<string, long> Quality { get; init; }

    /// <summary>Packets taken in.</summary>
    public required long Packets { get; init; }

    /// <summary>Packets missing in the venue's channel sequences.</summary>
    public required long ChannelGaps { get; init; }

    /// <summary>Messages for instruments not yet defined.</summary>
    public required long UnknownInstrument { get; init; }

    /// <summary>Packets, messages and entries refused, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Damaged { get; init; }

    /// <summary>Times ingress waited for room in the ring.</summary>
    public required long RingFull { get; init; }

    /// <summary>Messages by type.</summary>
    public required IReadOnlyDictionary<string, long> Messages { get; init; }

    /// <summary>Prints and what they sum up to.</summary>
    public required TradeSummary Trades { get; init; }

    /// <summary>How the venue's tickers compared with the books.</summary>
    public required TickerSummary Tickers { get; init; }

    /// <summary>
    /// Managed bytes of ingress and engine thread for each event in the steady state; definitions are set-up.
    /// </summary>
    public required double AllocatedBytesPerEvent { get; init; }

    /// <summary>From when the event was due (<c>demo</c>) or read (<c>replay</c>) to the subscriber.</summary>
    public LatencyMicros? LatencyMicros { get; init; }

    /// <summary>Values behind the percentiles.</summary>
    public long? LatencySamples { get; init; }

    /// <summary>SHA-256 over the signal messages in the order computed.</summary>
    public string? Digest { get; init; }

    /// <summary>Hash of the engine's configuration, as it stands in every signal.</summary>
    public required string ParameterHash { get; init; }

    /// <summary>Threads of ingress and engine: dedicated or shared.</summary>
    public required string Threads { get; init; }

    /// <summary>What idle threads do.</summary>
    public required string Idle { get; init; }

    /// <summary>From the first packet to the last signal.</summary>
    public required double ElapsedSeconds { get; init; }

    /// <summary>Takes what the engine reports.</summary>
    public static EngineResult Of(
        EngineReport report, EngineHost host, EngineSettings settings, double elapsedSeconds)
    {
        return new EngineResult
        {
            Events = report.Events,
            Signals = report.Published,
            Evaluated = report.Evaluated,
            Conflated = report.Conflated,
            Unsubscribed = report.Unsubscribed,
            Instruments = report.Instruments,
            CompleteBooks = report.CompleteBooks,
            Gaps = report.Gaps,
            Recoveries = report.Recoveries,
            CrossedBooks = report.CrossedBooks,
            Quality = report.Quality,
            Packets = report.Packets,
            ChannelGaps = report.ChannelGaps,
            UnknownInstrument = report.UnknownInstrument,
            Damaged = report.Damaged,
            RingFull = report.RingFull,
            Messages = report.Messages,
            Trades = report.Trades,
            Tickers = report.Tickers,
            AllocatedBytesPerEvent = Math.Round(host.AllocatedBytesPerEvent, 6),
            Digest = report.Digest,
            ParameterHash = host.Identity.ParameterHash.ToString("x16"),
            Threads = settings.IsShared ? "shared" : "dedicated",
            Idle = settings.Idle.ToString().ToLowerInvariant(),
            ElapsedSeconds = Math.Round(elapsedSeconds, 3),
        };
    }

    /// <summary>Adds what the subscriber saw.</summary>
    public EngineResult With(SignalProbe probe) => this with
    {
        Signals = probe.Signals.Received,
        Lost = probe.Signals.Lost,
        LatencyMicros = probe.Latency,
        LatencySamples = probe.Measured,
    };
}

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EngineResult))]
internal sealed partial class EngineResultJson : JsonSerializerContext;

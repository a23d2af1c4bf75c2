using FlowEngine.Cli.Frame;
using FlowEngine.Feeds.Captures;
using FlowEngine.Feeds.Framing;

namespace FlowEngine.Cli.Dump;

/// <summary>
/// A first look at a capture: which flow is framed how. Reads up to <see cref="MaxPackets"/> packets and tries the
/// first few of each flow.
/// </summary>
internal sealed class CaptureSurvey
{
    private const int MaxPackets = 100_000;
    private const int MaxTries = 64;

    private readonly Dictionary<(SegmentKind Kind, FramingKind Framing), int> _known = [];
    private readonly Dictionary<Flow, StreamAssembly> _streams = [];
    private FramingGuess _unknown;
    private string _header = "";
    private bool _hasFrames;

    /// <summary>Flows whose framing is sure.</summary>
    public FlowTable Flows { get; } = new();

    /// <summary>Whether any message of the schema was seen.</summary>
    public bool HasKnown => _known.Count > 0;

    /// <summary>Whether packets of a known framing were seen, and no message in any.</summary>
    public bool IsSilent => _hasFrames && !HasKnown && _unknown.Unknown == 0;

    /// <summary>What a message about a capture without known messages adds.</summary>
    public string Hint => _unknown.Unknown == 0
        ? "" : $"; it looks like {Framings.NameOf(_unknown.Kind)} with {_header}";

    /// <summary>Looks at a capture.</summary>
    public static CaptureSurvey Of(string path, SchemaProbe probe, StopSignal stop)
    {
        var survey = new CaptureSurvey();
        using var reader = PcapReader.Open(path);
        for (var i = 0; i < MaxPackets && !stop.IsRequested; i++)
        {
            try
            {
                if (!reader.TryReadSegment(out var segment))
                    break;
                survey.Look(in segment, probe);
            }
            catch (CaptureException fault)
            {
                // The dump itself will come to it, and say so, when there is anything to dump.
                if (fault.InnerException is null && reader.TryResume())
                    continue;
                if (survey.HasKnown)
                    break;
                throw;
            }
        }

        return survey;
    }

    /// <summary>The framing most messages of a protocol have.</summary>
    public FramingKind? Usual(SegmentKind kind) => _known.Where(entry => entry.Key.Kind == kind)
        .OrderByDescending(entry => entry.Value).Select(entry => (FramingKind?)entry.Key.Framing).FirstOrDefault();

    private void Look(in CapturedSegment segment, SchemaProbe probe)
    {
        if (segment.Kind == SegmentKind.Other || segment.Payload.IsEmpty)
            return;
        var flow = Flows.Of(in segment);
        if (flow.Framing is not null || flow.Tries++ >= MaxTries)
            return;
        if (!TryGuess(flow, in segment, probe, out var guess))
            return;
        _hasFrames = true;
        if (guess.Known > 0)
        {
            flow.Framing = guess.Kind;
            _streams.Remove(flow);
            var key = (segment.Kind, guess.Kind);
            _known[key] = _known.GetValueOrDefault(key) + guess.Known;
        }
        else if (guess.Unknown > 0 && _unknown.Unknown == 0)
        {
            _unknown = guess;
            _header = HeaderOf(segment.Payload, guess.Kind, probe);
        }
    }

    // A segment may hold less than a message: then the stream so far decides.
    private bool TryGuess(Flow flow, in CapturedSegment segment, SchemaProbe probe, out FramingGuess guess)
    {
        var isStream = segment.Kind == SegmentKind.Tcp;
        var isFound = FramingGuess.TryFind(segment.Payload, isStream, probe, out guess);
        if (!isStream || guess.Known > 0)
            return isFound;
        if (!_streams.TryGetValue(flow, out var stream))
            _streams.Add(flow, stream = new StreamAssembly());
        stream.Add(segment.Sequence, segment.IsSyn, segment.Payload);
        if (!FramingGuess.TryFind(stream.Bytes, isStream, probe, out var longer) || longer.Known == 0)
            return isFound;
        guess = longer;
        return true;
    }

    private static string HeaderOf(ReadOnlySpan<byte> payload, FramingKind kind, SchemaProbe probe)
    {
        var cursor = new FrameCursor(kind, payload);
        return cursor.Next(out var frame) == FrameStep.Frame
            && probe.Decoder.TryReadHeader(payload.Slice(frame.Offset, frame.Length), out var header)
            ? $"messages of schema id {header.SchemaId} version {header.Version} (template {header.TemplateId})"
            : "other messages";
    }
}

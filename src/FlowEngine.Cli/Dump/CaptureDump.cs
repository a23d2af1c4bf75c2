using FlowEngine.Cli.Frame;
using FlowEngine.Feeds.Captures;
using FlowEngine.Feeds.Framing;

namespace FlowEngine.Cli.Dump;

/// <summary>
/// Prints the messages in a capture, packet by packet as captured: no line is preferred, nothing repaired.
/// </summary>
internal sealed class CaptureDump
{
    private readonly MessageDump _dump;
    private readonly DumpProgress _progress;
    private readonly StopSignal _stop;
    private readonly FramingKind? _forced;
    private readonly CaptureSurvey? _survey;
    private readonly FlowTable _flows;

    /// <summary>A dump of a capture.</summary>
    /// <param name="dump">Prints.</param>
    /// <param name="progress">Shows how far.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="forced">The framing, where the user said it.</param>
    /// <param name="survey">What was found out about framings, where not.</param>
    public CaptureDump(
        MessageDump dump, DumpProgress progress, StopSignal stop, FramingKind? forced, CaptureSurvey? survey)
    {
        _dump = dump;
        _progress = progress;
        _stop = stop;
        _forced = forced;
        _survey = survey;
        _flows = survey?.Flows ?? new FlowTable();
    }

    private DumpReport Report => _dump.Report;

    /// <summary>
    /// Prints all there is; behind a corrupt record it goes on where records follow each other again.
    /// </summary>
    public void Run()
    {
        using var reader = PcapReader.Open(Report.Path);
        long packet = 0;
        bool goesOn;
        do
        {
            goesOn = false;
            try
            {
                ReadOn(reader, ref packet);
            }
            catch (CaptureException fault)
            {
                Report.Damage(fault);
                goesOn = fault.InnerException is null && reader.TryResume();
                if (goesOn)
                    Report.Say($"{Report.Path}: goes on at byte {reader.Offset}");
            }
        }
        while (goesOn);

        foreach (var flow in _flows.All)
            EndStream(flow);
    }

    private void ReadOn(PcapReader reader, ref long packet)
    {
        while (!_stop.IsRequested && reader.TryReadSegment(out var segment))
        {
            Take(in segment, ++packet);
            _progress.Show(Report.Path, packet, Report.Messages, reader.Offset);
        }

        if (reader.IsCutOff)
            Report.Damage($"byte {reader.Offset}", $"the file ends inside a record, behind packet {packet}");
    }

    private void Take(in CapturedSegment segment, long packet)
    {
        Report.Fragments += segment.IsFragment ? 1 : 0;
        var place = new MessagePlace
        {
            Packet = packet,
            TimeNs = segment.CaptureTimeNs,
            FileOffset = segment.FileOffset,
        };
        if (!segment.IsWhole)
        {
            Report.Damage(place.Words(0), segment.Kind == SegmentKind.Other
                ? "the packet's own headers contradict each other"
                : $"the capture kept only the first {segment.Payload.Length} bytes of it");
        }

        if (segment.Kind == SegmentKind.Other)
            return;
        var flow = _flows.Of(in segment);
        place = place with { Source = flow.Source, Destination = flow.Destination };
        var framing = FramingOf(flow, in segment);
        if (framing is null)
            Report.Unread += segment.Payload.IsEmpty ? 0 : 1;
        else if (segment.Kind == SegmentKind.Tcp && Framings.IsStream(framing.Value))
            TakeStream(flow, framing.Value, in segment, in place);
        else
            TakeDatagram(framing.Value, segment.Payload, segment.IsWhole, in place);
    }

    private FramingKind? FramingOf(Flow flow, in CapturedSegment segment)
    {
        if (_forced is not null || flow.Framing is not null || segment.Payload.IsEmpty)
            return _forced ?? flow.Framing;
        var isStream = segment.Kind == SegmentKind.Tcp;
        if (FramingGuess.TryFind(segment.Payload, isStream, _dump.Probe, out var guess) && guess.Known > 0)
            return flow.Framing = guess.Kind;
        return _survey?.Usual(segment.Kind) is { } usual
            && FramingGuess.Try(usual, segment.Payload, isStream, _dump.Probe).IsFraming ? usual : null;
    }

    private void TakeDatagram(FramingKind framing, ReadOnlySpan<byte> payload, bool isWhole, in MessagePlace place)
    {
        var cursor = new FrameCursor(framing, payload);
        FrameStep step;
        while ((step = cursor.Next(out var frame)) == FrameStep.Frame)
            Print(payload, in frame, in place, 0);
        if (step == FrameStep.Damaged || (step == FrameStep.Incomplete && isWhole))
            Report.Damage(place.Words(cursor.Position), cursor.Reason);
    }

    private void TakeStream(Flow flow, FramingKind framing, in CapturedSegment segment, in MessagePlace place)
    {
        flow.Framing = framing;
        flow.Place = place;
        var missing = flow.Stream.Add(segment.Sequence, segment.IsSyn, segment.Payload);
        if (missing > 0)
            PassGap(flow, missing);
        PrintStream(flow);
    }

    private void PassGap(Flow flow, long missing)
    {
        flow.State = default;
        Report.Damage(flow.Place.Words(flow.Stream.Offset - missing), $"{missing} bytes of the TCP stream are missing");
    }

    private void PrintStream(Flow flow)
    {
        var bytes = flow.Stream.Bytes;
        if (bytes.IsEmpty)
            return;
        var cursor = new FrameCursor(flow.Framing!.Value, bytes, flow.State);
        FrameStep step;
        while ((step = cursor.Next(out var frame)) == FrameStep.Frame)
            Print(bytes, in frame, flow.Place, flow.Stream.Offset);
        if (step != FrameStep.Damaged)
        {
            flow.State = cursor.State;
            flow.Stream.Drop(cursor.Position);
            return;
        }

        var left = bytes.Length - cursor.Position;
        Report.Damage(
            flow.Place.Words(flow.Stream.Offset + cursor.Position), $"{cursor.Reason}; {left} bytes are left out");
        flow.State = default;
        flow.Stream.Drop(bytes.Length);
    }

    private void EndStream(Flow flow)
    {
        while (flow.Stream.PassGap() is > 0 and var missing)
        {
            PassGap(flow, missing);
            PrintStream(flow);
        }

        if (flow.Stream.Bytes.Length > 0)
        {
            Report.Damage(
                flow.Place.Words(flow.Stream.Offset),
                $"the stream {flow.Source} > {flow.Destination} ends inside a message, "
                    + $"{flow.Stream.Bytes.Length} bytes behind its begin");
        }
    }

    private void Print(ReadOnlySpan<byte> bytes, in MessageFrame frame, in MessagePlace place, long start) =>
        _dump.Frame(
            bytes.Slice(frame.Offset, frame.Length),
            frame.IsRun,
            place with { Facts = frame.Packet, Offset = start + frame.Offset });
}

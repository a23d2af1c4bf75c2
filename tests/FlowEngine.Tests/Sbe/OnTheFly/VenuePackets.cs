using FlowEngine.Feeds.Captures;
using FlowEngine.Feeds.Framing;
using FlowEngine.Sbe.OnTheFly;
using Xunit;

namespace FlowEngine.Tests.Sbe.OnTheFly;

/// <summary>The SBE messages in a real capture, each as it was framed.</summary>
internal static class VenuePackets
{
    /// <summary>Reads all messages that a framing finds; everything in the capture must be framed.</summary>
    public static List<byte[]> Frames(string path, FramingKind kind, SchemaDecoder? decoder = null)
    {
        var frames = new List<byte[]>();
        using var reader = PcapReader.Open(path);
        while (reader.TryReadSegment(out var segment))
        {
            var cursor = new FrameCursor(kind, segment.Payload);
            FrameStep step;
            while ((step = cursor.Next(out var frame)) == FrameStep.Frame)
                Add(frames, segment.Payload.Slice(frame.Offset, frame.Length), frame.IsRun ? decoder : null);
            Assert.True(
                step == FrameStep.End || (step == FrameStep.Incomplete && segment.Kind == SegmentKind.Tcp),
                $"{path}: {cursor.Reason}");
        }

        return frames;
    }

    private static void Add(List<byte[]> frames, ReadOnlySpan<byte> bytes, SchemaDecoder? decoder)
    {
        while (decoder is not null && decoder.TryDecode(bytes, out var message)
            && message.EncodedLength < bytes.Length)
        {
            frames.Add(message.Bytes.ToArray());
            bytes = bytes[message.EncodedLength..];
        }

        frames.Add(bytes.ToArray());
    }
}

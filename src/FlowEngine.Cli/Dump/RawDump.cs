using FlowEngine.Feeds.Framing;

namespace FlowEngine.Cli.Dump;

/// <summary>Prints the messages in a file that is no capture: messages one behind the other, framed or not.</summary>
internal sealed class RawDump
{
    private readonly MessageDump _dump;

    /// <summary>A dump of a file.</summary>
    public RawDump(MessageDump dump) => _dump = dump;

    /// <summary>Prints all there is; behind damage it goes on where the next known message is framed.</summary>
    public void Run(ReadOnlySpan<byte> bytes, FramingKind framing)
    {
        var start = 0;
        while (true)
        {
            var rest = bytes[start..];
            var cursor = new FrameCursor(framing, rest);
            FrameStep step;
            while ((step = cursor.Next(out var frame)) == FrameStep.Frame)
            {
                var place = new MessagePlace { Facts = frame.Packet, Offset = start + frame.Offset };
                _dump.Frame(rest.Slice(frame.Offset, frame.Length), frame.IsRun, in place);
            }

            if (step == FrameStep.End)
                return;
            var fault = start + cursor.Position;
            start = NextKnown(bytes, fault + 1, framing);
            var left = start < bytes.Length
                ? $"{start - fault} bytes on a message begins"
                : $"the {bytes.Length - fault} bytes to the end are left out";
            _dump.Report.Damage($"byte {fault}", $"{cursor.Reason}; {left}");
            if (start == bytes.Length)
                return;
        }
    }

    private int NextKnown(ReadOnlySpan<byte> bytes, int from, FramingKind framing)
    {
        for (var i = from; i < bytes.Length; i++)
        {
            var cursor = new FrameCursor(framing, bytes[i..]);
            if (cursor.Next(out var frame) == FrameStep.Frame
                && _dump.Probe.Measure(bytes.Slice(i + frame.Offset, frame.Length)) > 0)
            {
                return i;
            }
        }

        return bytes.Length;
    }
}

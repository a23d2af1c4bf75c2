using FlowEngine.Sbe.OnTheFly;

namespace FlowEngine.Cli.Dump;

/// <summary>Prints the messages in frames, and goes on behind what is damaged.</summary>
internal sealed class MessageDump
{
    private readonly SchemaDecoder _decoder;
    private readonly DumpLines _lines;

    /// <summary>A dump of one file.</summary>
    public MessageDump(SchemaDecoder decoder, DumpLines lines, DumpReport report)
    {
        _decoder = decoder;
        _lines = lines;
        Report = report;
    }

    /// <summary>What is said about the file.</summary>
    public DumpReport Report { get; }

    /// <summary>What knows the schema's messages.</summary>
    public SchemaProbe Probe => new(_decoder);

    /// <summary>Prints what one frame holds.</summary>
    /// <param name="frame">Its bytes.</param>
    /// <param name="isRun">Whether several messages may lie there.</param>
    /// <param name="place">Where the frame is.</param>
    public void Frame(ReadOnlySpan<byte> frame, bool isRun, in MessagePlace place)
    {
        var position = 0;
        do
        {
            var rest = frame[position..];
            var here = place with { Offset = place.Offset + position };
            if (_decoder.TryDecode(rest, out var message, out var failure))
            {
                var behind = isRun ? default : rest[message.EncodedLength..];
                _lines.Message(in here, in message, behind.ContainsAnyExcept((byte)0) ? behind : default);
                Report.Messages++;
                position += message.EncodedLength;
                continue;
            }

            var length = isRun ? NextKnown(rest) : rest.Length;
            if (failure.Fault is DecodeFault.OtherSchema or DecodeFault.UnknownTemplate)
            {
                _decoder.TryReadHeader(rest, out var header);
                _lines.Unknown(in here, in header, rest[..length]);
                Report.Unknown++;
                if (isRun)
                    Report.Damage(here.Words(0), $"{failure.Reason}: its length is unknown, {Passed(length, rest)}");
            }
            else
            {
                var reason = isRun ? $"{failure.Reason}; {Passed(length, rest)}" : failure.Reason;
                Report.Damage(here.Words(failure.Offset), reason);
            }

            position += length;
        }
        while (isRun && position < frame.Length);
    }

    private static string Passed(int length, ReadOnlySpan<byte> rest) =>
        length == rest.Length ? $"the {length} bytes to the end are left out" : $"{length} bytes on a message begins";

    // Behind something unreadable: the next byte at which a known message begins that ends the run or is followed by
    // another one.
    private int NextKnown(ReadOnlySpan<byte> run)
    {
        for (var i = 1; i + _decoder.HeaderLength <= run.Length; i++)
        {
            if (!_decoder.TryDecode(run[i..], out var message))
                continue;
            var behind = run[(i + message.EncodedLength)..];
            if (behind.IsEmpty || (_decoder.TryReadHeader(behind, out var next) && _decoder.Knows(next)))
                return i;
        }

        return run.Length;
    }
}

namespace FlowEngine.Feeds.Framing;

/// <summary>How well a framing explains some bytes.</summary>
/// <param name="Kind">The framing.</param>
/// <param name="Known">Messages that were recognised.</param>
/// <param name="Unknown">Messages that were framed and not recognised.</param>
/// <param name="KnownBytes">Bytes of the recognised messages.</param>
public readonly record struct FramingGuess(FramingKind Kind, int Known, int Unknown, int KnownBytes)
{
    /// <summary>Whether the bytes are of that framing as far as lengths and signatures tell.</summary>
    public bool IsFraming { get; init; }

    /// <summary>Tries one framing on a datagram, or on a segment of a stream.</summary>
    public static FramingGuess Try<TProbe>(
        FramingKind kind, ReadOnlySpan<byte> bytes, bool isStream, TProbe probe)
        where TProbe : IMessageProbe
    {
        var (known, unknown, knownBytes) = (0, 0, 0);
        var cursor = new FrameCursor(kind, bytes);
        FrameStep step;
        while ((step = cursor.Next(out MessageFrame frame)) == FrameStep.Frame)
        {
            ReadOnlySpan<byte> rest = bytes.Slice(frame.Offset, frame.Length);
            do
            {
                int length = probe.Measure(rest);
                known += length > 0 ? 1 : 0;
                unknown += length > 0 ? 0 : 1;
                knownBytes += length;
                rest = length > 0 ? rest[length..] : default;
            }
            while (frame.IsRun && rest.Length > 0);
        }

        bool isWhole = step == FrameStep.End
            || (step == FrameStep.Incomplete && isStream && Framings.IsStream(kind) && known + unknown > 0);
        return new FramingGuess(kind, known, unknown, knownBytes)
        {
            IsFraming = isWhole && (known > 0 || kind != FramingKind.Bare),
        };
    }

    /// <summary>
    /// The framing that explains the bytes best: the one under which most bytes are known messages, else the first one
    /// that fits without any.
    /// </summary>
    /// <returns>False when none does.</returns>
    public static bool TryFind<TProbe>(ReadOnlySpan<byte> bytes, bool isStream, TProbe probe, out FramingGuess best)
        where TProbe : IMessageProbe
    {
        best = default;
        var isFound = false;
        foreach (FramingKind kind in Framings.All)
        {
            FramingGuess guess = Try(kind, bytes, isStream, probe);
            if (isFound ? guess.KnownBytes > best.KnownBytes : guess.IsFraming || guess.KnownBytes > 0)
            {
                best = guess;
                isFound = true;
            }
        }

        return isFound;
    }
}

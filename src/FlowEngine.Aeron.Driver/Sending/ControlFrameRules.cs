using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;

namespace FlowEngine.Aeron.Driver.Sending;

/// <summary>What a receiver's frames may say, before anything is done with them.</summary>
internal static class ControlFrameRules
{
    /// <summary>Whether the fields of a status message can be those of a stream with such terms.</summary>
    public static bool IsValid(in StatusFrame frame, int termLength) =>
        frame.TermOffset >= 0
        && frame.TermOffset < termLength
        && frame.TermOffset % DataFrame.Alignment == 0
        && frame.WindowLength >= 0
        && frame.WindowLength <= termLength / 2;

    /// <summary>Whether a NAK can be for a stream with such terms.</summary>
    public static bool IsValid(in NakFrame frame, int termLength) =>
        frame.TermOffset >= 0
        && frame.TermOffset < termLength
        && frame.TermOffset % DataFrame.Alignment == 0
        && frame.GapLength >= 0
        && (long)frame.TermOffset + frame.GapLength <= termLength;
}

using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Sending;

/// <summary>Chooses the flow control of a publication. Conductor's thread.</summary>
internal static class FlowControl
{
    /// <summary>The fastest receiver sets the pace.</summary>
    public const string Max = "max";

    /// <summary>The slowest receiver sets the pace.</summary>
    public const string Min = "min";

    /// <summary>The slowest receiver with a tag sets the pace.</summary>
    public const string Tagged = "tagged";

    /// <summary>Receiver windows that may be sent again at once to a single receiver.</summary>
    private const int UnicastRetransmitWindows = 16;

    /// <summary>Makes what channel and driver ask for; <c>fc=</c> has a meaning for groups only.</summary>
    /// <param name="uri">The publication's channel.</param>
    /// <param name="channel">The same, resolved.</param>
    /// <param name="context">Defaults.</param>
    /// <param name="receivers">Allocates the counter <c>fc-receivers</c>; called for min and tagged only.</param>
    /// <exception cref="CommandException">The options are malformed.</exception>
    public static IFlowControl Create(
        ChannelUri uri, UdpChannel channel, MediaDriverContext context, Func<AtomicCounter> receivers)
    {
        var isGroup = channel.IsMulticast || channel.ControlMode is ControlMode.Manual or ControlMode.Dynamic;
        var options = FlowControlOptions.Parse(
            isGroup ? uri["fc"] ?? context.MulticastFlowControl : context.UnicastFlowControl, context);
        if (options.Name != Max)
        {
            return new GroupFlowControl(options, context.InitialWindowLength, receivers());
        }

        var windows = isGroup ? options.RetransmitWindows : UnicastRetransmitWindows;
        return new MaxFlowControl(context.InitialWindowLength, windows);
    }

    /// <summary>What to send again of a gap: not past the term, and not more than some receiver windows.</summary>
    public static int RetransmitLength(
        int termOffset, int length, int termLength, int receiverWindowLength, int retransmitWindows)
    {
        var window = (long)Math.Min(receiverWindowLength, termLength / 2) * retransmitWindows;
        return (int)Math.Min(length, Math.Min(termLength - termOffset, window));
    }
}

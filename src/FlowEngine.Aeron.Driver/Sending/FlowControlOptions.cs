using System.Globalization;

namespace FlowEngine.Aeron.Driver.Sending;

/// <summary>
/// What a channel says after <c>fc=</c>: <c>max[,rrwm:N]</c>, <c>min[,g:/min][,t:timeout]</c> or
/// <c>tagged,g:tag[/min][,t:timeout]</c>, completed by the driver's defaults.
/// </summary>
internal sealed record FlowControlOptions
{
    /// <summary>Receiver windows that may be sent again at once to a group.</summary>
    public const int GroupRetransmitWindows = 4;

    /// <summary><c>max</c>, <c>min</c> or <c>tagged</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whether only receivers with <see cref="GroupTag"/> count.</summary>
    public bool IsTagged => Name == FlowControl.Tagged;

    public required long GroupTag { get; init; }

    /// <summary>Receivers that must be there before the stream is connected.</summary>
    public required int GroupMinSize { get; init; }

    /// <summary>How long a silent receiver counts.</summary>
    public required long ReceiverTimeoutNs { get; init; }

    /// <summary>Receiver windows that may be sent again at once.</summary>
    public int RetransmitWindows { get; init; } = GroupRetransmitWindows;

    /// <summary>Reads the options.</summary>
    /// <exception cref="CommandException">They are malformed.</exception>
    public static FlowControlOptions Parse(string text, MediaDriverContext context)
    {
        var fields = text.Split(',');
        var options = new FlowControlOptions
        {
            Name = fields[0],
            GroupTag = context.FlowControlGroupTag,
            GroupMinSize = context.FlowControlGroupMinSize,
            ReceiverTimeoutNs = context.FlowControlReceiverTimeoutNs,
        };
        var isMax = options.Name == FlowControl.Max;
        if (!isMax && options.Name is not (FlowControl.Min or FlowControl.Tagged))
        {
            throw Malformed(text, "names none of max, min and tagged");
        }

        foreach (var field in fields.AsSpan(1))
        {
            var value = field[(field.IndexOf(':') + 1)..];
            options = field switch
            {
                _ when field.StartsWith("rrwm:", StringComparison.Ordinal) =>
                    options with { RetransmitWindows = Number(text, value, min: 1) },
                _ when !isMax && field.StartsWith("g:", StringComparison.Ordinal) => ParseGroup(options, text, value),
                _ when !isMax && field.StartsWith("t:", StringComparison.Ordinal) =>
                    options with { ReceiverTimeoutNs = Duration(text, value) },
                _ => throw Malformed(text, $"has an unknown option '{field}'"),
            };
        }

        return options;
    }

    private static FlowControlOptions ParseGroup(FlowControlOptions options, string text, string value)
    {
        var slash = value.IndexOf('/');
        var tag = slash < 0 ? value : value[..slash];
        if (tag.Length > 0)
        {
            options = long.TryParse(tag, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? options with { GroupTag = number }
                : throw Malformed(text, $"has a group tag '{tag}' that is no integer");
        }
        else if (slash < 0)
        {
            throw Malformed(text, "has an empty group tag");
        }

        return slash < 0 ? options : options with { GroupMinSize = Number(text, value[(slash + 1)..], min: 0) };
    }

    private static int Number(string text, string value, int min) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min
            ? number
            : throw Malformed(text, $"has '{value}' where a number from {min} is wanted");

    private static long Duration(string text, string value) =>
        ChannelUri.TryParse($"aeron:udp?t={value}", out var uri, out _) && TryDuration(uri, out var durationNs)
            ? durationNs
            : throw Malformed(text, $"has '{value}' where a duration is wanted");

    private static bool TryDuration(ChannelUri uri, out long durationNs)
    {
        try
        {
            durationNs = uri.DurationNs("t") ?? 0;
            return true;
        }
        catch (FormatException)
        {
            durationNs = 0;
            return false;
        }
    }

    private static CommandException Malformed(string text, string why) =>
        new(ErrorCode.InvalidChannel, $"flow control fc={text} {why}");
}

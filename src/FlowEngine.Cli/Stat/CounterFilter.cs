using System.Globalization;
using System.Text.RegularExpressions;
using FlowEngine.Cli.Frame;

namespace FlowEngine.Cli.Stat;

/// <summary>
/// Which counters to show: regular expressions that have to be found in the counter's type, identity, session, stream
/// and channel, each asked only of counters that have such a thing, as Aeron's own viewer asks them.
/// </summary>
/// <param name="Type">Of the type id.</param>
/// <param name="Identity">Of the system counter id, or the registration id of a stream's counter.</param>
/// <param name="Session">Of the session id of a stream's counter.</param>
/// <param name="Stream">Of the stream id of a stream's counter.</param>
/// <param name="Channel">Of the channel of a stream's or an endpoint's counter.</param>
internal sealed record CounterFilter(Regex? Type, Regex? Identity, Regex? Session, Regex? Stream, Regex? Channel)
{
    /// <summary>Shows all.</summary>
    public static CounterFilter All { get; } = new(null, null, null, null, null);

    /// <summary>Compiles one pattern of the command line.</summary>
    /// <exception cref="UserError">It is no regular expression.</exception>
    public static Regex? Pattern(string option, string? pattern)
    {
        try
        {
            return pattern is null
                ? null
                : new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw UserError.Usage($"{option} is '{pattern}': {exception.Message}");
        }
    }

    /// <summary>Whether to show a counter.</summary>
    public bool Shows(int typeId, in CounterKey key) => Found(Type, typeId) && key.Kind switch
    {
        CounterKeyKind.System => Found(Identity, key.Identity),
        CounterKeyKind.Stream => Found(Identity, key.Identity) && Found(Session, key.SessionId)
            && Found(Stream, key.StreamId) && Found(Channel, key.Channel),
        CounterKeyKind.Channel => Found(Channel, key.Channel),
        _ => true,
    };

    private static bool Found(Regex? pattern, long number) =>
        pattern is null || pattern.IsMatch(number.ToString(CultureInfo.InvariantCulture));

    private static bool Found(Regex? pattern, string text) => pattern is null || pattern.IsMatch(text);
}

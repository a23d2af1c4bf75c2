using System.Globalization;
using System.Text;
using FlowEngine.Cli.Stat;
using FlowEngine.Core.Counters;

namespace FlowEngine.Cli.Aeron;

/// <summary>The streams of a driver, put together from its counters.</summary>
/// <param name="Directory">Of which driver.</param>
/// <param name="Count">How many.</param>
/// <param name="Streams">By session, stream and channel.</param>
internal sealed record StreamReport(string Directory, int Count, IReadOnlyList<StreamState> Streams)
{
    private const string UriStart = "aeron";
    private const string JoinMark = " @";

    /// <summary>Reads the counters of a driver.</summary>
    public static StreamReport Read(string directory)
    {
        using var cnc = DriverFiles.OpenCnc(directory);
        var streams = Of(cnc.Counters);
        return new StreamReport(directory, streams.Count, streams);
    }

    /// <summary>Groups the counters of streams: all that have session, stream and channel in common.</summary>
    public static List<StreamState> Of(CountersReader counters) =>
    [
        .. counters.Scan()
            .Select(counter => (Counter: counter, Key: CounterKey.Read(counter.TypeId, counters.Key(counter.Id))))
            .Where(entry => IsPosition(entry.Counter.TypeId))
            .GroupBy(entry => (entry.Key.SessionId, entry.Key.StreamId, entry.Key.Channel))
            .OrderBy(group => group.Key.SessionId)
            .ThenBy(group => group.Key.StreamId)
            .ThenBy(group => group.Key.Channel, StringComparer.Ordinal)
            .Select(group => new StreamState(
                group.Key.SessionId,
                group.Key.StreamId,
                group.Select(entry => FullChannel(entry.Counter, group.Key.Channel)).MaxBy(text => text.Length)!,
                [.. group.Select(entry => Position(entry.Counter, entry.Key))])),
    ];

    /// <summary>For people: a line for each stream.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var stream in Streams)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"session {stream.SessionId} stream {stream.StreamId} {stream.Channel}");
            foreach (var position in stream.Positions)
            {
                text.Append(
                    CultureInfo.InvariantCulture, $" {position.Name}:{position.RegistrationId}:{position.Value}");
            }

            text.Append('\n');
        }

        return text.Append(CultureInfo.InvariantCulture, $"{Count} streams").ToString();
    }

    // Publisher limit, sender, receiver, subscriber, sender limit, publisher, back-pressure events, NAKs both ways.
    private static bool IsPosition(int typeId) => typeId is >= 1 and <= 5 or 9 or 12 or 13 or 19 or 20;

    private static StreamPosition Position(CounterEntry counter, in CounterKey key)
    {
        var end = counter.Label.IndexOf(':', StringComparison.Ordinal);
        var name = end < 0 ? counter.Label : counter.Label[..end];
        return new StreamPosition(name, counter.TypeId, key.Identity, counter.Value);
    }

    // A key has room for 92 characters of the channel, a label for nearly all; a subscriber's label goes on behind it.
    private static string FullChannel(CounterEntry counter, string keyChannel)
    {
        var start = counter.Label.IndexOf(UriStart, StringComparison.Ordinal);
        if (start < 0)
        {
            return keyChannel;
        }

        var channel = counter.Label[start..];
        var join = counter.TypeId == CounterKey.SubscriberPositionType
            ? channel.LastIndexOf(JoinMark, StringComparison.Ordinal)
            : -1;
        return join < 0 ? channel : channel[..join];
    }
}

/// <summary>One stream of one session, and how far each end of it is.</summary>
/// <param name="SessionId">Session of the publisher.</param>
/// <param name="StreamId">Stream.</param>
/// <param name="Channel">Channel, as long as the counters know it.</param>
/// <param name="Positions">In order of counter id.</param>
internal sealed record StreamState(
    int SessionId, int StreamId, string Channel, IReadOnlyList<StreamPosition> Positions);

/// <summary>One counter of a stream.</summary>
/// <param name="Name">Such as <c>pub-lmt</c> or <c>sub-pos</c>.</param>
/// <param name="TypeId">Type of the counter.</param>
/// <param name="RegistrationId">Of the publication, image or subscription.</param>
/// <param name="Value">Bytes, or events.</param>
internal sealed record StreamPosition(string Name, int TypeId, long RegistrationId, long Value);

using System.Globalization;
using FlowEngine.Cli.Frame;
using FlowEngine.Market;

namespace FlowEngine.Cli.Book;

/// <summary>When to look at a book: after the last event up to a time or a venue sequence, or at the end.</summary>
/// <param name="TimeNs">Venue time, nanoseconds since epoch; null where none was given.</param>
/// <param name="Sequence">Venue sequence; null where none was given.</param>
internal readonly record struct BookMoment(long? TimeNs, ulong? Sequence)
{
    private const long TickNs = 100;

    /// <summary>Whether this event lies behind the moment.</summary>
    public bool IsBefore(in MarketEvent e) =>
        (TimeNs is { } time && e.VenueTime > time)
        || (Sequence is { } sequence && e.VenueSequence > sequence && e.Kind != EventKind.BestLevel);

    /// <summary>Reads what the user gave.</summary>
    /// <exception cref="UserError">Not a time.</exception>
    public static BookMoment Of(string? at, long? sequence)
    {
        if (at is null)
        {
            return new BookMoment(null, (ulong?)sequence);
        }

        if (sequence is not null)
        {
            throw UserError.Usage("--at and --seq exclude each other: give one of them");
        }

        if (long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var nanos))
        {
            return new BookMoment(nanos, null);
        }

        return DateTimeOffset.TryParse(
            at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? new BookMoment((time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * TickNs, null)
            : throw UserError.Usage(
                $"--at is '{at}': use a time such as 2012-06-21T13:45:00Z, or nanoseconds since epoch");
    }
}

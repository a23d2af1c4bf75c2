using FlowEngine.Feeds.Readers.Text;
using FlowEngine.Market;

namespace FlowEngine.Feeds.Readers.Lobster;

/// <summary>One row of a LOBSTER message file.</summary>
internal readonly record struct LobsterMessage(
    long TimeOfDayNs, LobsterMessageType Type, ulong OrderId, long Lots, long Price, Side Side)
{
    private const int NanosecondDigits = 9;

    /// <summary>Reads a row: seconds, type, order id, size, price, direction of the resting order.</summary>
    public static bool TryParse(ReadOnlySpan<byte> row, out LobsterMessage message)
    {
        message = default;
        var fields = new CsvFields(row);
        if (!DecimalText.TryParse(Nanoseconds(fields.Next()), NanosecondDigits, out long time)
            || !fields.TryWhole(out long type)
            || !fields.TryWhole(out long id) || !fields.TryWhole(out long lots) || !fields.TryWhole(out long price)
            || !fields.TryWhole(out long direction))
        {
            return false;
        }

        message = new LobsterMessage(
            time, (LobsterMessageType)type, (ulong)id, lots, price, direction == 1 ? Side.Bid : Side.Ask);
        return type is >= 1 and <= 7 && time is >= 0 and < 86_400_000_000_000
            && (message.Type == LobsterMessageType.Halt
                || (lots is > 0 and <= FeedLimits.MaxLots && price > 0 && direction is 1 or -1));
    }

    // The samples went through doubles: some times have twelve digits behind the point.
    private static ReadOnlySpan<byte> Nanoseconds(ReadOnlySpan<byte> seconds)
    {
        int end = seconds.IndexOf((byte)'.') + 1 + NanosecondDigits;
        return end > NanosecondDigits && end < seconds.Length ? seconds[..end] : seconds;
    }
}

/// <summary>What a LOBSTER message tells.</summary>
internal enum LobsterMessageType : byte
{
    /// <summary>A limit order was placed.</summary>
    Add = 1,

    /// <summary>Part of an order was cancelled.</summary>
    PartialCancel = 2,

    /// <summary>An order was deleted.</summary>
    Delete = 3,

    /// <summary>A visible order was executed.</summary>
    Execution = 4,

    /// <summary>A hidden order was executed: no book changes.</summary>
    HiddenExecution = 5,

    /// <summary>Cross trade of an auction.</summary>
    Cross = 6,

    /// <summary>Trading halted (price -1), may be quoted again (0) or goes on (1).</summary>
    Halt = 7,
}

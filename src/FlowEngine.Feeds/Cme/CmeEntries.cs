using Wire = FlowEngine.Messages.Cme;

namespace FlowEngine.Feeds.Cme;

/// <summary>One entry of a book by price, whatever form its message has.</summary>
/// <param name="SecurityId">The venue's instrument id.</param>
/// <param name="Report">Count of the instrument's updates.</param>
/// <param name="Entry">Book and side.</param>
/// <param name="Action">What happened.</param>
/// <param name="Position">From 1.</param>
/// <param name="Price">Mantissa; <see cref="long.MaxValue"/>: none.</param>
/// <param name="ToE9">What makes it a count of 1e-9.</param>
/// <param name="Lots">Contracts in all; 0: none.</param>
internal readonly record struct CmeLevel(
    int SecurityId,
    uint Report,
    Wire.BookEntry Entry,
    Wire.UpdateAction Action,
    int Position,
    long Price,
    int ToE9,
    ulong Lots)
{
    /// <summary>Type of the entry that tells open interest.</summary>
    public const byte OpenInterestEntry = (byte)'C';

    /// <summary>Contracts that are told as a signed number; nonsense is none.</summary>
    public static ulong ToLots(int size) => size is > 0 and < int.MaxValue ? (ulong)size : 0;
}

/// <summary>One change of an order, whatever form its message has.</summary>
/// <param name="SecurityId">The venue's instrument id.</param>
/// <param name="OrderId">The venue's order id.</param>
/// <param name="Entry">Book and side.</param>
/// <param name="Action">What happened.</param>
/// <param name="Price">Mantissa; <see cref="long.MaxValue"/>: none.</param>
/// <param name="ToE9">What makes it a count of 1e-9.</param>
/// <param name="Lots">Contracts that show.</param>
internal readonly record struct CmeOrder(
    int SecurityId, ulong OrderId, Wire.BookEntry Entry, Wire.OrderAction Action, long Price, int ToE9, int Lots);

/// <summary>One print, whatever form its message has.</summary>
/// <param name="SecurityId">The venue's instrument id.</param>
/// <param name="Report">Count of the instrument's updates.</param>
/// <param name="Action">New, or a correction.</param>
/// <param name="Aggressor">1 bought, 2 sold.</param>
/// <param name="Price">Mantissa.</param>
/// <param name="ToE9">What makes it a count of 1e-9.</param>
/// <param name="Lots">Contracts; 0: nonsense.</param>
/// <param name="EntryId">The venue's number; 0: none.</param>
internal readonly record struct CmeTrade(
    int SecurityId,
    uint Report,
    Wire.UpdateAction Action,
    byte Aggressor,
    long Price,
    int ToE9,
    ulong Lots,
    ulong EntryId);

using FlowEngine.Feeds.Readers;
using FlowEngine.Market;

namespace FlowEngine.Cli.Verify;

/// <summary>
/// Holds what a feed of orders says of an order against the rebuilt book: what changes, trades or goes must rest there,
/// and no more can trade than rests.
/// </summary>
internal sealed class OrderCheck
{
    private readonly InstrumentTable _instruments;

    /// <summary>A check that has seen nothing.</summary>
    public OrderCheck(InstrumentTable instruments) => _instruments = instruments;

    /// <summary>How it came out.</summary>
    public VerifyTally Tally { get; } = new();

    /// <summary>Takes an event in that the book is about to take.</summary>
    public void See(in MarketEvent e, InstrumentBook book, FileReader reader)
    {
        if (e.Kind is not (EventKind.OrderModify or EventKind.OrderDelete or EventKind.OrderExecute)
            || book.Orders is not { } orders)
        {
            return;
        }

        if (book.State != BookState.Live || orders.IsPartial)
        {
            Tally.CountNotComparable();
        }
        else if (!orders.TryGet(e.Id, out var order))
        {
            Differ(in e, "does not rest", reader);
        }
        else if (e.Kind == EventKind.OrderExecute && e.Quantity > order.Lots)
        {
            Differ(in e, $"has {order.Lots} lots of the {e.Quantity} executed", reader);
        }
        else
        {
            Tally.CountEqual();
        }
    }

    private void Differ(in MarketEvent e, string what, FileReader reader) =>
        Tally.CountDifferent(reader.Place, $"{_instruments[e.InstrumentId].Symbol} {e.Kind}: order {e.Id} {what}");
}

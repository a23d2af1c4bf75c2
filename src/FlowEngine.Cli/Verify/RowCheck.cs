using FlowEngine.Feeds.Readers;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Cli.Verify;

/// <summary>Holds the rebuilt book against rows of a book file.</summary>
internal sealed class RowCheck
{
    private readonly VerifyBooks _books;

    /// <summary>A check over these books.</summary>
    public RowCheck(VerifyBooks books) => _books = books;

    /// <summary>How it came out.</summary>
    public VerifyTally Tally { get; } = new();

    /// <summary>Compares; the book has taken everything before the row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="hasEntered">Whether a level came from beyond the view in this event.</param>
    /// <param name="reader">Where the row is.</param>
    public void See(in Wire.BookRowReader row, bool hasEntered, FileReader reader)
    {
        if (!_books.TryFind(row.InstrumentId, out var id) || row.IsFirst == 1 || _books[id].State != BookState.Live)
        {
            Tally.CountNotComparable();
            return;
        }

        var book = _books[id];
        (int bids, int asks) = (0, 0);
        foreach (var level in row.Levels)
        {
            var rank = level.Side == Wire.Side.Bid ? bids++ : asks++;
            var side = level.Side == Wire.Side.Bid ? book.Bids : book.Asks;
            if (rank >= side.Count || side[rank].Price != level.Price || side[rank].Lots != level.Lots)
            {
                Differ(in row, id, $"{Name(level.Side)} {rank + 1}: row {level.Lots} @ {level.Price}, book "
                    + (rank < side.Count ? $"{side[rank].Lots} @ {side[rank].Price}" : "has none"), reader);
                return;
            }
        }

        if (Math.Min(book.Bids.Count, row.Depth) > bids || Math.Min(book.Asks.Count, row.Depth) > asks)
        {
            Differ(in row, id, $"row has {bids} bids and {asks} asks, book {book.Bids.Count} and {book.Asks.Count}",
                reader);
            return;
        }

        Tally.CountEqual();
        Tally.Entered += hasEntered ? 1 : 0;
    }

    private void Differ(in Wire.BookRowReader row, int id, string what, FileReader reader) =>
        Tally.CountDifferent(reader.Place, $"{_books.Instruments[id].Symbol} {what} (depth {row.Depth})");

    private static string Name(Wire.Side side) => side == Wire.Side.Bid ? "bid" : "ask";
}

using FlowEngine.Feeds.Readers;
using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Feeds.Readers;

public sealed class TardisReaderTests
{
    [Fact]
    public void Trades_add_up_to_what_independent_readers_found()
    {
        (decimal bought, decimal sold, var count) = (0m, 0m, 0);
        string path = FeedRoom.Data("tardis", "trades.csv.gz");
        ReadStatistics statistics = ReaderRoom.ReadAll(path, (instruments, events) =>
        {
            foreach (ref readonly MarketEvent e in events)
            {
                if (e.Kind == EventKind.Trade)
                {
                    count++;
                    decimal size = e.Quantity * instruments[0].Lot.ToDecimal();
                    bought += e.Side == Side.Buy ? size : 0;
                    sold += e.Side == Side.Sell ? size : 0;
                }
            }
        });

        Assert.Equal((9999L, 0L, 9999), (statistics.Records, statistics.Refused, count));
        Assert.Equal((2059.5m, 1964.8m), (decimal.Round(bought, 1), decimal.Round(sold, 1)));
    }

    [Fact]
    public void Quotes_make_a_book_of_one_level()
    {
        using var books = new BookStore(instrumentCapacity: 1, new BookOptions());
        string path = FeedRoom.Data("tardis", "quotes.csv.gz");
        ReadStatistics statistics = ReaderRoom.ReadAll(path, (instruments, events) =>
        {
            foreach (ref readonly MarketEvent e in events)
            {
                if (e.Kind == EventKind.InstrumentDefined)
                {
                    books.Define(instruments[0]);
                }

                books[0].Apply(in e);
            }

            Assert.Equal((1, 1), (books[0].Bids.Count, books[0].Asks.Count));
            Assert.True(books[0].Bids[0].Price < books[0].Asks[0].Price);
        });

        Assert.Equal((9999L, 0L), (statistics.Records, statistics.Refused));
        Assert.Equal((BookState.Live, 0L), (books[0].State, books[0].Gaps));
    }
}

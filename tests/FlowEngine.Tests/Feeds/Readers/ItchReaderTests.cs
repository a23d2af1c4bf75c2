using FlowEngine.Cli.Input;
using FlowEngine.Feeds.Readers;
using FlowEngine.Feeds.Readers.Itch;
using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Feeds.Readers;

public sealed class ItchReaderTests
{
    /// <summary>Lengths by the venue's specification, each a type of its own.</summary>
    [Theory]
    [InlineData("SW", 12)]
    [InlineData("DB", 19)]
    [InlineData("YN", 20)]
    [InlineData("h", 21)]
    [InlineData("X", 23)]
    [InlineData("H", 25)]
    [InlineData("L", 26)]
    [InlineData("K", 28)]
    [InlineData("E", 31)]
    [InlineData("VJU", 35)]
    [InlineData("AC", 36)]
    [InlineData("R", 39)]
    [InlineData("FQ", 40)]
    [InlineData("P", 44)]
    [InlineData("O", 48)]
    [InlineData("I", 50)]
    [InlineData("GTZ", 0)]
    public void Messages_have_the_lengths_of_itch_5_0(string types, int length) =>
        Assert.All(types, type => Assert.Equal(length, ItchMessage.LengthOf((byte)type)));

    [Fact]
    public void A_day_of_orders_is_a_book_with_its_trades()
    {
        byte[] file = new ItchBytes().System('O').Directory(7, "ABC").Action(7, "ABC", 'T')
            .Add(7, 1, 'B', 300, "ABC", 100_000).Add(7, 2, 'S', 200, "ABC", 100_200, isNamed: true)
            .Add(7, 3, 'B', 100, "ABC", 100_000).Executed(7, 1, 50, 900).ExecutedAt(7, 1, 50, 901, true, 100_100)
            .ExecutedAt(7, 1, 20, 902, false, 100_100).Cancel(7, 1, 80).Delete(7, 3).Replace(7, 2, 4, 150, 100_300)
            .Trade(7, 40, "ABC", 100_150, 903).Cross(7, 5000, "ABC", 100_150, 904).Cross(7, 0, "ABC", 0, 905)
            .Action(7, "ABC", 'H').Delete(7, 77).File;
        using ReaderBooks books = ReaderBooks.Of(new ItchReader("01302019.NASDAQ_ITCH50", new MemoryStream(file)));

        Assert.Equal((17L, 0L, 1L),
            (books.Statistics.Records, books.Statistics.Refused, books.Statistics.UnknownOrders));
        Assert.Equal((BookState.Live, TradingStatus.Halted), (books[0].State, books[0].Status));
        Assert.Equal(
            [new PriceLevel(100_000, 100)],
            [.. Enumerable.Range(0, books[0].Bids.Count).Select(i => books[0].Bids[i])]);
        Assert.Equal(
            [new PriceLevel(100_300, 150)],
            [.. Enumerable.Range(0, books[0].Asks.Count).Select(i => books[0].Asks[i])]);
        Assert.Equal(
            [
                (900UL, Side.Sell, 100_000L, 50L, false), (901, Side.Sell, 100_100, 50, false),
                (903, Side.Unknown, 100_150, 40, false), (904, Side.Unknown, 100_150, 5000, true),
            ],
            books.Prints.Select(e => (e.Id, e.Side, e.Price, e.Quantity, (e.Flags & EventFlags.OffBook) != 0)));
        // 2019-01-30T09:30:00 in New York, and six messages later.
        Assert.Equal(1_548_858_600_000_000_006, books.Prints[0].VenueTime);
        Assert.Equal(("ABC", BookKind.Orders, 100),
            (books.Instruments[0].Symbol, books.Instruments[0].Book, books.Instruments[0].TickQuanta));
    }

    [Fact]
    public void What_is_wrong_with_one_order_is_told_and_spares_the_book()
    {
        byte[] file = new ItchBytes().System('O').Add(7, 1, 'B', 300, "ABC", 100_000).Add(7, 2, '?', 1, "ABC", 100_000)
            .Add(7, 3, 'S', 1, "ABC", 100_050).Executed(7, 1, 301, 9).Replace(7, 1, 5, 0, 100_000).File;
        using ReaderBooks books = ReaderBooks.Of(new ItchReader("x", new MemoryStream([.. file, 0, 12, (byte)'S'])));

        Assert.Equal((6L, 5L), (books.Statistics.Records, books.Statistics.Refused));
        Assert.StartsWith("message 3 (byte ", books.Statistics.FirstRefusal, StringComparison.Ordinal);
        Assert.True(books.Statistics.IsCutOff);
        Assert.Equal((BookState.Live, 0), (books[0].State, books[0].Bids.Count));
    }

    [Fact]
    public void Packets_that_come_twice_count_once_and_packets_that_do_not_come_lose_the_books()
    {
        byte[] first = new ItchBytes().System('O').Add(7, 1, 'B', 300, "ABC", 100_000).Mold("S1", 1);
        byte[] second = new ItchBytes().Add(7, 2, 'B', 100, "ABC", 100_000).Mold("S1", 3);
        byte[] later = new ItchBytes().Delete(7, 1).Mold("S1", 9);
        using (ReaderBooks books = ReaderBooks.Of(Mold(first, first, second, second)))
        {
            Assert.Equal((3L, 3L, 0L),
                (books.Statistics.Records, books.Statistics.Duplicates, books.Statistics.Refused));
            Assert.Equal((BookState.Live, 400), (books[0].State, books[0].Bids[0].Lots));
        }

        using (ReaderBooks books = ReaderBooks.Of(Mold(first, second, later)))
        {
            Assert.Equal(BookState.Gap, books[0].State);
            Assert.Contains("5 messages before 9 are missing", books.Statistics.FirstRefusal, StringComparison.Ordinal);
            Assert.Equal(1, books.Statistics.UnknownOrders);
        }
    }

    [Fact]
    public void The_real_beginning_of_a_day_has_a_thousand_messages_and_no_orders()
    {
        using ReaderBooks books = ReaderBooks.Of("itch", "bekele_sample.itch");
        // 993 directory entries, three trading actions, three of the short sale rule, the start of messages.
        Assert.Equal((1000L, 0L), (books.Statistics.Records, books.Statistics.Refused));
        Assert.DoesNotContain(EventKind.OrderAdd, books.Kinds.Keys);
    }

    [Fact]
    public void Every_real_sample_packet_decodes_to_its_last_byte()
    {
        string folder = Path.GetDirectoryName(FeedRoom.Data("omi_packets", "README.md"))!;
        string[] files =
        [
            .. Directory.EnumerateFiles(folder, "*.pcap", SearchOption.AllDirectories)
                .Where(file => file.Contains("TotalView.Itch.v5.0", StringComparison.Ordinal)),
        ];
        Assert.Equal(49, files.Length);
        foreach (string file in files)
        {
            using FileReader reader = InputFile.Open(file, InputFormat.Unknown, Unpackers.Open);
            Assert.Equal(InputFormat.Itch, reader.Format);
            ReadStatistics statistics = ReaderRoom.ReadAll(reader, (_, _) => { });
            // One is of packets that did not follow each other: its gap is told.
            long gaps = file.EndsWith("Multiple.Packets.pcap", StringComparison.Ordinal) ? 1 : 0;
            Assert.True(statistics.Records > 0 && statistics.Refused == gaps, $"{file}: {statistics.FirstRefusal}");
        }
    }

    private static MoldReader Mold(params byte[][] packets)
    {
        var capture = new CaptureBytes(isLittleEndian: true).PcapHeader(isNano: false, link: 1);
        foreach (byte[] packet in packets)
        {
            capture.PcapRecord(1_548_858_600, 0, CaptureBytes.Ethernet(CaptureBytes.Ipv4(packet)));
        }

        return new MoldReader("test", new MemoryStream(capture.Done()));
    }
}

using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Market;

public class ConsolidatedBookTests
{
    private static readonly BookOptions s_live = new() { LevelsPerSide = 32, BufferedEvents = 4, StartLive = true };

    [Fact]
    public void Worked_example_of_two_venues()
    {
        // signals.md B13: REF + venue B bids 1000x5 998x60 -> 35 lots at 1000, 365 lots in the top 10 ticks.
        using var first = Book([(1000, 30), (999, 50), (997, 40), (996, 80), (993, 100)], [(1001, 10)]);
        using var second = Book([(1000, 5), (998, 60)], []);
        var both = new ConsolidatedBook(Member(first), Member(second));

        Assert.True(both.TryBest(Side.Bid, out var best));
        Assert.Equal(new ConsolidatedLevel(1000, 35, 0b11), best);
        Assert.Equal(365, both.LotsWithin(Side.Bid, 9));
        var levels = new ConsolidatedLevel[8];
        Assert.Equal(6, both.Read(Side.Bid, levels));
        Assert.Equal([1000, 999, 998, 997, 996, 993], levels[..6].Select(level => level.Price));
        Assert.Equal(0b10u, levels[2].Members);
        Assert.Equal((ValidityFlags.None, 0b11u), (both.Validity, both.CleanMembers));
    }

    [Fact]
    public void Different_quanta_and_lots_meet_in_common_units()
    {
        // Quantum 0.5 and 0.2 meet at 0.1, lots of 10 and of 0.25 × 3 at 0.25.
        using var first = Book([(200, 3)], []);
        using var second = Book([(500, 4), (499, 8)], []);
        var both = new ConsolidatedBook(
            Member(first, new(5, -1), new(1, 1)),
            Member(second, new(2, -1), new(25, -2), contract: new(3, 0)));

        Assert.Equal((new DecimalScale(1, -1), new DecimalScale(25, -2)), (both.PriceUnit, both.LotUnit));
        var levels = new ConsolidatedLevel[3];
        Assert.Equal(2, both.Read(Side.Bid, levels));
        Assert.Equal(new(1000, (3 * 40) + (4 * 3), 0b11), levels[0]);
        Assert.Equal(new(998, 8 * 3, 0b10), levels[1]);
    }

    [Fact]
    public void Fee_lowers_bids_and_lifts_asks_against_the_taker()
    {
        using var first = Book([(10_000, 1), (9_999, 2)], [(10_001, 3)]);
        using var second = Book([(9_998, 4)], [(10_003, 5)]);
        var both = new ConsolidatedBook(Member(first, feePpb: 250_000), Member(second));

        // 2.5 bps of 10000 is 2.5: 9997 net; of 9999 too: 9996; the ask of 10001 costs 10004.
        var levels = new ConsolidatedLevel[4];
        Assert.Equal(3, both.Read(Side.Bid, levels));
        Assert.Equal([new(9998, 4, 0b10), new(9997, 1, 0b01), new(9996, 2, 0b01)], levels[..3]);
        Assert.Equal(2, both.Read(Side.Ask, levels));
        Assert.Equal([new(10_003, 5, 0b10), new(10_004, 3, 0b01)], levels[..2]);
    }

    [Fact]
    public void Member_counts_only_while_its_own_flags_are_clean()
    {
        using var first = Book([(10, 1)], [(11, 1)]);
        using var second = Book([(9, 1)], [(12, 1)]);
        var both = new ConsolidatedBook(Member(first), Member(second));
        first.Apply(Make.Other(EventKind.Gap, 1));

        Assert.Equal((0b10u, ValidityFlags.Gap), (both.CleanMembers, both.Validity));
        Assert.True(both.TryBest(Side.Ask, out var best));
        Assert.Equal(12, best.Price);
        second.Apply(Make.Other(EventKind.Status, 0, (long)TradingStatus.Halted));
        Assert.False(both.TryBest(Side.Ask, out _));
        Assert.Equal(ValidityFlags.Gap | ValidityFlags.Empty, both.Validity);
    }

    [Fact]
    public void Contracts_that_pay_differently_do_not_add_up()
    {
        using var book = Book([], []);
        var plain = Member(book);
        var inverse = plain with { Instrument = plain.Instrument with { Contract = ContractKind.Inverse } };
        Assert.Throws<ArgumentException>(() => new ConsolidatedBook(Member(book), inverse));
        Assert.Throws<ArgumentException>(() => new ConsolidatedBook());
        Assert.Throws<ArgumentException>(() => new ConsolidatedBook(Member(book, feePpb: 1_000_000_000)));
        Assert.Throws<ArgumentException>(
            () => new ConsolidatedBook(Member(book, new(1, 18)), Member(book, new(1, -9))));
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        using var first = Book([(10, 1), (9, 5), (8, 5)], [(11, 1)]);
        using var second = Book([(9, 1), (7, 2)], [(12, 1)]);
        var both = new ConsolidatedBook(Member(first), Member(second, feePpb: 100_000));
        var levels = new ConsolidatedLevel[8];
        long sum = Read(50);
        long before = GC.GetAllocatedBytesForCurrentThread();
        sum += Read(2000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(sum > 0);

        long Read(int rounds)
        {
            long lots = 0;
            for (var i = 0; i < rounds; i++)
            {
                lots += both.Read(Side.Bid, levels) + both.LotsWithin(Side.Ask, 5) + (long)both.Validity;
            }

            return lots;
        }
    }

    internal static ConsolidatedMember Member(
        InstrumentBook book,
        DecimalScale? quantum = null,
        DecimalScale? lot = null,
        DecimalScale? contract = null,
        int feePpb = 0) => new(
            InstrumentTableTests.Named("A") with
            {
                PriceQuantum = quantum ?? DecimalScale.One,
                Lot = lot ?? DecimalScale.One,
                ContractMultiplier = contract ?? DecimalScale.One,
            },
            book,
            feePpb);

    private static InstrumentBook Book((long Price, long Lots)[] bids, (long Price, long Lots)[] asks)
    {
        var book = new InstrumentBook(0, s_live);
        foreach (var (price, lots) in bids)
        {
            book.Apply(Make.Bid(price, lots, 0, 0));
        }

        foreach (var (price, lots) in asks)
        {
            book.Apply(Make.Ask(price, lots, 0, 0));
        }

        return book;
    }
}

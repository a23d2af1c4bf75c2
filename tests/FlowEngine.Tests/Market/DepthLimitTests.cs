using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Market;

/// <summary>
/// A venue with a whole book whose feed shows the best few levels, and never says that a level was pushed out of them:
/// the book must hold just the venue's best levels after each venue event.
/// </summary>
public class DepthLimitTests
{
    private const int Depth = 5;

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    public void Each_change_pushes_its_own_level_out(int window) => Run(window, DepthRule.AtOnce, mostChanges: 1);

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    public void Whole_venue_event_decides_which_levels_are_out(int window) =>
        Run(window, DepthRule.AtEventEnd, mostChanges: 6);

    private static void Run(int window, DepthRule rule, int mostChanges)
    {
        long left = 0;
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var instrument = InstrumentTableTests.Named("A") with { Id = 0, FeedDepthLevels = Depth, DepthRule = rule };
            using var book = new InstrumentBook(
                instrument,
                new BookOptions { LevelsPerSide = 32, WindowTicks = window, BufferedEvents = 4, StartLive = true });
            var venue = new ModelSide(Side.Ask, int.MaxValue);
            for (ulong sequence = 1; sequence <= 500; sequence++)
            {
                var before = Best(venue);
                for (int change = random.Next(mostChanges); change >= 0; change--)
                {
                    long price = random.Next(1, 20);
                    long lots = random.Next(-2, 6);
                    if (lots > 0)
                    {
                        venue.Set(price, lots);
                    }
                    else
                    {
                        venue.Delete(price);
                    }
                }

                foreach (var e in Told(before, venue, sequence, random, rule))
                {
                    book.Apply(in e);
                }

                Assert.Null(BookCheck.Find(book));
                Assert.True(Best(venue).SequenceEqual(PriceLevelBookTests.Held(book.Levels, Side.Ask)), $"seed {seed}");
            }

            var counters = book.ReadCounters();
            Assert.Equal((0, 0, 0), (counters.Gaps, counters.Levels.UnknownDeletes, counters.Levels.BeyondDepth));
            left += counters.Levels.LeftDepth;
        }

        Assert.True(left > 500);
    }

    private static PriceLevel[] Best(ModelSide venue) => [.. venue.Held.Take(Depth)];

    private static MarketEvent[] Told(
        PriceLevel[] before, ModelSide venue, ulong sequence, Random random, DepthRule rule)
    {
        var after = Best(venue);
        var gone = before.Where(level => venue.Held.All(other => other.Price != level.Price)).Select(
            level => Make.Level(EventKind.LevelDelete, Side.Ask, level.Price, 0, sequence, 0, ends: false));
        var set = after.Except(before).Select(
            level => Make.Level(EventKind.LevelSet, Side.Ask, level.Price, level.Lots, sequence, 0, false));
        MarketEvent[] events =
        [
            .. gone, .. set,
            Make.Other(EventKind.Trade, sequence),
        ];
        if (rule == DepthRule.AtEventEnd)
        {
            random.Shuffle(events.AsSpan(0, events.Length - 1));
        }

        return events;
    }
}

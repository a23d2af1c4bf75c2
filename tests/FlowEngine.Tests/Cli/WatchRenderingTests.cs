using FlowEngine.Cli.Watch;
using FlowEngine.Messages.Signals;
using Spectre.Console;
using Xunit;

namespace FlowEngine.Tests.Cli;

public sealed class WatchRenderingTests
{
    private static readonly WatchHeader s_header = new()
    {
        Time = new DateTimeOffset(2026, 11, 22, 21, 0, 5, TimeSpan.Zero),
        Source = "aeron:ipc stream 2001",
        Epoch = new DateTimeOffset(2026, 11, 22, 20, 59, 0, TimeSpan.Zero),
        IsConnected = true,
        MessagesPerSecond = 12_345.4,
        Instruments = 3,
        Received = 1_000_000,
        Conflated = 7,
        Lost = 0,
        Repeats = 42,
        Engine = new EngineHealth(2_000_000, 3, 1, 1, 0, 4, 2),
    };

    private static readonly WatchRow s_perpetual = new()
    {
        Symbol = "BTC-PERPETUAL",
        PriceDecimals = 1,
        Bid = 60_000,
        Ask = 60_000.5,
        Imbalance = 0.616,
        OrderFlow = -1.25,
        TradeImbalance = 0,
        Sweep = new SweepCost(100_000, 1.26, 12.34, SellFills: true, BuyFills: false),
        Flags = Validity.None,
        AgeSeconds = 0.04,
    };

    private static readonly WatchRow s_broken = new()
    {
        Symbol = "ETH-28JUN24",
        PriceDecimals = 2,
        Bid = 3000.25,
        Ask = null,
        Imbalance = -1,
        Flags = Validity.Gap | Validity.OneSided | Validity.Warmup,
        AgeSeconds = 75,
        IsAgeLowerBound = true,
    };

    [Fact]
    public void The_wide_table_shows_every_column_in_one_line_per_instrument()
    {
        var lines = Draw(new WatchView(s_header, [s_perpetual, s_broken], Hidden: 0), 150);

        Assert.Equal(
            "FlowEngine since 2026-11-22 20:59:00Z   12,345 msg/s   received 1,000,000   conflated 7   lost 0"
                + "   repeats 42",
            lines[0]);
        Assert.Equal(
            "instruments 3   live books 3   events 2,000,000   gaps 1   recovered 1   crossed 0   damaged 4"
                + "   ring full 2",
            lines[1]);
        Assert.Equal(
            ["Instrument", "Bid", "Ask", "Spread", "bps", "Imbal.", "ask│bid", "OFI", "Trades", "Sweep", "bps", "of",
                "Flags", "Age"],
            Words(lines.Single(line => line.Contains("Instrument", StringComparison.Ordinal))));
        Assert.Equal(
            ["BTC-PERPETUAL", "60000.0", "60000.5", "0.5", "0.1", "+0.62", "│███", "-1.25", "0.00", "1.3/>12.3", "100k",
                "-", "0.0s"],
            Words(lines.Single(line => line.Contains("BTC", StringComparison.Ordinal))));
        Assert.Equal(
            ["ETH-28JUN24", "3000.25", "-", "-", "-", "-1.00", "█████│", "-", "-", "-", "-", "GAP", "1-sided",
                "warm-up", ">75s"],
            Words(lines.Single(line => line.Contains("ETH", StringComparison.Ordinal))));
    }

    [Fact]
    public void No_line_of_the_table_is_wider_than_the_terminal_or_broken_in_two()
    {
        var costly = new SweepCost(12.5, 2_596_904, 12_345, SellFills: false, BuyFills: false);
        WatchRow[] rows =
        [
            s_perpetual with { Symbol = "BTC-PERP0" },
            s_perpetual with { Symbol = "BTC_USDC-16JUN23-25000-C", PriceDecimals = 4, Sweep = costly },
            s_perpetual with { Symbol = "BTC-PERP1", Flags = Validity.OneSided | Validity.LowSamples | Validity.Stale },
        ];
        for (var width = 60; width < 180; width++)
        {
            var lines = Draw(new WatchView(s_header, rows, Hidden: 0), width);

            Assert.All(lines, line => Assert.True(line.Length <= width, line));
            Assert.All(rows, row =>
            {
                var line = lines.Single(text => text.Contains(row.Symbol, StringComparison.Ordinal));
                Assert.Contains("60000.5", line, StringComparison.Ordinal);
            });

            // Two lines of header; blank, titles, rule, instruments, blank; what is behind the last line's end.
            Assert.Equal(rows.Length + 7, lines.Count);
        }
    }

    [Fact]
    public void A_narrow_terminal_drops_the_columns_that_matter_least()
    {
        string Titles(int width) => string.Join(
            ' ',
            Words(Draw(new WatchView(s_header, [s_perpetual], 0), width)
                .Single(line => line.Contains("Instrument", StringComparison.Ordinal))));

        Assert.Equal("Instrument Bid Ask Imbal. OFI Flags Age", Titles(69));
        Assert.Equal("Instrument Bid Ask Spread Imbal. OFI Trades Flags Age", Titles(80));
        Assert.Equal("Instrument Bid Ask Spread bps Imbal. OFI Trades Sweep bps Flags Age", Titles(100));
        Assert.Equal("Instrument Bid Ask Spread bps Imbal. ask│bid OFI Trades Sweep bps of Flags Age", Titles(120));
    }

    [Fact]
    public void Instruments_that_did_not_fit_are_counted()
    {
        var lines = Draw(new WatchView(s_header, [s_perpetual], Hidden: 83), 150);

        Assert.Contains(lines, line => line.StartsWith("and 83 more", StringComparison.Ordinal));
    }

    [Fact]
    public void Before_the_first_message_the_header_says_what_is_waited_for()
    {
        var waiting = new WatchHeader { Time = s_header.Time, Source = s_header.Source };

        Assert.Equal(
            "FlowEngine: waiting for an engine on aeron:ipc stream 2001",
            Draw(new WatchView(waiting, [], 0), 100)[0].TrimEnd());
        Assert.Contains(
            "an engine publishes", Draw(new WatchView(waiting with { IsConnected = true }, [], 0), 100)[0],
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_engine_that_went_away_is_told() => Assert.Contains(
        "(gone)", Draw(new WatchView(s_header with { IsConnected = false }, [], 0), 150)[0], StringComparison.Ordinal);

    [Fact]
    public void Colours_are_the_terminals_own_and_only_where_something_is_pushed()
    {
        var row = s_perpetual with { Imbalance = 0.1, OrderFlow = -0.5, TradeImbalance = 0.9 };
        var text = DrawWithColours(new WatchView(s_header, [row], 0));

        Assert.Contains("\u001b[91m-0.50", text, StringComparison.Ordinal);
        Assert.Contains("\u001b[32m+0.90", text, StringComparison.Ordinal);
        Assert.DoesNotContain("m+0.10", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[38;", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_lines_name_every_value()
    {
        var lines = PlainLines.Of(new WatchView(s_header, [s_perpetual, s_broken], 0)).ToList();

        Assert.Equal(
            [
                "2026-11-22T21:00:05Z BTC-PERPETUAL bid=60000.0 ask=60000.5 spread=0.5 spread_bps=0.1 imbalance=+0.616"
                    + " ofi=-1.250 trades=0.000 sell_bps=1.3 buy_bps=>12.3 size=100k flags=- age=0.0s",
                "2026-11-22T21:00:05Z ETH-28JUN24 bid=3000.25 ask=- spread=- spread_bps=- imbalance=-1.000"
                    + " ofi=- trades=- sell_bps=- buy_bps=- size=- flags=GAP,1-sided,warm-up age=>75s",
            ],
            lines);
    }

    [Theory]
    [InlineData(0, "     ", "     ")]
    [InlineData(1, "     ", "█████")]
    [InlineData(-1, "█████", "     ")]
    [InlineData(-0.4, "   ██", "     ")]
    [InlineData(0.2, "     ", "█    ")]
    [InlineData(-7, "█████", "     ")]
    public void The_bar_fills_towards_the_heavier_side(double value, string left, string right) =>
        Assert.Equal((left, right), WatchFormat.Bar(value, 5));

    [Theory]
    [InlineData(0.004, "0.00")]
    [InlineData(-0.004, "0.00")]
    [InlineData(0.005001, "+0.01")]
    [InlineData(-12.346, "-12.35")]
    public void Signs_are_shown_unless_nothing_is_left_to_show(double value, string expected) =>
        Assert.Equal(expected, WatchFormat.Signed(value, 2));

    [Theory]
    [InlineData(0.04, "0.0")]
    [InlineData(99.94, "99.9")]
    [InlineData(99.96, "100")]
    [InlineData(-1234.4, "-1234")]
    [InlineData(9999.4, "9999")]
    [InlineData(2_596_904, "9999+")]
    public void Basis_points_keep_short(double value, string expected) =>
        Assert.Equal(expected, WatchFormat.Bps(value));

    [Theory]
    [InlineData(9.94, "9.9s")]
    [InlineData(119, "119s")]
    [InlineData(121, "2m")]
    [InlineData(7300, "2h")]
    public void Ages_keep_short(double seconds, string expected) =>
        Assert.Equal(expected, WatchFormat.Age(seconds, false));

    [Theory]
    [InlineData(null, "BTC-PERPETUAL", true)]
    [InlineData("btc", "BTC-PERPETUAL", true)]
    [InlineData("PERP", "BTC-PERPETUAL", true)]
    [InlineData("BTC*", "BTC-PERPETUAL", true)]
    [InlineData("*BTC", "BTC-PERPETUAL", false)]
    [InlineData("ETH*, *UAL", "BTC-PERPETUAL", true)]
    [InlineData("ETH", "BTC-PERPETUAL", false)]
    [InlineData("BTC-??????24-*-C", "BTC-28JUN24-65000-C", false)]
    [InlineData("BTC-?????24-*-C", "BTC-28JUN24-65000-C", true)]
    public void Patterns_choose_instruments(string? patterns, string symbol, bool expected) =>
        Assert.Equal(expected, new InstrumentFilter(patterns).Matches(symbol));

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static List<string> Draw(WatchView view, int width)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = width;
        console.Write(WatchTable.Render(view, width));
        return [.. writer.ToString().Split('\n').Select(line => line.TrimEnd())];
    }

    private static string DrawWithColours(WatchView view)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.Standard,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 150;
        console.Write(WatchTable.Render(view, 150));
        return writer.ToString();
    }
}

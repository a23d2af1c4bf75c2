using FlowEngine.Cli.Watch;
using FlowEngine.Client;
using FlowEngine.Messages.Signals;
using Xunit;

namespace FlowEngine.Tests.Cli;

public sealed class SignalBoardTests
{
    private const long SecondNs = 1_000_000_000;

    private readonly SignalBoard _board = new();

    [Fact]
    public void A_row_shows_the_newest_values_in_quote_currency_and_amounts()
    {
        _board.NowNs = 10 * SecondNs;
        Know(0, "BTC-PERPETUAL", quantum: 0.5, lot: 10);
        TopOfBook(0, 120_000, 120_001, Validity.Stale);
        Pressure(0, imbalance5: 0.25, ofi: -0.5, trades: 0.75);
        Impact(0, Validity.PartialDepth);

        var row = Assert.Single(_board.Lines).ToRow(12 * SecondNs);

        Assert.Equal("BTC-PERPETUAL", row.Symbol);
        Assert.Equal(1, row.PriceDecimals);
        Assert.Equal(60_000, row.Bid);
        Assert.Equal(60_000.5, row.Ask);
        Assert.Equal(0.5, row.Spread);
        Assert.Equal(0.25, row.Imbalance);
        Assert.Equal(-0.5, row.OrderFlow);
        Assert.Equal(0.75, row.TradeImbalance);
        Assert.Equal(new SweepCost(30_000, 3, 30, SellFills: true, BuyFills: false), row.Sweep);
        Assert.Equal(Validity.Stale | Validity.PartialDepth, row.Flags);
        Assert.Equal(2, row.AgeSeconds);
        Assert.False(row.IsAgeLowerBound);
    }

    [Fact]
    public void An_empty_side_has_no_price_and_no_spread()
    {
        Know(3, "ETH", 0.05, 1);
        TopOfBook(3, bid: null, ask: 60_000, Validity.OneSided);

        var row = Assert.Single(_board.Lines).ToRow(0);

        Assert.Null(row.Bid);
        Assert.Equal(3000, row.Ask!.Value, 9);
        Assert.Null(row.Spread);
        Assert.Null(row.SpreadBps);
        Assert.Null(row.Sweep);
    }

    [Fact]
    public void Repeats_give_values_but_only_a_lower_bound_of_the_age()
    {
        _board.NowNs = SecondNs;
        Know(0, "X", 1, 1);
        TopOfBook(0, 9, 11, Validity.None, Delivery.Repeat);
        _board.NowNs = 4 * SecondNs;
        TopOfBook(0, 9, 11, Validity.None, Delivery.Repeat);

        var line = Assert.Single(_board.Lines);

        Assert.Equal(0, line.Count);
        Assert.Equal(10_000 * 2 / 10.0, line.ToRow(5 * SecondNs).SpreadBps!.Value, 9);
        Assert.True(line.ToRow(5 * SecondNs).IsAgeLowerBound);
        Assert.Equal(4, line.ToRow(5 * SecondNs).AgeSeconds);

        TopOfBook(0, 9, 12, Validity.None);
        Assert.False(line.ToRow(5 * SecondNs).IsAgeLowerBound);
        Assert.Equal(1, line.ToRow(5 * SecondNs).AgeSeconds);
    }

    [Fact]
    public void Values_wait_for_the_name_of_their_instrument()
    {
        TopOfBook(7, 1, 2, Validity.None);
        Assert.Empty(_board.Lines);

        Know(7, "LATE", 1, 1);
        Assert.Equal(1, Assert.Single(_board.Lines).ToRow(0).Bid);
    }

    [Fact]
    public void Another_epoch_forgets_everything()
    {
        Know(0, "OLD", 1, 1);
        _board.OnEpoch(2);

        Assert.Empty(_board.Lines);
        Assert.Null(_board.Engine);
    }

    [Fact]
    public void Activity_ranks_in_steps_and_fades_when_nothing_comes()
    {
        Know(0, "BUSY", 1, 1);
        Know(1, "CALM", 1, 1);
        for (var i = 0; i < 1000; i++)
        {
            TopOfBook(0, 1, 2, Validity.None);
        }

        TopOfBook(1, 1, 2, Validity.None);
        var busy = _board.Lines.Single(line => line.Instrument!.Symbol == "BUSY");
        var calm = _board.Lines.Single(line => line.Instrument!.Symbol == "CALM");

        Assert.Equal(10, busy.ActivityRank(SecondNs));
        Assert.Equal(1, calm.ActivityRank(SecondNs));
        Assert.Equal(9, busy.ActivityRank(11 * SecondNs));
        Assert.Equal(0, busy.ActivityRank(200 * SecondNs));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0.5, 1)]
    [InlineData(2.5, 1)]
    [InlineData(0.0001, 4)]
    [InlineData(0.000025, 6)]
    [InlineData(1e-9, 9)]
    [InlineData(100, 0)]
    public void Prices_get_the_decimals_that_show_their_quantum(double quantum, int decimals) =>
        Assert.Equal(decimals, InstrumentLine.DecimalsOf(quantum));

    private void Know(int id, string symbol, double quantum, double lot) =>
        _board.OnInstrument(new SignalInstrument(id, symbol, 1, quantum, 1, lot));

    private void TopOfBook(uint id, long? bid, long? ask, Validity validity, Delivery delivery = Delivery.None)
    {
        var buffer = new byte[TopOfBookReader.EncodedFixedLength];
        var writer = new TopOfBookWriter(buffer)
        {
            BidPrice = bid ?? TopOfBookReader.BidPriceNull,
            AskPrice = ask ?? TopOfBookReader.AskPriceNull,
        };
        Fill(writer.Provenance, id, validity, delivery);
        Assert.True(TopOfBookReader.TryWrap(buffer, out var reader));
        _board.OnTopOfBook(in reader);
    }

    private void Pressure(uint id, double imbalance5, double ofi, double trades)
    {
        var buffer = new byte[PressureReader.EncodedFixedLength];
        var writer = new PressureWriter(buffer)
        {
            Imbalance5 = imbalance5,
            OfiNormalised = ofi,
            TradeImbalance = trades,
        };
        Fill(writer.Provenance, id, Validity.None, Delivery.None);
        Assert.True(PressureReader.TryWrap(buffer, out var reader));
        _board.OnPressure(in reader);
    }

    // The middle one of the five sizes is 3,000 lots; the asks give 2,999 of it.
    private void Impact(uint id, Validity validity)
    {
        var buffer = new byte[ImpactReader.EncodedFixedLength];
        var writer = new ImpactWriter(buffer);
        for (var i = 0; i < ImpactReader.SizesLength; i++)
        {
            var size = (i + 1) * 1000;
            writer.SetSizes(i, size);
            writer.SetSellFilled(i, size);
            writer.SetBuyFilled(i, size - 1);
            writer.SetSellSlippageBps(i, i + 1);
            writer.SetBuySlippageBps(i, (i + 1) * 10);
        }

        Fill(writer.Provenance, id, validity, Delivery.None);
        Assert.True(ImpactReader.TryWrap(buffer, out var reader));
        _board.OnImpact(in reader);
    }

    private static void Fill(ProvenanceWriter provenance, uint id, Validity validity, Delivery delivery)
    {
        provenance.InstrumentId = id;
        provenance.Validity = validity;
        provenance.Delivery = delivery;
    }
}
